import { describe, expect, it } from 'vitest';
import { findInterruptions } from '../../../harness/measure/interruptions.ts';
import { judge } from '../../../harness/measure/judge.ts';
import type { StageReport } from '../../../harness/measure/stageReports.ts';
import { readPackager } from '../../../harness/measure/stages.ts';
import type { FaultResult, Interruption } from '../../../harness/model/report.ts';
import { strip } from '../../support/strip.ts';

const NO_PATH = { stages: [], packager: readPackager([]) };

const cut = (fromMs: number, toMs: number | undefined, name = 'cut'): FaultResult => ({
  name,
  window: undefined,
  kind: 'cut',
  effect: 'drop',
  verb: { verb: 'cut', told: true },
  at: 'links',
  nature: 'cut',
  links: ['connect-up'],
  channels: ['one'],
  plannedFromMs: fromMs,
  plannedToMs: toMs ?? fromMs,
  fromMs,
  toMs,
  proofs: [],
});

function interruptions(letters: string, faults: readonly FaultResult[] = []): Interruption[] {
  const report = judge(strip(letters, 100));
  const lane = report.lanes.find((l) => l.kind === 'viewer');
  if (lane?.kind !== 'viewer') throw new Error('no lane');
  const first = lane.spans.find(({ class: name }) => name === 'programme');
  const watching = first ? [{ fromMs: first.fromMs, toMs: Infinity }] : [];
  const screen = { spans: lane.spans, watching };
  return findInterruptions(screen, { faults, path: NO_PATH, latencyMs: 2000 });
}

describe('the most that an interruption can have been', () => {
  it('has the unmeasured time in it and right beside it, and no other', () => {
    const [only] = interruptions('ppppppxxbbbbbxxbbbbbxppppppxxpppp');
    expect(only).toMatchObject({ fromMs: 800, toMs: 2000, blackScreenMs: 1000 });
    // The three frames of the last unreadable tenth stand for 120 ms.
    expect(only?.atMost).toEqual({ lengthMs: 1200 + 200 + 120, blackScreenMs: 1000 + 520 });
  });
});

describe('interruptions', () => {
  it('are one from the first loss to the programme, whatever is lost on the way', () => {
    const [only, ...others] = interruptions('rrppppppbbbbbbsssssslllllldddddrrrrrpppp');
    expect(others).toEqual([]);
    expect(only).toMatchObject({ fromMs: 800, recovered: true, glitch: false });
    expect(only!.spans.map((span) => span.class)).toEqual([
      'black',
      'stalled',
      'slate',
      'dead',
      'starting',
    ]);
  });

  it('count slate as no black screen', () => {
    const [only] = interruptions('pppppppplllllllllppppp');
    expect(only).toMatchObject({ blackScreenMs: 0, glitch: false });
  });

  it('do not begin before the first picture', () => {
    expect(interruptions('rrrrrrrrrrrpppppp')).toEqual([]);
  });

  it('count starting again as black screen', () => {
    const [only] = interruptions('rrppppppprrrrrrrrpppppp');
    expect(only!.blackScreenMs).toBe(only!.toMs - only!.fromMs);
  });

  it('are not ended by a flash of programme shorter than a second', () => {
    const found = interruptions('ppppppbbbbbbbpppppbbbbbbpppppppppppp');
    expect(found).toHaveLength(1);
    expect(found[0]!.spans.map((span) => span.class)).toEqual(['black', 'programme', 'black']);
    expect(found[0]!.blackScreenMs).toBeLessThan(found[0]!.toMs - found[0]!.fromMs - 400);
  });

  it('are two when the programme between them lasts a second', () => {
    expect(interruptions('ppppppbbbbbbbppppppppppppbbbbbbpppppppppppp')).toHaveLength(2);
    expect(interruptions(`ppppppbbbbbb${'p'.repeat(10)}bbbbbbpppp`)).toHaveLength(2);
  });

  it('shorter than 200 ms are glitches and stay apart', () => {
    const found = interruptions('pppppppbppppbpppppp');
    expect(found.map(({ glitch }) => glitch)).toEqual([true, true]);
  });

  it('end with the last loss that was seen when the page went blind after it', () => {
    const [only] = interruptions('ppppppppbbbbbbbbbb.....pppppp');
    expect(only).toMatchObject({ recovered: true });
    expect(only!.spans.map((span) => span.class)).toEqual(['black']);
  });

  it('end with the viewer who leaves', () => {
    const [only] = interruptions('ppppppppbbbbbbb----ppppppp');
    expect(only).toMatchObject({ toMs: 1500, recovered: false });
  });

  it('that never end last to the end of the session', () => {
    const [only] = interruptions('ppppppppssssssssssssssssssss');
    expect(only).toMatchObject({ toMs: 2800, recovered: false });
  });
});

