import { describe, expect, it } from 'vitest';
import { watchGuardrails } from '../../../harness/measure/guardrail.ts';
import { judge } from '../../../harness/measure/judge.ts';
import { readLipSync } from '../../../harness/measure/lipSync.ts';
import { liveClassifier } from '../../../harness/measure/live.ts';
import { silent } from '../../../harness/measure/metrics/viewer.ts';
import { groupRecords } from '../../../harness/measure/recorded.ts';
import { isRecord } from '../../../harness/measure/recordShapes.ts';
import type { HeardSound } from '../../../harness/model/sound.ts';
import type { HistoryRecord, ViewerDescription } from '../../../harness/model/history.ts';
import type { Report } from '../../../harness/model/report.ts';
import { parseExpectation } from '../../../harness/scenario/expectation.ts';
import { createViewerTrack } from '../../../reports/liveViewer.ts';
import { historyOf, printSpans, stripRecords, viewerOf } from '../../support/strip.ts';

const STEP_MS = 100;
/** The time between two reports of a page. */
const REPORT_MS = 250;

interface Heard {
  /** Letters as those of the picture: `s` sound, `-` silence, `.` nobody listens. */
  readonly sound?: string;
  readonly picture: string;
  readonly viewer?: Partial<ViewerDescription>;
  readonly burstsMs?: readonly number[];
  /** Time by which the n-th picture is shown late. */
  readonly lateMs?: (n: number) => number;
}

const recordsOf = ({ sound, picture, viewer, burstsMs = [], lateMs }: Heard): HistoryRecord[] =>
  stripRecords(picture, {
    stepMs: STEP_MS,
    ...(viewer && { viewer }),
    ...(lateMs && { jitterMs: lateMs }),
  }).map((record) =>
    record.type === 'frames' && sound !== undefined
      ? { ...record, player: { ...record.player, ...soundAt(record.atMs, sound, burstsMs) } }
      : record,
  );

function soundAt(
  atMs: number,
  letters: string,
  burstsMs: readonly number[],
): { sound?: HeardSound } {
  const fromMs = atMs - REPORT_MS;
  const since = (ms: number) => ms - atMs;
  const pieces = Array.from({ length: REPORT_MS / 50 }, (_, i) => fromMs + i * 50);
  if (pieces.some((ms) => letters[Math.floor(ms / STEP_MS)] === '.')) return {};
  const silent = pieces
    .filter((ms) => letters[Math.floor(ms / STEP_MS)] === '-')
    .map((ms) => [since(ms), since(ms + 50)] as const);
  const bursts = burstsMs.filter((ms) => ms >= fromMs && ms < atMs).map(since);
  return { sound: { fromMs: -REPORT_MS, toMs: 0, silent, bursts } };
}

function reportOf(...heard: readonly Heard[]): Report {
  const viewers = heard.map(({ viewer }) => viewerOf(viewer));
  return judge(historyOf({ viewers, records: heard.flatMap(recordsOf), engine: 'run' }));
}

const screenOf = (report: Report, id = 'v1'): string => {
  const lane = report.lanes.find((one) => one.kind === 'viewer' && one.id === id);
  return lane?.kind === 'viewer' ? printSpans(lane.spans, STEP_MS) : '';
};

const ruleOf = (report: Report, rule: string): string | undefined =>
  report.findings.find((finding) => finding.rule === rule)?.text;

