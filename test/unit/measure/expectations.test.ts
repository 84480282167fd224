import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../harness/measure/expectations.ts';
import { CLASSES, type ScreenClass, type ViewerResult } from '../../../harness/model/report.ts';
import type { SeenViewer } from '../../../harness/measure/viewers.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';

interface Made {
  readonly black?: number;
  readonly unmeasured?: number;
  readonly recovered?: boolean;
  readonly toRecover?: number;
  readonly channel?: string;
  readonly endsUnmeasured?: boolean;
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
    spans: [span],
    cause: 'cut',
    lostFirstAt: undefined,
    parts: {},
    glitch: false,
    recovered,
  };
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
    timeToRecoverMs: rest.toRecover,
    presentedFps: 25,
    latencyMs: 6000,
    fatalErrors: 0,
    reloads: 0,
  };
  const last = rest.endsUnmeasured ? 'unmeasured' : recovered ? 'programme' : 'black';
  const spans = [{ class: last, fromMs: 0, toMs: 60_000 } as const];
  const screen = { joinMs: 0, leaveMs: 60_000, spans, pageLost: [], firstPictureMs: 0 };
  return { result, screen, recovery: { is: recovered ? 'back' : 'lost' } };
}

function judged(text: string, viewers: readonly Made[], cutMs = 10_000) {
  const { expectation } = parseExpectation(text);
  if (!expectation) throw new Error(`${text} does not parse`);
  return evaluate(expectation, { viewers: viewers.map(viewer), cutMs });
}

describe('an expectation', () => {
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
    expect(judged(text, viewers)).toEqual({ text, verdict, observed });
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
    expect(judged('recovered == 100%', [{ endsUnmeasured: true }]).verdict).toBe('inconclusive');
    expect(judged('recovered >= 50%', [{ endsUnmeasured: true }, {}]).verdict).toBe('pass');
  });

  it('leaves an exact count open', () => {
    const { verdict } = judged('max(interruptions) == 0', [{ unmeasured: 250 }]);
    expect(verdict).toBe('inconclusive');
    expect(judged('max(interruptions) == 0', [{ unmeasured: 150 }]).verdict).toBe('pass');
  });
});

describe('nothing to compare', () => {
  it('is inconclusive without viewers and without a cut', () => {
    expect(judged('max(blackScreen) <= 2s', []).reason).toBe('nobody watched');
    expect(judged('max(blackScreen) <= 80% of cut', [{}], 0)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no cut was in force',
    });
  });
});
