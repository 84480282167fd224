// Series, what is flaky or noisy, and when a figure changed.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../harness/model/report.ts';
import { findChange, findSeries } from '../../../harness/store/trend.ts';
import {
  renderHistory,
  renderHistoryOpenMetrics,
  seriesNotes,
  sparkline,
} from '../../../reports/history.ts';
import { blackOf, indexedRun } from '../../support/indexedRun.ts';

const verdicts = (...list: Verdict[]) =>
  findSeries(list.map((verdict, n) => indexedRun(n, { verdict })))[0]!;

describe('series', () => {
  it('hold only runs that were called alike', () => {
    const runs = [
      indexedRun(1),
      indexedRun(2, { variant: 'late' }),
      indexedRun(3, { design: 'dual' }),
      indexedRun(4, { compress: 1 }),
      indexedRun(5, { viewers: 12 }),
      indexedRun(6, { engine: 'virtual-player' }),
      indexedRun(7, { seed: 9, harness: '2.0.0' }),
    ];
    expect(
      findSeries(runs)
        .map(({ runs: own }) => own.length)
        .toSorted(),
    ).toEqual([1, 1, 1, 1, 1, 2]);
  });

  it('are flaky when they turn over twice; one turn is a change, and inconclusive is no turn', () => {
    expect(verdicts('pass', 'fail', 'pass').flaky).toBe(true);
    expect(verdicts('pass', 'pass', 'fail', 'fail').flaky).toBe(false);
    expect(verdicts('pass', 'inconclusive', 'pass', 'inconclusive', 'pass').flaky).toBe(false);
  });

  it('name figures that are noisy, and not those that wobble by frames', () => {
    const noisy = (values: readonly number[]) =>
      findSeries(values.map((ms, n) => blackOf(ms, n)))[0]!.figures[0]!.noisy;
    expect(noisy([1_000, 3_000, 500, 2_500, 1_500, 4_000])).toBe(true);
    expect(noisy([40, 80, 0, 40, 120, 40])).toBe(false);
    expect(noisy([40_000, 41_000, 39_500, 40_200])).toBe(false);
  });
});

describe('a change of level', () => {
  const noise = fc.integer({ min: -50, max: 50 });

  it('is found where it is, whatever the noise beside it', () => {
    const level = fc.array(noise, { minLength: 8, maxLength: 20 });
    fc.assert(
      fc.property(level, level, (before, after) => {
        const values = [...before.map((n) => 1_000 + n), ...after.map((n) => 2_000 + n)];
        expect(findChange(values)).toBe(before.length);
      }),
      { numRuns: 20 },
    );
  });

  it('is not found in values that are all alike, nor in one that stands out', () => {
    expect(findChange(Array.from({ length: 20 }, () => 1_000))).toBeUndefined();
    expect(findChange([1, 2, 1, 2, 900, 2, 1, 2, 1, 2, 1, 2])).toBeUndefined();
    expect(findChange([1, 1, 1, 9, 9, 9])).toBeUndefined();
  });

  it('names the run and its commit', () => {
    const runs = Array.from({ length: 20 }, (_, n) =>
      blackOf(n < 12 ? 1_000 : 3_000, n, { commit: `${n}`.repeat(20) }),
    );
    expect(seriesNotes(findSeries(runs)[0]!)).toEqual([
      expect.stringMatching(
        /^changed: black p50 of night .* from 1\.00s to 3\.00s at 2025-01-13.*night-12, commit 1212/,
      ),
    ]);
  });
});

describe('the outputs of history', () => {
  it('show a row a series, and every figure of one', () => {
    const terminal = { columns: 120, colours: false };
    const two = findSeries([
      blackOf(1_000, 1),
      blackOf(2_000, 2),
      indexedRun(3, { design: 'dual', verdict: 'inconclusive', figures: {} }),
    ]);
    const text = renderHistory(two, terminal);
    expect(text).toMatch(/night on dual, run x60, 6 viewers +1 +\? +– /);
    expect(text).toMatch(
      /night on single, run x60, 6 viewers +2 +✔✔ +black p50 +2\.00s +1\.50s +▅█/,
    );
    const figures = { blackScreenP50: { low: 1, high: 2 }, notRecovered: { low: 0, high: 0.5 } };
    const one = renderHistory(findSeries([indexedRun(1, { figures })]), terminal);
    expect(one).toMatch(/black p50 +1ms to 2ms[^]*never back +0% to 50%/);
  });

  it('draw lines from zero', () => {
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(sparkline([990, 1_000])).toBe('██');
  });

  it('are gauges without figures where the newest run proves nothing', () => {
    const runs = [blackOf(1_000, 1), indexedRun(2, { verdict: 'inconclusive', figures: {} })];
    const text = renderHistoryOpenMetrics(findSeries(runs));
    expect(text).toContain('ecran_noir_series_runs{scenario="night"');
    expect(text).not.toContain('figure_seconds');
    expect(renderHistoryOpenMetrics(findSeries(runs.slice(0, 1)))).toContain(
      'figure="blackScreenP50",end="low"} 1\n',
    );
  });

  it('are what the dashboard for Grafana asks for, label by label', () => {
    const { panels } = JSON.parse(readFileSync('docs/grafana.json', 'utf8')) as Dashboard;
    const figures = { blackScreenP50: { low: 1, high: 2 }, notRecovered: { low: 0, high: 0.5 } };
    const lines = renderHistoryOpenMetrics(findSeries([indexedRun(1, { figures })])).split('\n');
    const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(5);
    for (const query of queries) {
      const [, name = '', selected = ''] = /(ecran_noir_\w+)\{(.*)\}/.exec(query) ?? [];
      // A variable of the dashboard takes every value, any other word must be one that is exported.
      const wanted = selected.split(',').map((one) => one.replace(/=~"\$\w+"/, '="'));
      const found = lines.filter((line) => line.startsWith(`${name}{`));
      expect(found.filter((line) => wanted.every((one) => line.includes(one)))).not.toEqual([]);
    }
  });
});

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}
