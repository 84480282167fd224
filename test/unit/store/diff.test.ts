// Two runs held against each other, and a run against its baseline.

import { describe, expect, it } from 'vitest';
import { indexRun } from '../../../harness/measure/indexedRun.ts';
import type { Report, ViewerResult } from '../../../harness/model/report.ts';
import { findBaseline, holdAgainst } from '../../../harness/store/baseline.ts';
import { bootstrapMean } from '../../../harness/store/bootstrap.ts';
import { diffRuns } from '../../../harness/store/diffRuns.ts';
import { renderDiff } from '../../../reports/diff.ts';
import type { blackOf } from '../../support/indexedRun.ts';
import { sampleReport } from '../../support/sampleReport.ts';

/** The sample with other black screens, of which it is known that they are nothing else. */
const withBlack = (
  change: (viewer: ViewerResult, n: number) => number,
  more: Partial<Report> = {},
) => {
  const sample = sampleReport({ verdict: 'pass', expectations: [], ...more });
  const viewers = sample.viewers.map((viewer, n) => {
    const blackScreenMs = viewer.control ? 0 : change(viewer, n);
    return { ...viewer, blackScreenMs, atMost: { ...viewer.atMost, blackScreenMs } };
  });
  return { ...sample, viewers };
};
const black = (report: Report, other: Report) =>
  diffRuns(report, other).figures.find(({ figure }) => figure === 'blackScreen')!;

describe('two runs', () => {
  it('that are the same differ in nothing', () => {
    const { doubts, expectations, viewers, figures } = diffRuns(sampleReport(), sampleReport());
    expect({ expectations, viewers }).toEqual({ expectations: [], viewers: [] });
    expect(figures.map(({ difference }) => difference)).toEqual(figures.map(() => 0));
    expect(doubts.filter((text) => !/inconclusive/.test(text))).toEqual([]);
  });

  it('of cohorts say that no viewer was compared', () => {
    const cohorts = sampleReport({ viewers: [] });
    const diff = diffRuns(cohorts, cohorts);
    expect(diff.doubts).toContain(
      `${cohorts.run.id} knows no viewers one by one: only its expectations are compared`,
    );
    const text = renderDiff(diff, { columns: 100, colours: false });
    expect(text).not.toMatch(/no viewer changed|mean per viewer/);
  });

  it('are held viewer by viewer where both have the same', () => {
    // Viewers differ by a minute among themselves, and every one lost half a second more.
    const [a, b] = [0, 500].map((more) => withBlack((_, n) => n * 10_000 + more));
    expect(black(a!, b!)).toMatchObject({ paired: true, difference: 500, change: 'worse' });
    expect(black(b!, a!)).toMatchObject({ change: 'better' });
    expect(diffRuns(a!, b!).viewers.length).toBe(
      a!.viewers.filter(({ control }) => !control).length,
    );
    const strangers = {
      ...b!,
      viewers: b!.viewers.map((one) => ({ ...one, id: `other-${one.id}` })),
    };
    expect(black(a!, strangers)).toMatchObject({ paired: false, change: 'same' });
  });

  it('are no better or worse by less than the error of both', () => {
    const errorMs = 2 * sampleReport().margin.ms;
    const [a, b] = [1_000, 1_000 + errorMs].map((ms) => withBlack(() => ms));
    expect(black(a!, b!)).toMatchObject({ difference: errorMs, change: 'same' });
    expect(diffRuns(a!, b!).viewers).toEqual([]);
  });

  it('differ by no more than unmeasured time leaves possible', () => {
    const [a, b] = [1_000, 3_000].map((ms) => withBlack(() => ms));
    const viewers = a!.viewers.map((one) => ({
      ...one,
      atMost: { ...one.atMost, blackScreenMs: 4_000 },
    }));
    expect(black(a!, b!).change).toBe('worse');
    expect(black({ ...a!, viewers }, b!)).toMatchObject({
      change: 'same',
      interval: { low: -1_000 },
    });
  });

  it('tell nothing where one proves nothing or too few were watched', () => {
    const [a, b] = [1_000, 9_000].map((ms) => withBlack(() => ms));
    expect(black(a!, { ...b!, verdict: 'inconclusive' }).change).toBe('unknown');
    const few = { ...b!, viewers: b!.viewers.slice(0, 2) };
    expect(black(a!, few)).toMatchObject({ change: 'unknown' });
    expect(black(a!, few)).not.toHaveProperty('interval');
  });

  it('say that they were called differently', () => {
    const other = sampleReport();
    const { doubts } = diffRuns(other, { ...other, run: { ...other.run, compress: 1, seed: 3 } });
    expect(doubts.join()).toMatch(/called differently: .*x60.*other seeds/);
    expect(renderDiff(diffRuns(other, other), { columns: 100, colours: false })).toContain(
      'black screen',
    );
  });
});

