// A new metric is one file and one line of the catalogue: a made-up one is held against everything
// that knows metrics, and a real one is counted.

import { describe, expect, it } from 'vitest';
import { watchGuardrails } from '../../../harness/measure/guardrail.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { METRICS } from '../../../harness/measure/metrics/catalogue.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { renderConsole } from '../../../reports/console.ts';
import { renderHtml } from '../../../reports/html.ts';
import { renderMarkdown } from '../../../reports/markdown.ts';
import { renderOpenMetrics } from '../../../reports/openmetrics.ts';
import { historyOf, stripRecords, viewerOf } from '../../support/strip.ts';
import { longestFreeze } from './metric.ts';
import { filesWith } from './product.ts';

const metrics = [...METRICS, longestFreeze];
const { expectation } = parseExpectation('max(longestFreeze) <= 2s', metrics);
const history = historyOf({
  viewers: [viewerOf()],
  records: stripRecords('pppppfffppffffffffffppppp', { stepMs: 200 }),
  expectations: [expectation!],
});

describe('a metric that nobody knew before', () => {
  it('is understood in an expectation, with its unit', () => {
    expect(expectation).toMatchObject({ metric: 'longestFreeze', value: { value: 2000 } });
    expect(parseExpectation('max(longestFreeze) <= 3', metrics).mistake?.message).toContain('time');
    expect(parseExpectation('max(longestFreeze) <= 2s').mistake).toBeDefined();
  });

  it('is judged, and has a row in every report', () => {
    const report = judge(history, metrics);
    expect(report.expectations).toMatchObject([{ observed: '2s' }]);
    expect(report.figures).toMatchObject([{ metric: 'longestFreeze', low: { max: 2000 } }]);
    const terminal = { columns: 100, colours: false };
    expect(renderConsole(report, terminal)).toMatch(/longest freeze +2.00s/);
    expect(renderHtml(report)).toContain('longest freeze, median');
    expect(renderMarkdown(report)).toMatch(/\| longest freeze \| 2.00s/);
    const measured = { ...report, verdict: 'pass' as const };
    expect(renderOpenMetrics(measured)).toContain('ecran_noir_longest_freeze_seconds{');
  });

  it('ends a run as a guardrail', () => {
    const watch = watchGuardrails({
      guardrails: [parseExpectation('max(longestFreeze) > 1s', metrics).expectation!],
      viewers: history.run.viewers,
      fps: 25,
      cutMs: 0,
      metrics,
    });
    for (const record of history.records) watch.record(record);
    expect(watch.breach(5000)?.text).toMatch(/^max\(longestFreeze\) > 1s: /);
  });
});

it('is named in two files of the product: its own and the catalogue', () => {
  const room = 'harness/measure/metrics';
  expect(filesWith('channelsRestored')).toEqual([`${room}/catalogue.ts`, `${room}/run.ts`]);
});
