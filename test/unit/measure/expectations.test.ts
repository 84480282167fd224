import { describe, expect, it } from 'vitest';
import { evaluate, withdrawn } from '../../../harness/measure/expectations.ts';
import { CLASSES, type ScreenClass, type ViewerResult } from '../../../harness/model/report.ts';
import { recoveryState, type Recovery } from '../../../harness/measure/recovery.ts';
import { binned, storeBins } from '../../../harness/model/bins.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';

interface Made {
  readonly black?: number;
  readonly unmeasured?: number;
  readonly recovered?: boolean;
  readonly toRecover?: number;
  readonly channel?: string;
  /** The last of its time is unmeasured, for so many milliseconds. */
  readonly endsUnmeasured?: number;
  readonly unseen?: boolean;
}

function viewer({ black = 0, unmeasured = 0, recovered = true, ...rest }: Made): SeenViewer {
  const ledger = Object.fromEntries(CLASSES.map((name) => [name, 0])) as Record<
    ScreenClass,
    number
  >;
  const span = { fromMs: 0, toMs: black, class: 'black' as const };
  const interruption = {
    ...span,
    blackScreenMs: black,
    atMost: { lengthMs: black, blackScreenMs: black },
    spans: [span],
    cause: 'cut',
    lostFirstAt: undefined,
    parts: {},
    glitch: false,
    recovered,
  };
  const endMs = 60_000 - (rest.endsUnmeasured ?? 0);
  const spans = [
    { class: recovered ? 'programme' : 'black', fromMs: 0, toMs: endMs } as const,
    { class: 'unmeasured', fromMs: endMs, toMs: 60_000 } as const,
  ].filter(({ fromMs, toMs }) => toMs > fromMs);
  const watching = [{ fromMs: 0, toMs: 60_000 }];
  const screen = { joinMs: 0, leaveMs: 60_000, spans, pageLost: [], watching };
  const recovery: Recovery = rest.unseen
    ? { is: 'unseen', watchedMs: 1000, behindMs: 8000 }
    : { is: recovered ? 'back' : 'lost' };
  const result: ViewerResult = {
    id: 'v1',
    channel: rest.channel ?? 'one',
    player: 'hls.js',
    control: false,
    joinMs: 0,
    leaveMs: 60_000,
    sessionMs: 60_000,
    ledger: { ...ledger, black, unmeasured, programme: 60_000 - black - unmeasured },
    blackScreenMs: black,
    programmeLossMs: black,
    interruptions: black > 0 ? [interruption] : [],
    amplification: black / 10_000,
    recovered,
    recovery: recoveryState(recovery, screen),
    timeToRecoverMs: rest.toRecover,
    atMost: {
      blackScreenMs: black + unmeasured,
      programmeLossMs: black + unmeasured,
      timeToRecoverMs: rest.toRecover === undefined ? undefined : rest.toRecover + unmeasured,
      amplification: (black + unmeasured) / 10_000,
    },
    presentedFps: 25,
    latencyMs: 6000,
    fatalErrors: 0,
    reloads: 0,
  };
  return { result, screen, recovery };
}

function judged(text: string, viewers: readonly Made[], cutMs = 10_000, marginMs = 0) {
  const { expectation } = parseExpectation(text);
  if (!expectation) throw new Error(`${text} does not parse`);
  return evaluate(expectation, { viewers: viewers.map(viewer), cutMs, marginMs });
}

/** The limit in milliseconds, how far it is, and on which side. */
const limit = (ms: number, distanceMs: number, side: string, marginMs = 40) => ({
  limit: { ms, distanceMs, side, marginMs },
});
const NEARER = 'nearer to the limit than the margin of the measure, ± 40ms an interruption';
const EITHER = 'the unmeasured time could decide it either way';

