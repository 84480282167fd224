import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unaskedFillers } from '../../../harness/measure/fillers.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { readRuler, viewerSpans, type RulerEvidence } from '../../../harness/measure/ruler.ts';
import { tracePlayback } from '../../../harness/measure/playback.ts';
import type { StageReport } from '../../../harness/measure/stageReports.ts';
import { collectTracks } from '../../support/collected.ts';
import type { KnownLoss } from '../../../harness/model/calibration.ts';
import type { FramesRecord, HistoryRecord } from '../../../harness/model/history.ts';
import { historyOf, strip, stripRecords, STRIP_LATENCY_MS, viewerOf } from '../../support/strip.ts';

const FRAME_MS = 40;
const STEP_MS = 200;
/** When the run of a strip began. */
const START = 1_757_708_100_000;
const VIEWER = viewerOf();
const CONTROL = viewerOf({ id: 'control', channel: 'control', channelNumber: 63, control: true });

/** A loss that the viewer should see from this moment on. */
const lossAt = (seenAtMs: number, lengthMs: number, kind: KnownLoss['kind']): KnownLoss => ({
  kind,
  channel: 'one',
  frames: lengthMs / FRAME_MS,
  lengthMs,
  putOutAtMs: seenAtMs - STRIP_LATENCY_MS,
});

interface Given extends Partial<Pick<RulerEvidence, 'fillers'>> {
  readonly records?: readonly HistoryRecord[];
  readonly controlSlips?: Slip;
  readonly viewerSlips?: Slip;
  readonly control?: string;
  readonly stepMs?: number;
}

interface Slip {
  readonly atMs: number;
  readonly byMs: number;
}

/** Frames from then on come that much later. */
const slipping = (slip: Slip | undefined) => ({
  jitterMs: (n: number) => (slip && n * FRAME_MS >= slip.atMs ? slip.byMs : 0),
});

/** Gives the ruler's reading of a viewer who saw this, when these losses were put in. */
function reading(letters: string, losses: readonly KnownLoss[], given: Given = {}) {
  const { control = 'p'.repeat(letters.length), stepMs = STEP_MS, fillers = new Map() } = given;
  const own = { stepMs, viewer: VIEWER, ...slipping(given.viewerSlips) };
  const history = historyOf({
    viewers: [VIEWER, CONTROL],
    records: [
      ...stripRecords(letters, own),
      ...stripRecords(control, { stepMs, viewer: CONTROL, ...slipping(given.controlSlips) }),
      ...(given.records ?? []),
    ],
  });
  const report = judge(history);
  const playbacks = new Map(
    collectTracks(history).map((track) => [
      track.viewer.id,
      tracePlayback(track, { startedAtEpochMs: START, fps: 25 }),
    ]),
  );
  return readRuler({ report, losses, fillers, playbacks, frameMs: FRAME_MS, reachMs: 2000 });
}

const BLACK_1S = `${'p'.repeat(20)}bbbbb${'p'.repeat(20)}`;
const FREEZE_1S = `${'p'.repeat(20)}fffff${'p'.repeat(20)}`;