describe('sound beside the picture', () => {
  it.each([
    ['a programme without its sound', 'pppppppppppppp', 'sssss-----ssss', 'pppppmmmmmpppp'],
    [
      'a picture that comes back before its sound',
      'ppppbbbbpppppppp',
      'ssss-----------s',
      'ppppbbbbmmmmmmmp',
    ],
    [
      'ends of a loss that differ by less than a glitch',
      'ppppbbbbpppppp',
      'sss------sssss',
      'ppppbbbbpppppp',
    ],
    [
      'ends of a loss that differ by less than sound and picture may',
      'ppppbbbbpppppppp',
      'ssss-------sssss',
      'ppppbbbbpppppppp',
    ],
    [
      'a loss of whose beginning the same holds',
      'ppppppppbbbbpppp',
      'sssss-------ssss',
      'ppppppppbbbbpppp',
    ],
    [
      'ends of a loss that differ by as much',
      'ppppbbbbpppppppp',
      'ssss---------sss',
      'ppppbbbbmmmmmppp',
    ],
    ['silence shorter than a glitch', 'pppppppppppppp', 'sssss-ssssssss', 'pppppppppppppp'],
    ['sound that nobody listened to', 'pppppppppppppp', 'sssss.....ssss', 'pppppppppppppp'],
  ])('tells %s', (_, picture, sound, screen) => {
    expect(screenOf(reportOf({ picture, sound }))).toBe(screen);
  });

  it('loses the programme, and is no black screen', () => {
    const [viewer] = reportOf({
      picture: 'p'.repeat(30),
      sound: 's'.repeat(10) + '-'.repeat(10) + 's'.repeat(10),
    }).viewers;
    expect(viewer).toMatchObject({ blackScreenMs: 0, programmeLossMs: 1000, recovered: true });
    expect(viewer?.ledger).toMatchObject({ silent: 1000, programme: 2000 });
    expect(viewer?.interruptions).toHaveLength(1);
  });

  it('is not back without its sound', () => {
    const report = reportOf({ picture: 'p'.repeat(30), sound: 's'.repeat(10) + '-'.repeat(20) });
    expect(report.viewers[0]?.recovery).toBe('not-recovered');
    expect(ruleOf(report, 'silent')).toBe(
      'v1 had the picture of the programme without its sound, for up to 2s; v1 without it to the end',
    );
  });

  it('says so of a stream that never had any, and calls no moment of it silent', () => {
    const report = reportOf({ picture: 'p'.repeat(30), sound: '-'.repeat(30) });
    expect(screenOf(report)).toBe('p'.repeat(30));
    expect(ruleOf(report, 'no-sound')).toMatch(/^one had no sound for any viewer at any time/);
    expect(report.findings.find(({ rule }) => rule === 'no-sound')?.verdict).toBe('pass');
  });

  it('does not take a click for the sound of a stream that has none', () => {
    const report = reportOf({ picture: 'p'.repeat(30), sound: `----s${'-'.repeat(25)}` });
    expect(screenOf(report)).toBe('p'.repeat(30));
    expect(ruleOf(report, 'no-sound')).toBeDefined();
  });

  it.each([
    ['all of it was heard', 's'.repeat(30), { low: 0, high: 0 }],
    ['some of it was silent', `${'s'.repeat(20)}${'-'.repeat(10)}`, { low: 1000, high: 1000 }],
    ['some of it was not heard', `${'s'.repeat(20)}${'.'.repeat(10)}`, { low: 0, high: 1000 }],
    ['nobody listened, as in older records', undefined, { low: 0, high: 3000 }],
  ])('bounds the time without sound where %s', (_, sound, bounds) => {
    const [viewer] = reportOf({ picture: 'p'.repeat(30), ...(sound && { sound }) }).viewers;
    expect(silent.bounds(viewer!, 0)).toEqual(bounds);
  });

  it('knows a channel to have sound when one of its viewers heard it', () => {
    const deaf = { picture: 'p'.repeat(30), sound: '-'.repeat(30), viewer: { id: 'v2' } };
    const report = reportOf({ picture: 'p'.repeat(30), sound: 's'.repeat(30) }, deaf);
    expect(screenOf(report, 'v2')).toBe('m'.repeat(30));
  });

  it('does not blame the chain for what the control did not hear either', () => {
    const sound = 'sssss-----ssssssssss';
    const control = { id: 'control', channel: 'control', control: true };
    const picture = 'p'.repeat(20);
    const report = reportOf({ picture, sound }, { picture, sound, viewer: control });
    expect(screenOf(report)).toBe(picture);
  });

  it('says of whom nobody listened to, and of nobody where none was listened to', () => {
    const picture = 'p'.repeat(20);
    const heard = { picture, sound: 's'.repeat(20) };
    const report = reportOf(heard, { picture, viewer: { id: 'v2' } });
    expect(ruleOf(report, 'sound-unmeasured')).toMatch(/^nobody listened to v2:/);
    expect(report.viewers[1]?.sound).toBeUndefined();
    expect(ruleOf(reportOf({ picture }), 'sound-unmeasured')).toBeUndefined();
    expect(ruleOf(reportOf(heard), 'sound-unmeasured')).toBeUndefined();
  });

  it('is missed by those who had none of it alone, and that is no verdict', () => {
    const picture = 'p'.repeat(20);
    const heard = { picture, sound: 's'.repeat(20) };
    const deaf = { picture, sound: `${'s'.repeat(5)}${'-'.repeat(15)}`, viewer: { id: 'v2' } };
    expect(ruleOf(reportOf(heard), 'silent')).toBeUndefined();
    const silence = reportOf(heard, deaf).findings.find(({ rule }) => rule === 'silent');
    expect(silence).toMatchObject({ verdict: 'pass', atMs: 500 });
    expect(silence?.text).toMatch(/^v2 had the picture/);
  });

  it('measures how much later a burst is heard than its picture is shown', () => {
    // The frames of a strip whose counters are whole seconds are shown at these times.
    const burstsMs = [1120, 2120, 3120].map((ms) => ms + 20 + 160);
    const report = reportOf({ picture: 'p'.repeat(40), sound: 's'.repeat(40), burstsMs });
    expect(report.viewers[0]?.sound?.lipSync).toEqual({ bursts: 3, medianMs: 160, worstMs: 160 });
    expect(ruleOf(report, 'lip-sync')).toBe(
      'the sound of v1 is not with its picture: 160 ms late for v1',
    );
  });

  it('names the viewer whose sound is furthest off, whichever way', () => {
    const apart = (id: string, offMs: number): Heard => ({
      picture: 'p'.repeat(40),
      sound: 's'.repeat(40),
      burstsMs: [1120, 2120, 3120].map((ms) => ms + 20 + offMs),
      viewer: { id },
    });
    const said = (...offs: readonly number[]) =>
      ruleOf(reportOf(...offs.map((off, i) => apart(`v${i + 1}`, off))), 'lip-sync');
    expect(said(160, -240)).toBe(
      'the sound of v1, v2 is not with its picture: 240 ms early for v2',
    );
    expect(said(-240, 160, 200)).toBe(
      'the sound of v1, v2, v3 is not with its picture: 240 ms early for v1',
    );
    expect(said(0, 10)).toBeUndefined();
  });

  it('lists six viewers and counts the others, from when the first had none', () => {
    const silent = Array.from({ length: 8 }, (_, i): Heard => ({
      picture: 'p'.repeat(40),
      sound: `${'s'.repeat(20 - i)}${'-'.repeat(10)}${'s'.repeat(10 + i)}`,
      viewer: { id: `v${i + 1}` },
    }));
    const finding = (count: number) =>
      reportOf(...silent.slice(0, count)).findings.find(({ rule }) => rule === 'silent');
    expect(finding(8)).toMatchObject({
      text: 'v1, v2, v3, v4, v5, v6 and 2 more had the picture of the programme without its sound, for up to 1s',
      atMs: 1300,
    });
    expect(finding(6)?.text).toMatch(/^v1, v2, v3, v4, v5, v6 had the picture/);
  });

  it('counts the programme that nobody listened to', () => {
    const report = reportOf({
      picture: 'p'.repeat(40),
      sound: `${'s'.repeat(20)}${'.'.repeat(20)}`,
    });
    expect(report.viewers[0]?.sound?.unheardMs).toBe(2000);
    const black = `${'p'.repeat(20)}${'b'.repeat(10)}${'p'.repeat(10)}`;
    const sound = `${'s'.repeat(20)}${'.'.repeat(10)}${'s'.repeat(10)}`;
    expect(reportOf({ picture: black, sound }).viewers[0]?.sound?.unheardMs).toBe(0);
  });
});