it.each([
  ['max(blackScreen) <= 2s', { black: 1500 }, 'pass', '1.500s', limit(2000, 500, 'within')],
  ['max(blackScreen) <= 2s', { black: 2500 }, 'fail', '2.500s', limit(2000, 500, 'over')],
  ['max(blackScreen) >= 2s', { black: 1500 }, 'fail', '1.500s', limit(2000, 500, 'under')],
  ['max(blackScreen) >= 2s', { black: 2500 }, 'pass', '2.500s', limit(2000, 500, 'within')],
  [
    'max(blackScreen) <= 40% of cut',
    { black: 3000 },
    'pass',
    '30% of cut (3s)',
    limit(4000, 1000, 'within'),
  ],
  ['max(latency) <= 7s', {}, 'pass', '6s', limit(7000, 1000, 'within', 0)],
  [
    'max(blackScreen) <= 2s',
    { black: 1980 },
    'inconclusive',
    '1.980s',
    { reason: NEARER, ...limit(2000, 20, 'within') },
  ],
  ['max(blackScreen) <= 2s', { black: 2000 }, 'inconclusive', '2s', { reason: NEARER }],
  ['max(timeToRecover) <= 5s', { recovered: false }, 'fail', 'never', {}],
  [
    'max(timeToRecover) <= 5s',
    { unseen: true },
    'inconclusive',
    '0ms to never',
    { reason: EITHER },
  ],
  ['max(interruptions) <= 2', { black: 1000 }, 'pass', '1', {}],
  ['recovered == 100%', {}, 'pass', '100%', {}],
] as const)(
  '%s of a viewer who was %j is %s: %s, and nothing else is said',
  (text, made, verdict, observed, rest) => {
    expect(judged(text, [made], 10_000, 40)).toEqual({ text, verdict, observed, ...rest });
  },
);

it('an expectation of the cut is not judged where there was none', () => {
  const text = 'max(blackScreen) <= 50% of cut';
  expect(judged(text, [{ black: 4000 }], 0)).toEqual({
    text,
    verdict: 'inconclusive',
    observed: '4s',
    reason: 'no cut was in force',
  });
});

it('an expectation of a group asks its viewers and its cohorts alone', () => {
  const { expectation } = parseExpectation('max(blackScreen) of near <= 2s');
  const black = (ms: number) => storeBins(binned([{ value: ms, weight: 10 }]));
  const cohort = (name: string, ms: number) =>
    ({ cohort: name, channel: 'one', weight: 10, bins: { blackScreen: black(ms) } }) as never;
  const observed = (populations: readonly never[], inGroup?: () => readonly SeenViewer[]) =>
    evaluate(expectation!, {
      viewers: [viewer({ black: 9000 })],
      cutMs: 0,
      marginMs: 0,
      populations,
      ...(inGroup && { inGroup }),
    });
  const both = [cohort('near/one', 1500), cohort('far/one', 7000), cohort('near/two', 8000)];
  expect(observed(both).observed).toBe('1.500s');
  expect(observed([], () => [viewer({ black: 1000 })]).observed).toBe('1s');
  expect(observed([])).toMatchObject({ observed: 'nothing', reason: 'nobody watched' });
  const unknown = { cohort: 'near/one', channel: 'one', weight: 1, bins: {} } as never;
  expect(observed([unknown])).toMatchObject({
    reason: 'the blackScreen of near/one is not known',
  });
});