describe('the ruler', () => {
  it('passes when a black and a freeze are reported at their true length', () => {
    const letters = BLACK_1S + FREEZE_1S;
    const losses = [lossAt(4000, 1000, 'black'), lossAt(13_000, 1000, 'freeze')];
    const { verdict, reasons, errors, samples } = reading(letters, losses);
    expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
    expect(samples.map((s) => (s.outcome === 'seen' ? [s.as, s.errorMs] : s.outcome))).toEqual([
      ['black', 0],
      ['frozen', 0],
    ]);
    expect(errors.map(({ kind, lengthMs, worstMs }) => [kind, lengthMs, worstMs])).toEqual([
      ['black', 1000, 0],
      ['black', undefined, 0],
      ['freeze', 1000, 0],
      ['freeze', undefined, 0],
    ]);
  });

  it('fails when a report is further off than two frames, and says by how much', () => {
    const { verdict, reasons, errors } = reading(BLACK_1S, [lossAt(4000, 880, 'black')]);
    expect(verdict).toBe('fail');
    expect(reasons).toEqual(['black of 880 ms: off by 120 ms, 80 ms are allowed']);
    expect(errors[0]).toMatchObject({ samples: 1, biasMs: 120, p95Ms: 120, worstMs: 120 });
  });

  it('keeps the sign of an error: reported too short is negative', () => {
    const { errors } = reading(BLACK_1S, [lossAt(4000, 1200, 'black')]);
    expect(errors[0]).toMatchObject({ biasMs: -200, p95Ms: 200, worstMs: -200 });
  });

  it('is off by the largest of its errors, whichever its sign', () => {
    const twice = `${BLACK_1S}bbbbb${'p'.repeat(20)}`;
    const { errors } = reading(twice, [lossAt(4000, 1200, 'black'), lossAt(9000, 880, 'black')]);
    expect(errors.at(-1)).toMatchObject({ lengthMs: undefined, samples: 2, worstMs: -200 });
    const { errors: turned } = reading(twice, [
      lossAt(4000, 880, 'black'),
      lossAt(9000, 1200, 'black'),
    ]);
    expect(turned.at(-1)).toMatchObject({ worstMs: -200, biasMs: -40 });
  });

  it('fails when a loss was not reported at all, with its whole length as error', () => {
    const { verdict, errors, reasons } = reading('p'.repeat(60), [lossAt(4000, 1000, 'black')]);
    expect([verdict, reasons]).toEqual(['fail', ['black of 1000 ms: 1 not seen']]);
    expect(errors[0]).toMatchObject({ missed: 1, worstMs: -1000 });
  });

  it('fails when a freeze is taken for something else, however right its length', () => {
    const { verdict, errors, reasons } = reading(BLACK_1S, [lossAt(4000, 1000, 'freeze')]);
    expect(errors[0]).toMatchObject({ misnamed: 1, worstMs: 0 });
    expect([verdict, reasons]).toEqual(['fail', ['freeze of 1000 ms: 1 taken for something else']]);
  });

  it('fails when something is reported that nobody put in, which is no glitch', () => {
    const stranger = `${BLACK_1S}bbb${'p'.repeat(20)}`;
    const found = reading(stranger, [lossAt(4000, 1000, 'black')]);
    expect(found.falseInterruptions).toEqual([{ viewer: 'v1', fromMs: 9000, lengthMs: 600 }]);
    expect([found.glitches, found.viewers]).toEqual([[], 1]);
    expect(found.quietMs).toBe(stranger.length * STEP_MS - 1000);
    expect([found.verdict, found.reasons]).toEqual([
      'fail',
      ['v1: 600 ms of interruption nobody put in'],
    ]);
  });

  it('asks for nothing that was reported after the losses were put in', () => {
    const records: HistoryRecord[] = [{ type: 'phase', phase: 'recover', atMs: 9_000 }];
    const stranger = `${BLACK_1S}bbb${'p'.repeat(20)}`;
    const found = reading(stranger, [lossAt(4000, 1000, 'black')], { records });
    expect(found).toMatchObject({ verdict: 'pass', falseInterruptions: [] });
  });

  it('lists a glitch that nobody put in, and passes', () => {
    const letters = `${'p'.repeat(50)}${'b'.repeat(10)}${'p'.repeat(50)}bb${'p'.repeat(50)}`;
    const found = reading(letters, [lossAt(4000, 800, 'black')], { stepMs: 80 });
    expect(found.glitches).toEqual([{ viewer: 'v1', fromMs: 8800, lengthMs: 160 }]);
    expect([found.verdict, found.falseInterruptions]).toEqual(['pass', []]);
  });

  it('looks for the losses of the channel of a viewer alone', () => {
    const loss = lossAt(4000, 1000, 'black');
    const { samples } = reading(BLACK_1S, [loss, { ...loss, channel: 'two' }]);
    expect(samples.map(({ outcome }) => outcome)).toEqual(['seen']);
  });

  it('lists lengths in order, and tells those that were measured from those that were not', () => {
    const letters = `${'p'.repeat(20)}bbbbb${'p'.repeat(40)}bb....bb${'p'.repeat(20)}`;
    const losses = [lossAt(13_000, 1600, 'black'), lossAt(4000, 1000, 'black')];
    const { errors } = reading(letters, losses);
    expect(
      errors.map(({ lengthMs, samples, unmeasured }) => [lengthMs, samples, unmeasured]),
    ).toEqual([
      [1000, 1, 0],
      [1600, 1, 1],
      [undefined, 2, 1],
    ]);
  });

  it.each([
    [2000, 'seen'],
    [2001, 'missed'],
  ])('finds a loss %i ms from where it is expected: %s', (offMs, outcome) => {
    const { samples } = reading(BLACK_1S, [lossAt(4000 - offMs, 1000, 'black')]);
    expect(samples.map((sample) => sample.outcome)).toEqual([outcome]);
  });

  it('does not call a loss missed that may have been where nobody could look', () => {
    const letters = `${'p'.repeat(30)}....${'p'.repeat(40)}`;
    const { samples } = reading(letters, [lossAt(4000, 3000, 'black')]);
    expect(samples.map((sample) => sample.outcome)).toEqual(['unmeasured']);
  });

  it('says nothing while the control suffers', () => {
    const control = `${'p'.repeat(20)}sssss${'p'.repeat(20)}`;
    const { verdict, errors, controlLostMs } = reading(BLACK_1S, [lossAt(4000, 1000, 'black')], {
      control,
    });
    expect(verdict).toBe('inconclusive');
    expect(errors[0]).toMatchObject({ samples: 1, unmeasured: 1, biasMs: undefined });
    expect(controlLostMs).toBe(1000);
  });

  it('does not judge a loss during which the playback of the control fell behind', () => {
    const slip = { atMs: 4500, byMs: 150 };
    const slips = { controlSlips: slip, viewerSlips: slip };
    const { verdict, samples } = reading(BLACK_1S, [lossAt(4000, 1000, 'black')], slips);
    expect(samples.map(({ outcome }) => outcome)).toEqual(['unmeasured']);
    expect(verdict).toBe('inconclusive');
  });

  it('finds a loss by the latency it had then, however much later the viewer is at the end', () => {
    const viewer = reading(BLACK_1S + 'p'.repeat(400), [lossAt(4000, 1000, 'black')], {
      viewerSlips: { atMs: 8000, byMs: 5000 },
    });
    expect(viewer.samples.map(({ outcome }) => outcome)).toEqual(['seen']);
  });

  it('neither judges beside filler that the transcoder put out by itself, nor calls it false', () => {
    const letters = `${BLACK_1S}bbb${'p'.repeat(20)}`;
    const loss = lossAt(4000, 1000, 'black');
    const at = (seenMs: number) => seenMs - STRIP_LATENCY_MS;
    const beside = new Map([['one', [{ fromMs: at(9000), toMs: at(9250) }]]]);
    const { verdict, falseInterruptions } = reading(letters, [loss], { fillers: beside });
    expect([verdict, falseInterruptions]).toEqual(['pass', []]);
    const upon = new Map([['one', [{ fromMs: at(4800), toMs: at(5050) }]]]);
    expect(reading(BLACK_1S, [loss], { fillers: upon }).verdict).toBe('inconclusive');
  });

  it.each([
    [3000, 'unmeasured'],
    [2999, 'seen'],
    [6000, 'unmeasured'],
    [6001, 'seen'],
  ])('calls a loss beside which filler ended or began at %i %s', (atMs, outcome) => {
    const [fromMs, toMs] = atMs < 4000 ? [atMs - 500, atMs] : [atMs, atMs + 500];
    const at = (seenMs: number) => seenMs - STRIP_LATENCY_MS;
    const fillers = new Map([['one', [{ fromMs: at(fromMs), toMs: at(toMs) }]]]);
    const { samples } = reading(BLACK_1S, [lossAt(4000, 1000, 'black')], { fillers });
    expect(samples.map((sample) => sample.outcome)).toEqual([outcome]);
  });

  it('knows no spans of a viewer who is not in the report', () => {
    expect(viewerSpans({ ...judge(strip('pp', 500)), lanes: [] }, 'v1')).toEqual([]);
  });

  it('is inconclusive when nothing was put in', () => {
    expect(reading('p'.repeat(60), []).verdict).toBe('inconclusive');
  });

  it('reads any length of black or freeze exactly, wherever it begins', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('black' as const, 'freeze' as const),
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 60, max: 90 }),
        (kind, frames, before) => {
          const letter = kind === 'black' ? 'b' : 'f';
          const letters = 'p'.repeat(before) + letter.repeat(frames) + 'p'.repeat(60);
          const losses = [lossAt(before * FRAME_MS, frames * FRAME_MS, kind)];
          const { errors } = reading(letters, losses, { stepMs: FRAME_MS });
          expect(errors[0]).toMatchObject({ worstMs: 0, missed: 0, misnamed: 0 });
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('filler that nobody asked for', () => {
  const stats = (filled: readonly number[]): StageReport[] =>
    filled.map((framesFilled, i) => ({ atMs: i * 250, framesFilled }));
  /** Ten frames from 500 ms on. */
  const known: KnownLoss = {
    kind: 'black',
    channel: 'one',
    frames: 10,
    lengthMs: 400,
    putOutAtMs: 500,
  };

  it('is not what the known losses explain', () => {
    const counted = stats([7, 7, 8, 14, 17, 17]);
    expect(unaskedFillers({ stats: counted, losses: [known], frameMs: FRAME_MS })).toEqual([]);
  });

  it('is not a known loss that a late transcoder put out after it was due', () => {
    const counted = stats([7, 7, 7, 9, 17, 17]);
    expect(unaskedFillers({ stats: counted, losses: [known], frameMs: FRAME_MS })).toEqual([]);
  });

  it('is found between the two reports around it', () => {
    const counted = stats([7, 7, 8, 14, 17, 19, 19]);
    expect(unaskedFillers({ stats: counted, losses: [known], frameMs: FRAME_MS })).toEqual([
      { fromMs: 1000, toMs: 1250 },
    ]);
  });
});

describe('playback', () => {
  /** The same programme, shown this much later from frame 50 on. */
  function slipped(byMs: number): HistoryRecord[] {
    return stripRecords('p'.repeat(100), {
      stepMs: FRAME_MS,
      viewer: CONTROL,
      jitterMs: (n) => (n >= 50 ? byMs : 0),
    });
  }
  const playback = (records: readonly HistoryRecord[]) => {
    const [track] = collectTracks(historyOf({ viewers: [CONTROL], records }));
    return tracePlayback(track!, { startedAtEpochMs: START, fps: 25 });
  };

  it('slips by how much later the programme comes after it than before', () => {
    const { slipMs } = playback(slipped(150));
    expect(slipMs({ fromMs: 1900, toMs: 2300 })).toBeCloseTo(150);
    expect(slipMs({ fromMs: 800, toMs: 1200 })).toBeCloseTo(0);
    expect(slipMs({ fromMs: 2700, toMs: 3200 })).toBeCloseTo(0);
    expect(slipMs({ fromMs: 0, toMs: 2300 })).toBe(0);
  });

  it('tells when a moment of the programme was shown, by the latency it had then', () => {
    const { shownAtMs } = playback(slipped(1000));
    expect(shownAtMs(1000 - STRIP_LATENCY_MS)).toBeCloseTo(1000);
    expect(shownAtMs(2500 - STRIP_LATENCY_MS)).toBeCloseTo(3500);
    expect(shownAtMs(60_000)).toBeUndefined();
  });

  it('tells how old the newest picture was that was shown before a moment', () => {
    const { ageBeforeMs } = playback(slipped(1000));
    expect([1500, 3500].map((atMs) => ageBeforeMs(atMs))).toEqual([
      STRIP_LATENCY_MS,
      STRIP_LATENCY_MS + 1000,
    ]);
    expect(ageBeforeMs(0)).toBeUndefined();
  });

  it('knows nothing where there was no programme', () => {
    const empty = slipped(150).filter((record): record is FramesRecord => record.type !== 'frames');
    const { slipMs, shownAtMs } = playback(empty);
    expect(slipMs({ fromMs: 1900, toMs: 2300 })).toBe(0);
    expect(shownAtMs(0)).toBeUndefined();
  });
});