it.each([
  { fromMs: 'now', toMs: 0 },
  { fromMs: -250, toMs: 0, silent: [[1]] },
  { fromMs: -250, toMs: 0, bursts: [null] },
])('is no record with the sound %j', (sound) => {
  const player = { canPlay: true, bufferedMs: 0, lateMs: 0 };
  const frames = { type: 'frames', atMs: 1, viewer: 'v1', frames: [], player };
  expect(isRecord(frames)).toBe(true);
  expect(isRecord({ ...frames, player: { ...player, sound } })).toBe(false);
});

it.each([
  [4, true],
  [5, false],
  [6, true],
])('with a frame of %i numbers: a record is %s', (numbers, is) => {
  const player = { canPlay: true, bufferedMs: 0, lateMs: 0 };
  const frame = Array.from({ length: numbers }, (_, i) => i);
  expect(isRecord({ type: 'frames', atMs: 1, viewer: 'v1', frames: [frame], player })).toBe(is);
});

it.each([
  ['a stream in step', [0, 0, 0], { medianMs: 0, p95Ms: 0, shownMedianMs: 0 }],
  [
    'sound that is early by next to nothing',
    [-0.3, -0.3, -0.3],
    { medianMs: 0, p95Ms: 0, shownMedianMs: 0 },
  ],
  ['sound that is early', [-40, -40, -60], { medianMs: -40, p95Ms: 58, shownMedianMs: -40 }],
  ['sound that is late', [40, 60, 40], { medianMs: 40, p95Ms: 58, shownMedianMs: 40 }],
])('of all bursts of a calibration tells the middle and the worst: %s', (_, offs, told) => {
  const burstsMs = [1120, 2120, 3120].map((ms, i) => ms + 20 + offs[i]!);
  const heard = { picture: 'p'.repeat(40), sound: 's'.repeat(40), burstsMs };
  const deaf = { picture: 'p'.repeat(40), viewer: { id: 'v2' } };
  const records = [heard, deaf].flatMap(recordsOf);
  const viewers = [viewerOf(), viewerOf(deaf.viewer)];
  const reading = readLipSync(groupRecords(historyOf({ viewers, records })));
  expect(reading).toEqual({ bursts: 3, limitMs: 20, ...told });
  const quiet = historyOf({ viewers, records: recordsOf(deaf) });
  expect(readLipSync(groupRecords(quiet))).toBeUndefined();
});

