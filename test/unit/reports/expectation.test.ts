// The limit stands beside what was observed in every output for people.

import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import type { ExpectationResult } from '../../../harness/model/report.ts';
import { renderConsole } from '../../../reports/console.ts';
import { observedText } from '../../../reports/expectation.ts';
import { renderHtml } from '../../../reports/html.ts';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { NO_ASSETS } from '../../../reports/renderer.ts';
import { sampleReport } from '../../support/sampleReport.ts';

const met: ExpectationResult = {
  text: 'p95(blackScreen) <= 2s',
  verdict: 'pass',
  observed: '1.200s',
  limit: { ms: 2000, distanceMs: 800, side: 'within', marginMs: 17 },
};
const broken: ExpectationResult = {
  text: 'max(blackScreen) <= 2s',
  verdict: 'fail',
  observed: '2.310s',
  limit: { ms: 2000, distanceMs: 310, side: 'over', marginMs: 0 },
};

describe('what was observed of an expectation', () => {
  it('has its distance from the limit and the margin', () => {
    expect(observedText(met)).toBe('1.200s, 800ms within the limit, margin 17ms');
    expect(observedText(broken)).toBe('2.310s, 310ms over the limit');
    expect(observedText({ text: '', verdict: 'pass', observed: '100%' })).toBe('100%');
  });

  it('says so on a terminal, on the page and in Markdown', () => {
    const report = sampleReport({ expectations: [met, broken] });
    const shown = renderConsole(report, { columns: 120, colours: false });
    expect(shown).toContain(`${met.text}: observed 1.200s, 800ms within the limit, margin 17ms`);
    expect(shown).toContain(`${broken.text}: observed 2.310s, 310ms over the limit`);
    expect(load(renderHtml(report, NO_ASSETS)).text()).toContain(observedText(met));
    expect(renderMarkdown(report)).toContain(observedText(broken));
  });
});