describe('an expectation', () => {
  it.each([
    ['max(blackScreen) == 2s', [{ black: 1500, unmeasured: 500 }], 'inconclusive'],
    ['max(blackScreen) == 2s', [{ black: 2000, unmeasured: 500 }], 'inconclusive'],
    ['max(blackScreen) == 2s', [{ black: 1900, unmeasured: 500 }], 'inconclusive'],
    ['max(blackScreen) == 2s', [{ black: 500, unmeasured: 500 }], 'fail'],
    ['max(blackScreen) == 2s', [{ black: 2500, unmeasured: 500 }], 'fail'],
  ])('%s of a range %# is %s where that range holds it', (text, viewers, verdict) => {
    expect(judged(text, viewers).verdict).toBe(verdict);
  });

  it.each([
    ['max(blackScreen) <= 2s', [{ black: 2000 }], 'pass', '2s'],
    ['max(blackScreen) <= 2s', [{ black: 2001 }], 'fail', '2.001s'],
    ['max(blackScreen) < 2s', [{ black: 2000 }], 'fail', '2s'],
    [
      'min(blackScreen) >= 80% of cut',
      [{ black: 8000 }, { black: 9000 }],
      'pass',
      '80% of cut (8s)',
    ],
    [
      'min(blackScreen) >= 80% of cut',
      [{ black: 7990 }, { black: 9000 }],
      'fail',
      '79.9% of cut (7.990s)',
    ],
    ['mean(amplification) <= 1.5', [{ black: 12_000 }], 'pass', '1.2'],
    ['max(interruptions) == 1', [{ black: 500 }, {}], 'pass', '1'],
    ['recovered == 100%', [{}, { recovered: false }], 'fail', '50%'],
    ['interrupted == 0%', [{}, {}], 'pass', '0%'],
    ['p95(timeToRecover) <= 10s', [{ black: 1, toRecover: 9000 }], 'pass', '9s'],
    ['p95(timeToRecover) <= 10s', [{ black: 1, recovered: false }], 'fail', 'never'],
    ['p95(timeToRecover) <= 10s', [{}], 'pass', '0ms'],
    ['max(latency) <= 8s', [{}], 'pass', '6s'],
  ] as const)('%s of %j is %s', (text, viewers, verdict, observed) => {
    expect(judged(text, viewers)).toMatchObject({ text, verdict, observed });
  });

  it('counts a channel as restored when one of its viewers sees it again', () => {
    const viewers = [
      { channel: 'one' },
      { channel: 'one', recovered: false },
      { channel: 'two', recovered: false },
    ];
    expect(judged('channelsRestored == 100%', viewers)).toMatchObject({
      verdict: 'fail',
      observed: '50%',
    });
  });
});