it.each([
  ['in time', 30, 0, { medianMs: 30, shownMedianMs: 30 }],
  ['shown late by a busy machine', 0, 60, { medianMs: 0, shownMedianMs: -60 }],
])(
  'holds the sound of a calibration against when pictures were due: %s',
  (_, offMs, lateMs, told) => {
    const burstsMs = [1120, 2120, 3120].map((ms) => ms + 20 + offMs);
    // Two of three are late, and two of the three with a burst.
    const late = (n: number) => (n % 3 === 0 ? 0 : lateMs);
    const heard = { picture: 'p'.repeat(40), sound: 's'.repeat(40), burstsMs, lateMs: late };
    const history = historyOf({ viewers: [viewerOf()], records: recordsOf(heard) });
    expect(readLipSync(groupRecords(history))).toMatchObject(told);
  },
);

it('holds a picture against those of a second before and after it, and none further away', () => {
  // One picture a second: too early, in time, late with the burst, and in time.
  const lateMs = (n: number) => (n < 25 ? -100 : n > 50 && n < 75 ? 60 : 0);
  const heard = { picture: 'p'.repeat(40), sound: 's'.repeat(40), burstsMs: [2140], lateMs };
  const records = recordsOf(heard).map((record) =>
    record.type === 'frames'
      ? { ...record, frames: record.frames.filter(([, , counter]) => counter % 25 === 0) }
      : record,
  );
  const reading = readLipSync(groupRecords(historyOf({ viewers: [viewerOf()], records })));
  expect(reading).toMatchObject({ bursts: 1, medianMs: 0, shownMedianMs: -60 });
});

describe('silence while a run goes on', () => {
  const guardedBy = (text: string, heard: Heard) => {
    const { expectation } = parseExpectation(text);
    const guardrails = watchGuardrails({
      guardrails: [expectation!],
      viewers: [viewerOf(heard.viewer)],
      fps: 25,
      cutMs: 0,
    });
    return recordsOf(heard)
      .map((record) => {
        guardrails.record(record);
        return guardrails.breach(record.atMs)?.atMs;
      })
      .find((atMs) => atMs !== undefined);
  };
  const picture = 'p'.repeat(60);
  const sound = 's'.repeat(20) + '-'.repeat(30) + 's'.repeat(10);

  it('breaks a guardrail when it has lasted too long, and not before', () => {
    const atMs = guardedBy('max(silent) > 2s', { picture, sound });
    expect(atMs).toBeGreaterThan(4_000);
    expect(atMs).toBeLessThanOrEqual(4_000 + 2 * REPORT_MS);
    expect(guardedBy('max(silent) > 3100ms', { picture, sound })).toBeUndefined();
    expect(guardedBy('max(programmeLoss) > 2s', { picture, sound })).toBe(atMs);
  });

  it('is none without a picture, without sound before it, and as short as sound may be late', () => {
    const black = 'p'.repeat(20) + 'b'.repeat(30) + 'p'.repeat(10);
    const short = 's'.repeat(20) + '----' + 's'.repeat(36);
    expect(guardedBy('max(silent) > 1ms', { picture: black, sound })).toBeUndefined();
    expect(guardedBy('max(silent) > 1ms', { picture, sound: '-'.repeat(60) })).toBeUndefined();
    expect(guardedBy('max(silent) > 1ms', { picture, sound: short })).toBeUndefined();
  });

  it('is shown by the classifier and by the live view, and its time is no programme', () => {
    const records = recordsOf({ picture, sound });
    const classifier = liveClassifier({ viewers: [viewerOf()], fps: 25 });
    const track = createViewerTrack();
    const shown = records.map((record) => {
      classifier.record(record);
      if (record.type === 'viewer' || record.type === 'frames') track.record(record);
      const [viewer] = classifier.view(record.atMs);
      return { atMs: record.atMs, ...viewer, live: track.track.now(record.atMs) };
    });
    const at = (ms: number) => shown.find(({ atMs }) => atMs >= ms);
    expect([at(1_500)?.shows, at(1_500)?.live]).toEqual(['programme', 'programme']);
    expect([at(4_000)?.shows, at(4_000)?.live]).toEqual(['silent', 'silent']);
    expect([at(5_600)?.shows, at(5_600)?.live]).toEqual(['programme', 'programme']);
    expect(at(5_600)?.ledger?.silent).toBe(3_000);
    const last = shown.at(-1)!;
    const inAll = Object.values(last.ledger!).reduce((sum, ms) => sum + ms, 0);
    expect(inAll).toBeLessThanOrEqual(6_000);
  });
});