describe('the cause of an interruption', () => {
  const letters = 'ppppppppppppppppppppbbbbbbbbbbpppp';

  it('is the fault in force when it began', () => {
    expect(interruptions(letters, [cut(1000, 2500)])[0]!.cause).toBe('cut');
  });

  it('is a fault already healed when the picture comes late enough from the buffer', () => {
    expect(interruptions(letters, [cut(500, 900)])[0]!.cause).toBe('cut');
  });

  it('is a fault whose aftermath lasts: retries and errors kept by caches', () => {
    const late = `${'p'.repeat(90)}bbbbbbpppp`;
    expect(interruptions(late, [cut(1000, 2000)])[0]!.cause).toBe('cut');
  });

  it('is the fault that began last when several could be', () => {
    const faults = [cut(1500, undefined, 'second'), cut(100, 1200, 'first')];
    expect(interruptions(letters, faults)[0]!.cause).toBe('second');
  });

  it('is nobody when a fault begins later, was healed long ago, or was never in force', () => {
    expect(interruptions(letters, [cut(2500, 2900)])[0]!.cause).toBeUndefined();
    const late = `${'p'.repeat(200)}bbbbbbpppp`;
    expect(interruptions(late, [cut(1000, 2000)])[0]!.cause).toBeUndefined();
    const never = { ...cut(1000, 2500), fromMs: undefined };
    expect(interruptions(letters, [never])[0]!.cause).toBeUndefined();
  });
});

describe('the parts of an interruption', () => {
  const stats = (atMs: number, rest: Partial<StageReport>): StageReport => ({ atMs, ...rest });

  it('follow each other from the fault to the programme', () => {
    const path = {
      stages: [
        { stage: 'playout.one', lost: [] },
        { stage: 'transcoder.one', lost: [{ fromMs: 1250, toMs: 3500 }] },
        { stage: 'origin', lost: [{ fromMs: 1100, toMs: 3900 }] },
      ],
      packager: readPackager([
        stats(3000, { fill: 'black', uploads: 10 }),
        stats(3500, { fill: 'none', uploads: 11 }),
        stats(3750, { fill: 'none', uploads: 11 }),
        stats(4000, { fill: 'none', uploads: 12 }),
      ]),
    };
    const report = judge(strip('p'.repeat(20) + 'b'.repeat(30) + 'pppp', 100));
    const lane = report.lanes.find((l) => l.kind === 'viewer');
    const spans = lane?.kind === 'viewer' ? lane.spans : [];
    const [only] = findInterruptions(
      { spans, watching: [{ fromMs: 0, toMs: Infinity }] },
      { faults: [cut(1000, 3000)], path, latencyMs: 0 },
    );
    expect(only!.lostFirstAt).toEqual({ stage: 'transcoder.one', atMs: 1250 });
    expect(only!.parts).toEqual({ detectMs: 250, outageMs: 1750, refillMs: 1000, playerMs: 1000 });
    const sum = Object.values(only!.parts).reduce((a, b) => a + b, 0);
    expect(sum).toBe(only!.toMs - 1000);
  });

  /** Black from 2 s on; the transcoder lost it at 1.25 s, and media goes out again at 4 s. */
  function partsOf(letters: string, fault: FaultResult) {
    const path = {
      stages: [{ stage: 'transcoder.one', lost: [{ fromMs: 1250, toMs: 3500 }] }],
      packager: readPackager([
        stats(3000, { fill: 'black', uploads: 10 }),
        stats(3500, { fill: 'none', uploads: 11 }),
        stats(4000, { fill: 'none', uploads: 12 }),
      ]),
    };
    const lane = judge(strip(letters, 100)).lanes.find((l) => l.kind === 'viewer');
    const spans = lane?.kind === 'viewer' ? lane.spans : [];
    const screen = { spans, watching: [{ fromMs: 0, toMs: Infinity }] };
    return findInterruptions(screen, { faults: [fault], path, latencyMs: 0 })[0]?.parts;
  }
  const lostFor = (tenths: number, after = 'pppp') => 'p'.repeat(20) + 'b'.repeat(tenths) + after;

  it.each([
    ['came back before the heal', lostFor(5), cut(1000, 3000), { detectMs: 250 }],
    ['never healed', lostFor(30), cut(1000, undefined), { detectMs: 250 }],
    [
      'came back before media went out again',
      lostFor(16),
      cut(1000, 3000),
      { detectMs: 250, outageMs: 1750, refillMs: 600, playerMs: 0 },
    ],
    [
      'did not come back',
      lostFor(40, ''),
      cut(1000, 3000),
      { detectMs: 250, outageMs: 1750, refillMs: 1000 },
    ],
  ])('end where nothing more is known: %s', (_, letters, fault, parts) => {
    expect(partsOf(letters, fault)).toEqual(parts);
  });

  it('begin at a stage even where no fault explains them, a second before it could be seen', () => {
    const lostAt = (fromMs: number, latencyMs: number) => {
      const path = { ...NO_PATH, stages: [{ stage: 'origin', lost: [{ fromMs, toMs: 9000 }] }] };
      const lane = judge(strip(lostFor(10), 100)).lanes.find((l) => l.kind === 'viewer');
      const spans = lane?.kind === 'viewer' ? lane.spans : [];
      const screen = { spans, watching: [{ fromMs: 0, toMs: Infinity }] };
      return findInterruptions(screen, { faults: [], path, latencyMs })[0]?.lostFirstAt?.atMs;
    };
    expect([999, 1000, 2000, 2001].map((atMs) => lostAt(atMs, 0))).toEqual([
      ...[undefined, 1000, 2000, undefined],
    ]);
    expect(lostAt(500, 500)).toBe(500);
    expect(lostAt(499, 500)).toBeUndefined();
  });

  it('are left out when no stage tells them', () => {
    const [only] = interruptions('ppppppppppppbbbbbbbbbbpppp', [cut(1000, 1500)]);
    expect(only).toMatchObject({ lostFirstAt: undefined, parts: {} });
  });
});