describe('the interval of a mean', () => {
  it('covers the mean that values were drawn from about as often as it says', () => {
    const misses = Array.from({ length: 100 }, (_, round) => {
      const values = Array.from(
        { length: 30 },
        (_, n) => ((n * 7919 + round * 104_729) % 1_000) - 500,
      );
      const { low, high } = bootstrapMean(values);
      return low > 0 || high < 0;
    }).filter(Boolean).length;
    expect(misses).toBeLessThan(15);
  });
});

describe('a run against its baseline', () => {
  const now = withBlack(() => 1_000);
  const asRun = (report: Report, dir: string) => indexRun(report, { dir, writtenEpochMs: 0 });
  const run = asRun(now, 'now');

  it('is held against the newest of its series that passed before it, or of a commit', () => {
    const like = (night: number, more = {}) => ({
      ...run,
      dir: `n${night}`,
      startedAt: `2025-01-0${night}T00:00:00.000Z`,
      ...more,
    });
    const runs = [
      like(1),
      like(2, { commit: 'abc' }),
      like(3, { verdict: 'fail' }),
      like(4, { viewers: 999 }),
      { ...like(5), startedAt: '2999-01-01T00:00:00.000Z' },
    ];
    expect(findBaseline(runs, run, undefined)?.dir).toBe('n2');
    expect(findBaseline(runs, run, 'abc')?.dir).toBe('n2');
    expect(findBaseline(runs, run, 'other')).toBeUndefined();
  });

  const hold = (before: Report, after: Report, runs: readonly ReturnType<typeof blackOf>[] = []) =>
    holdAgainst({
      run: asRun(after, 'now'),
      report: after,
      baseline: { run: asRun(before, 'then'), report: before },
      runs,
    });

  it('is unknown without one, and beside one that proves nothing', () => {
    expect(holdAgainst({ run, report: now, baseline: undefined, runs: [] }).change).toBe('unknown');
    expect(hold(now, { ...now, verdict: 'inconclusive' })).toMatchObject({
      change: 'unknown',
      text: expect.stringContaining('inconclusive'),
    });
  });

  it('is worse when an expectation no longer holds, and says which', () => {
    const asked = (verdict: 'pass' | 'fail') => ({
      ...now,
      verdict,
      expectations: [{ text: 'recovered == 100%', verdict, observed: '' }],
    });
    expect(hold(asked('pass'), asked('fail'))).toMatchObject({
      change: 'worse',
      text: expect.stringContaining('recovered == 100%'),
    });
    expect(hold(asked('fail'), asked('pass')).change).not.toBe('worse');
  });

  it('is held viewer by viewer while few nights are known', () => {
    expect(
      hold(
        now,
        withBlack(() => 3_000),
      ),
    ).toMatchObject({
      change: 'worse',
      text: expect.stringContaining('blackScreen per viewer 1000 ms, now 3000 ms'),
    });
    expect(
      hold(
        now,
        withBlack(() => 1_050),
      ).change,
    ).toBe('same');
  });

  it('is held against what nights differ by where enough are known', () => {
    const nights = (...list: number[]) =>
      list.map((ms, n) => ({
        ...run,
        dir: `n${n}`,
        startedAt: `2025-01-0${n + 1}T00:00:00.000Z`,
        figures: { blackScreenP50: { low: ms, high: ms } },
      }));
    const with3s = withBlack(() => 3_000);
    const audience = {
      ...with3s.audience,
      blackScreenMs: { ...with3s.audience.blackScreenMs, p50: 3_000 },
      atMost: {
        ...with3s.audience.atMost,
        blackScreenMs: { ...with3s.audience.blackScreenMs, p50: 3_000 },
      },
    };
    const after = { ...with3s, audience };
    expect(hold(now, after, nights(1_000, 1_010, 990, 1_000, 1_005))).toMatchObject({
      change: 'worse',
      text: expect.stringContaining('blackScreenP50 3000'),
    });
    expect(hold(now, after, nights(1_000, 3_500, 2_000, 500, 2_800)).change).toBe('same');
  });
});
