import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../reports/html.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** WCAG 2.1, success criterion 1.4.3: text of ordinary size. */
const CONTRAST_MIN = 4.5;

const css = load(renderHtml(sampleReport()))('style').text();
const variables = (text: string): Record<string, string> =>
  Object.fromEntries<string>(
    [...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
const [, lightText = '', darkText = ''] = css.split(':root {');
const light = variables(lightText);
const dark = { ...light, ...variables(darkText) };

/** Relative luminance, WCAG 2.1. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ['page', 'card', 'wash'];
const FILLS = Object.keys(light).filter((name) => `${name}-ink` in light);

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s page', (_, colours) => {
  const between = (a: string, b: string) => contrast(colours[a] ?? '', colours[b] ?? '');

  it.each(SURFACES)('has readable text on its %s', (surface) => {
    for (const ink of ['ink', 'soft']) expect(between(ink, surface)).toBeGreaterThan(CONTRAST_MIN);
  });

  it('has a readable label on every class', () => {
    expect(FILLS.length).toBeGreaterThanOrEqual(10);
    for (const fill of FILLS) expect(between(fill, `${fill}-ink`)).toBeGreaterThan(CONTRAST_MIN);
  });

  it.each(['pass', 'fail', 'inconclusive'])('has a readable %s', (verdict) => {
    expect(between(verdict, `${verdict}-wash`)).toBeGreaterThan(CONTRAST_MIN);
  });
});
