import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, MEASURES, type DesignRuns } from '../../../harness/measure/compare.ts';
import { judge } from '../../../harness/measure/judge.ts';
import type { Report } from '../../../harness/model/report.ts';
import { historyOf, stripRecords, strip, viewerOf } from '../../support/strip.ts';

/** One viewer who is black for so many tenths of a second. */
const black = (tenths: number): Report => judge(strip(`pppppp${'b'.repeat(tenths)}pppppp`, 100));

/** The same with so much unmeasured time, as far as black screen goes. */
function doubtful(report: Report, extraMs: number): Report {
  const { audience } = report;
  const { blackScreenMs: seen } = audience;
  const blackScreenMs = { ...seen, p50: seen.p50 + extraMs };
  return { ...report, audience: { ...audience, atMost: { ...audience.atMost, blackScreenMs } } };
}

const runs = (name: string, reports: readonly Report[]): DesignRuns => ({
  design: { name, title: `Design ${name}`, costClass: 'low' },
  reports,
});

const differenceOf = (a: readonly Report[], b: readonly Report[]) =>
  compare('s', [runs('a', a), runs('b', b)]).differences.find(
    ({ metric }) => metric === 'blackScreenP50',
  );

describe('designs side by side', () => {
  it('gives each number with its interval over the repeats', () => {
    const [design] = compare('s', [runs('a', [black(10), black(12), black(14)])]).designs;
    expect(design).toMatchObject({ counted: 3, verdicts: ['pass', 'pass', 'pass'] });
    const estimate = design!.estimates.blackScreenP50!;
    expect(estimate.values).toEqual(
      [1000, 1200, 1400].map((ms) => expect.closeTo(ms, -2) as number),
    );
    expect(estimate.low!).toBeLessThan(1000);
    expect(estimate.high!).toBeGreaterThan(1400);
  });

  it("has Student's interval of each, and Welch's of their difference", () => {
    const [left, right] = [
      [black(10), black(12), black(14)],
      [black(20), black(24), black(28)],
    ];
    // Variances of 200 and 400 ms over three repeats, and t of 2 degrees of freedom: 4.303.
    const [design] = compare('s', [runs('a', left)]).designs;
    expect(design!.estimates.blackScreenP50!.low).toBeCloseTo(1200 - 496.868, 2);
    expect(design!.estimates.blackScreenP50!.high).toBeCloseTo(1200 + 496.868, 2);
    const found = differenceOf(left, right)!;
    expect(found).toMatchObject({ difference: 1200, beyondNoise: 'yes' });
    expect(found.low).toBeCloseTo(1200 - 1111.029, 2);
    expect(found.high).toBeCloseTo(1200 + 1111.029, 2);
    expect(differenceOf(left, [black(18), black(22), black(26)])).toMatchObject({
      difference: 1000,
      beyondNoise: 'no',
    });
  });

  it('says of two designs all of this', () => {
    const [left, right] = [
      [black(10), black(12)],
      [black(20), black(24)],
    ];
    const { scenario, designs, differences } = compare('s', [runs('a', left), runs('b', right)]);
    const losses = ['blackScreenP50', 'blackScreenP95', 'blackScreenMax', 'programmeLossP50'];
    const none = { values: [0, 0], mean: 0, low: 0, high: 0 };
    const designOf = (name: string, estimate: object) => ({
      design: name,
      title: `Design ${name}`,
      costClass: 'low',
      checks: [],
      verdicts: ['pass', 'pass'],
      counted: 2,
      estimates: {
        ...Object.fromEntries(losses.map((metric) => [metric, estimate])),
        notRecovered: none,
      },
    });
    // Student's t of one degree of freedom is 12.706, and so is Welch's for these two.
    expect({ scenario, designs }).toEqual({
      scenario: 's',
      designs: [
        designOf('a', { values: [1000, 1200], mean: 1100, low: -170.6, high: 2370.6 }),
        designOf('b', { values: [2000, 2400], mean: 2200, low: -341.2, high: 4741.2 }),
      ],
    });
    const between = { a: 'a', b: 'b', beyondNoise: 'no' };
    expect(differences).toEqual([
      ...losses.map((metric) => ({
        metric,
        ...between,
        difference: 1100,
        low: -1741.148,
        high: 3941.148,
      })),
      { metric: 'notRecovered', ...between, difference: 0, low: 0, high: 0 },
    ]);
  });

  it('says nothing of a number that one of the two has not', () => {
    const both = [runs('a', [black(10)]), runs('b', [])];
    expect(compare('s', both).differences).toEqual([]);
    expect(compare('s', both.toReversed()).differences).toEqual([]);
  });

  it('takes each number of a run from where it stands in its report', () => {
    const letters = ['p'.repeat(12), `pppp${'b'.repeat(2)}pppppp`, `pp${'b'.repeat(10)}`];
    const viewers = letters.map((_, i) => viewerOf({ id: `v${i + 1}` }));
    const records = letters.flatMap((one, i) =>
      stripRecords(one, { stepMs: 1000, viewer: viewers[i]! }),
    );
    const [{ estimates }] = compare('s', [runs('a', [judge(historyOf({ viewers, records }))])])
      .designs as [ReturnType<typeof compare>['designs'][number]];
    const means = Object.fromEntries(
      Object.entries(estimates).map(([metric, { mean }]) => [metric, mean]),
    );
    expect(means).toEqual({
      blackScreenP50: 2000,
      blackScreenP95: 9200,
      blackScreenMax: 10_000,
      programmeLossP50: 2000,
      notRecovered: 0.333,
    });
  });

  it('takes the time to recover from the slow end of its audience', () => {
    const { audience, ...report } = black(10);
    const summary = { ...audience.blackScreenMs, p95: 700 };
    const most = { ...audience.atMost, timeToRecoverMs: { ...summary, p95: 900 } };
    const timed = { ...audience, timeToRecoverMs: summary, atMost: most };
    expect(MEASURES.timeToRecover({ ...report, audience: timed })).toEqual({ low: 700, high: 900 });
    expect(MEASURES.timeToRecover(black(10))).toBeUndefined();
  });

  it('has no interval from a single run, and says that its noise is unknown', () => {
    const [design] = compare('s', [runs('a', [black(10)])]).designs;
    expect(design!.estimates.blackScreenP50).toMatchObject({ low: undefined, high: undefined });
    expect(differenceOf([black(10)], [black(40)])).toMatchObject({ beyondNoise: 'unknown' });
  });

  it('knows no noise where either of two was played once, and the other more often', () => {
    const [once, thrice] = [[black(10)], [black(30), black(32), black(34)]];
    for (const found of [differenceOf(once, thrice), differenceOf(thrice, once)])
      expect(found).toMatchObject({ beyondNoise: 'unknown', low: undefined, high: undefined });
  });

  it('takes the wider noise of what was seen and of the most that it can be', () => {
    const seen = [0, 1, 2].map((i) => doubtful(black(10), [0, 400, 800][i]!));
    const found = differenceOf(seen, [black(30), black(30), black(30)])!;
    // A variance of 400 ms over three repeats on one side, none on the other.
    const half = (4.303 * 400) / Math.sqrt(3);
    expect(found.range).toEqual({ low: 1600, high: 2000 });
    expect(found.low).toBeCloseTo(1600 - half, 2);
    expect(found.high).toBeCloseTo(2000 + half, 2);
  });

  it('tells a difference beyond the noise from one within it', () => {
    const close = [black(10), black(14), black(12)];
    expect(differenceOf(close, [black(13), black(11), black(15)])?.beyondNoise).toBe('no');
    expect(differenceOf(close, [black(60), black(64), black(62)])).toMatchObject({
      a: 'a',
      b: 'b',
      beyondNoise: 'yes',
    });
  });

  it('takes no difference within two frames for one, however steady the repeats are', () => {
    const steady = (tenths: number) => [black(tenths), black(tenths), black(tenths)];
    expect(differenceOf(steady(10), steady(10))).toMatchObject({
      difference: 0,
      beyondNoise: 'no',
    });
    expect(differenceOf(steady(10), steady(12))?.beyondNoise).toBe('yes');
  });

  it('gives both ends where time was unmeasured, and the interval holds for both', () => {
    const reports = [black(10), black(12), black(14)].map((report) => doubtful(report, 500));
    const [design] = compare('s', [runs('a', reports)]).designs;
    const { mean, atMost, low, high } = design!.estimates.blackScreenP50!;
    expect(atMost!.mean - mean).toBeCloseTo(500, 3);
    expect(high! - atMost!.mean).toBeCloseTo(mean - low!, 3);
    expect(design!.estimates.programmeLossP50).not.toHaveProperty('atMost');
  });

  it('takes no difference that unmeasured time could undo for one', () => {
    const steady = (tenths: number, extraMs: number) =>
      [0, 1, 2].map(() => doubtful(black(tenths), extraMs));
    expect(differenceOf(steady(10, 500), steady(30, 0))?.beyondNoise).toBe('yes');
    const open = differenceOf(steady(10, 3000), steady(30, 0))!;
    expect(open).toMatchObject({ beyondNoise: 'no', difference: 2000 });
    expect(open.range!.low).toBeLessThan(0);
    expect(open.low!).toBeLessThan(0);
    const turned = differenceOf(steady(30, 0), steady(10, 3000))!;
    expect(turned.range).toEqual({ low: -open.range!.high, high: -open.range!.low });
  });

  it('counts a recovery that nobody could see neither as back nor as lost', () => {
    const report = black(10);
    const audience = { ...report.audience, recovered: 0, recoveryUnseen: 1 };
    const [design] = compare('s', [runs('a', [{ ...report, audience }])]).designs;
    expect(design!.estimates.notRecovered).toMatchObject({ mean: 0, atMost: { mean: 1 } });
  });

  it('tells a difference of a share, which is no time, however small the number', () => {
    const [report] = [black(10)];
    const lost = { ...report, audience: { ...report.audience, recovered: 0 } } as Report;
    const all = [report, report, report];
    const { differences } = compare('s', [
      runs('a', all),
      runs(
        'b',
        all.map(() => lost),
      ),
    ]);
    expect(differences.find(({ metric }) => metric === 'notRecovered')).toMatchObject({
      difference: 1,
      beyondNoise: 'yes',
    });
  });

  it('leaves out repeats that prove nothing', () => {
    const records = stripRecords('ppppbbbbpppp', { stepMs: 100 });
    const broken = judge(historyOf({ viewers: [viewerOf()], records, ended: false }));
    const [design] = compare('s', [runs('a', [broken, black(10), broken])]).designs;
    expect(design).toMatchObject({
      counted: 1,
      verdicts: ['inconclusive', 'pass', 'inconclusive'],
    });
    const [nothing] = compare('s', [runs('a', [broken])]).designs;
    expect(nothing).toMatchObject({ counted: 0, estimates: {} });
  });

  it('compares each design once with each other', () => {
    const all = ['a', 'b', 'c'].map((name) => runs(name, [black(10)]));
    const pairs = compare('s', all).differences.filter(({ metric }) => metric === 'notRecovered');
    expect(pairs.map(({ a, b }) => a + b)).toEqual(['ab', 'ac', 'bc']);
  });

  it('turns its sign with the order of the designs, and nothing else', () => {
    const tenths = fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 2, maxLength: 4 });
    const reports = new Map<number, Report>();
    const of = (n: number) => {
      const report = reports.get(n) ?? black(n);
      reports.set(n, report);
      return report;
    };
    fc.assert(
      fc.property(tenths, tenths, (left, right) => {
        const [a, b] = [left.map(of), right.map(of)];
        const there = differenceOf(a, b)!;
        const back = differenceOf(b, a)!;
        expect(back.difference + there.difference).toBeCloseTo(0, 6);
        expect(back.beyondNoise).toBe(there.beyondNoise);
      }),
      { numRuns: 50 },
    );
  });
});