describe('unmeasured time', () => {
  it('is inconclusive only where it could decide', () => {
    const verdict = (made: Made) => judged('max(blackScreen) <= 2s', [made]).verdict;
    expect(verdict({ black: 1000, unmeasured: 1000 })).toBe('pass');
    expect(verdict({ black: 1000, unmeasured: 1001 })).toBe('inconclusive');
    expect(verdict({ black: 2001, unmeasured: 5000 })).toBe('fail');
  });

  it('is shown as the range it opens, with the reason', () => {
    expect(judged('max(blackScreen) <= 2s', [{ black: 1500, unmeasured: 2500 }])).toEqual({
      text: 'max(blackScreen) <= 2s',
      verdict: 'inconclusive',
      observed: '1.500s to 4s',
      reason: 'the unmeasured time could decide it either way',
    });
  });

  it('at the end of a session leaves open whether the viewer recovered', () => {
    expect(judged('recovered == 100%', [{ endsUnmeasured: 1000 }]).verdict).toBe('inconclusive');
    expect(judged('recovered >= 50%', [{ endsUnmeasured: 1000 }, {}]).verdict).toBe('pass');
  });

  it('at the end of a session says nothing of the viewer where it is shorter than a loss', () => {
    const judge = (made: Made) => judged('recovered == 100%', [made]).verdict;
    expect(judge({ endsUnmeasured: 199 })).toBe('pass');
    expect(judge({ endsUnmeasured: 200 })).toBe('inconclusive');
    expect(judge({ black: 1000, recovered: false, endsUnmeasured: 199 })).toBe('fail');
  });

  it('leaves open whether a viewer recovered whose end nobody saw', () => {
    const unseen = { black: 1000, recovered: false, unseen: true };
    expect(judged('recovered == 100%', [unseen]).observed).toBe('0% to 100%');
    expect(judged('channelsRestored == 100%', [unseen]).verdict).toBe('inconclusive');
    const ends = { black: 1000, recovered: false, endsUnmeasured: 1000 };
    for (const viewer of [unseen, ends])
      expect(judged('max(timeToRecover) <= 10s', [viewer]).verdict).toBe('inconclusive');
    const lost = { black: 1000, recovered: false };
    expect(judged('max(timeToRecover) <= 10s', [lost, unseen]).verdict).toBe('fail');
  });

  it('widens the amplification: every unmeasured moment may have been lost', () => {
    const judge = (made: Made, marginMs = 0) =>
      judged('max(amplification) <= 1.2', [made], 10_000, marginMs);
    expect(judge({ black: 10_000 })).toMatchObject({ verdict: 'pass', observed: '1' });
    expect(judge({ black: 10_000, unmeasured: 2000 }).verdict).toBe('pass');
    expect(judge({ black: 10_000, unmeasured: 2010 })).toMatchObject({
      verdict: 'inconclusive',
      observed: '1 to 1.201',
    });
    expect(judge({ black: 12_010, unmeasured: 2000 }).verdict).toBe('fail');
    expect(judge({ unmeasured: 13_000 })).toMatchObject({
      verdict: 'inconclusive',
      observed: '0 to 1.3',
    });
    // Both ends are off by the margin as well.
    expect(judge({ black: 10_000, unmeasured: 1900 }, 100).verdict).toBe('pass');
    expect(judge({ black: 10_000, unmeasured: 1910 }, 100).verdict).toBe('inconclusive');
    expect(judge({ black: 12_110, unmeasured: 10 }, 100).verdict).toBe('fail');
    expect(judge({ black: 12_100, unmeasured: 10 }, 100).verdict).toBe('inconclusive');
    expect(judged('min(amplification) >= 1', [{ black: 9000, unmeasured: 900 }]).verdict).toBe(
      'fail',
    );
    expect(judged('min(amplification) >= 1', [{ black: 9000, unmeasured: 1000 }]).verdict).toBe(
      'inconclusive',
    );
  });

  it('leaves an exact count open', () => {
    const { verdict } = judged('max(interruptions) == 0', [{ unmeasured: 250 }]);
    expect(verdict).toBe('inconclusive');
    expect(judged('max(interruptions) == 0', [{ unmeasured: 150 }]).verdict).toBe('pass');
  });
});

describe('the margin of the measure', () => {
  const MARGIN_MS = 40;
  const within = (text: string, viewers: readonly Made[]) =>
    judged(text, viewers, 10_000, MARGIN_MS);

  it.each([
    ['max(blackScreen) <= 2s', 2020, 'inconclusive'],
    ['max(blackScreen) <= 2s', 1970, 'inconclusive'],
    ['max(blackScreen) <= 2s', 2041, 'fail'],
    ['max(blackScreen) <= 2s', 1960, 'pass'],
    ['min(blackScreen) >= 20% of cut', 1980, 'inconclusive'],
    ['max(amplification) <= 0.2', 2020, 'inconclusive'],
    ['max(amplification) <= 0.2', 2100, 'fail'],
    ['max(black) < 2s', 1990, 'inconclusive'],
    ['max(interruptions) == 0', 230, 'inconclusive'],
    ['interrupted == 100%', 230, 'inconclusive'],
    ['interrupted == 100%', 300, 'pass'],
  ] as const)('%s with a black of %d ms is %s', (text, black, verdict) => {
    expect(within(text, [{ black }]).verdict).toBe(verdict);
  });

  it('is the reason that is given', () => {
    expect(within('max(blackScreen) <= 2s', [{ black: 2020 }])).toMatchObject({
      text: 'max(blackScreen) <= 2s',
      verdict: 'inconclusive',
      observed: '2.020s',
      reason: 'nearer to the limit than the margin of the measure, ± 40ms an interruption',
    });
  });

  it('leaves a zero exact, and does not make nothing of what was seen', () => {
    expect(within('max(blackScreen) <= 0s', [{}, {}]).verdict).toBe('pass');
    expect(within('max(blackScreen) <= 0s', [{ black: 20 }]).verdict).toBe('fail');
    expect(within('max(unmeasured) <= 2s', [{ unmeasured: 1999 }]).verdict).toBe('pass');
    expect(within('recovered == 100%', [{ black: 2000 }]).verdict).toBe('pass');
  });
});

