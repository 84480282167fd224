// Pages of reports as a real browser lays them out: nothing hangs over the edge of a phone.

import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER_FLAGS } from '../../players/browser.ts';
import { findChrome } from '../../players/chrome.ts';
import { renderComparisonHtml } from '../../reports/compare/html.ts';
import { renderHtml } from '../../reports/html.ts';
import { NO_ASSETS } from '../../reports/renderer.ts';
import { sampleComparison } from '../support/sampleComparison.ts';
import { sampleReport } from '../support/sampleReport.ts';

let browser: Browser;

beforeAll(async () => {
  const executablePath = await findChrome();
  browser = await puppeteer.launch({ executablePath, args: [...BROWSER_FLAGS, '--no-sandbox'] });
});

afterAll(() => browser?.close());

const TAIL = {
  p999Ms: 1_000,
  over: [],
  lost: 0,
  back: [],
  curveMs: [0, 1_000],
  dark: Array.from({ length: 80 }, () => 6),
};
const LONG_EXPECTATION = {
  text: 'max(blackScreen) of the-living-rooms-of-the-whole-north-west-region <= 10s',
  verdict: 'fail',
  observed: '14m 3.010s',
} as const;

const PAGES = {
  'of a run': renderHtml(sampleReport(), NO_ASSETS),
  'of an audience': renderHtml(sampleReport({ tail: TAIL }), NO_ASSETS),
  'of designs side by side': renderComparisonHtml(sampleComparison()),
};

async function show(content: string, width: number) {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 844 });
  await page.setContent(content);
  return page;
}

describe.each(Object.entries(PAGES))('the page %s', (_, content) => {
  test.each([390, 768, 1280])('is no wider than a screen of %i pixels', async (width) => {
    const page = await show(content, width);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).toBeLessThanOrEqual(width);
    const captions = await page.evaluate(
      '[...document.querySelectorAll("caption")].map((each) => each.getBoundingClientRect().right)',
    );
    expect(Math.max(...(captions as number[]))).toBeLessThanOrEqual(width);
    await page.close();
  });
});

test.each([390, 1280])(
  'at %i pixels the verdict stands beside a long expectation',
  async (width) => {
    const content = renderHtml(sampleReport({ expectations: [LONG_EXPECTATION] }), NO_ASSETS);
    const page = await show(content, width);
    const hidden = await page.evaluate(
      '(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector("[aria-label^=Expectations]"))',
    );
    expect(hidden).toBeLessThanOrEqual(0);
    await page.close();
  },
);