describe('the limit beside what was observed', () => {
  const limitOf = (text: string, made: Made, marginMs = 17) =>
    judged(text, [made], 10_000, marginMs).limit;

  it.each([
    ['max(blackScreen) <= 2s', 1200, { ms: 2000, distanceMs: 800, side: 'within', marginMs: 17 }],
    ['max(blackScreen) <= 2s', 2310, { ms: 2000, distanceMs: 310, side: 'over', marginMs: 17 }],
    ['max(blackScreen) < 20% of cut', 1200, { ms: 2000, distanceMs: 800, side: 'within' }],
    ['min(blackScreen) >= 2s', 3000, { distanceMs: 1000, side: 'within' }],
    ['min(blackScreen) >= 2s', 1500, { distanceMs: 500, side: 'under' }],
    ['max(blackScreen) == 0s', 40, { distanceMs: 40, side: 'over' }],
    ['max(latency) <= 8s', 0, { ms: 8000, distanceMs: 2000, side: 'within', marginMs: 0 }],
  ])('is told for %s and %i ms', (text, black, limit) => {
    expect(limitOf(text, { black })).toMatchObject(limit);
  });

  it('is nearest to the end of a range that decides', () => {
    const made = { black: 1000, unmeasured: 500 };
    expect(limitOf('max(blackScreen) <= 2s', made)).toMatchObject({ distanceMs: 500 });
    expect(limitOf('max(blackScreen) <= 0.5s', made)).toMatchObject({ distanceMs: 500 });
    expect(limitOf('max(blackScreen) <= 1.2s', made)).toBeUndefined();
  });

  it('stands beside what the margin could decide', () => {
    const near = judged('max(blackScreen) <= 2s', [{ black: 1990 }], 10_000, 40);
    expect(near).toMatchObject({
      verdict: 'inconclusive',
      limit: { distanceMs: 10, marginMs: 40 },
    });
  });

  it.each([
    ['recovered == 100%', { black: 1000 }],
    ['max(amplification) <= 2', { black: 1000 }],
    ['max(blackScreen) <= 2s', { black: 2000 }],
    ['max(timeToRecover) <= 2s', { black: 1000, recovered: false }],
  ])('is absent for %s where there is no distance', (text, made) => {
    expect(limitOf(text, made)).toBeUndefined();
  });

  it('goes with the verdict of a run that proves nothing', () => {
    const result = judged('max(blackScreen) <= 2s', [{ black: 1200 }]);
    expect(withdrawn(result, 'the run proves nothing')).toEqual({
      text: 'max(blackScreen) <= 2s',
      verdict: 'inconclusive',
      observed: '1.200s',
      reason: 'the run proves nothing',
    });
  });
});

describe('nothing to compare', () => {
  it('is inconclusive of a group that nobody is in', () => {
    const { expectation } = parseExpectation('max(blackScreen) of boxes <= 2s');
    const measured = { viewers: [viewer({})], cutMs: 0, marginMs: 0 };
    expect(evaluate(expectation!, measured)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'nobody watched',
    });
  });

  it('is inconclusive without viewers and without a cut', () => {
    expect(judged('max(blackScreen) <= 2s', []).reason).toBe('nobody watched');
    expect(judged('max(blackScreen) <= 80% of cut', [{}], 0)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no cut was in force',
    });
  });
});
