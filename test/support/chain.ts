// A small chain in virtual time, frame by frame: playout, link up, the transcoder's own mixer, link
// down, origin and edge, and a player that is some segments behind live. It knows when each frame was
// made and when it was shown, so what a viewer really lost is counted and not measured. It writes
// the records that a run would, for the run's watch and for the judge.

import { counterAt } from '../../harness/model/frameClock.ts';
import {
  MARK,
  type FrameSample,
  type History,
  type HistoryRecord,
  type StatsRecord,
} from '../../harness/model/history.ts';
import type { PlannedAction } from '../../harness/model/plan.ts';
import type { Expectation, Fault } from '../../harness/model/scenario.ts';
import { createMixer } from '../../harness/pipeline/transcoder/mixer.ts';
import { createSteadyWatch } from '../../harness/run/steadyWatch.ts';
import { historyOf, viewerOf } from './strip.ts';

type Place = 'playout' | 'connect-up' | 'transcoder' | 'connect-down' | 'edge';
const KINDS = ['black', 'frozen', 'cut', 'kill'] as const;
type Kind = (typeof KINDS)[number];

/** Pictures go wrong at their source, links are cut, stages are killed. */
const PLACES_OF: Readonly<Record<Kind, readonly Place[]>> = {
  black: ['playout'],
  frozen: ['playout'],
  cut: ['connect-up', 'connect-down'],
  kill: ['playout', 'transcoder', 'edge'],
};
export const HAPPENINGS = KINDS.flatMap((kind) =>
  PLACES_OF[kind].map((place) => ({ kind, place })),
);

export interface ChainOptions {
  readonly kind: Kind;
  readonly place: Place;
  readonly atMs: number;
  readonly forMs: number;
  /** Segments between the newest one and the one a player begins with. */
  readonly segmentsBehind: number;
  /** After a stall the player goes on so far behind as it began; else from where it stopped. */
  readonly jumps?: boolean;
  readonly recoverWithinMs?: number;
  readonly expectations?: readonly Expectation[];
}

export interface PlayedChain {
  /** As the run would have recorded it: it ends when the run's watch waits for nobody any more. */
  readonly history: History;
  /** Time without the programme, from the first picture on, however long it takes to come. */
  readonly lostMs: number;
  /** The record of the whole, cut off at this moment as if the run had ended then. */
  readonly endedAt: (endMs: number) => History;
  readonly healedMs: number;
  readonly endMs: number;
}

const FPS = 25;
const FRAME_MS = 1000 / FPS;
const SEGMENT_FRAMES = 50;
const REPORT_FRAMES = 6;
const LOOK_MS = 100;
/** From a frame's making to its arrival at the transcoder. */
const UP_MS = 160;
/** Encoding of a segment and its way to the edge. */
const DOWN_MS = 200;
/** A killed stage works again this long after it was started again. */
const START_MS = 800;
const HOLD_MS = 3000;
/** Long enough for every viewer to come back, whatever happened. */
const AFTER_MS = 60_000;
const STARTED_AT_EPOCH_MS = 1_757_708_100_000;

/** A frame as it goes through the chain: its counter, or what is shown instead. */
type Frame = number | 'black' | 'repeat';

interface Segment {
  readonly frames: readonly Frame[];
  /** When its last frame was put out. */
  readonly readyMs: number;
}

export function playChain(options: ChainOptions): PlayedChain {
  const untilMs = backMs(options) + AFTER_MS;
  const { segments, stats } = transcode(options, untilMs);
  const { screen, records } = watchTelevision(publish(segments, options), options, untilMs);
  const parts = partsOf(options, [...stats, ...records]);
  const endedAt = (endMs: number) => ended(parts, endMs);
  const endMs = runEndsAt(parts, options);
  const healedMs = backMs(options);
  return { history: endedAt(endMs), lostMs: lostOn(screen), endedAt, healedMs, endMs };
}

/** A stage is not back at once. */
const backMs = ({ kind, atMs, forMs }: ChainOptions): number =>
  atMs + forMs + (kind === 'kill' ? START_MS : 0);

/** Is the fault in force there at that moment? */
const isHit = (options: ChainOptions, place: Place, t: number): boolean =>
  options.place === place && options.atMs <= t && t < backMs(options);

/** Lets the transcoder's own mixer put frames out, and reports as a transcoder does. */
function transcode(options: ChainOptions, untilMs: number) {
  let mixer = newMixer();
  let counters = { framesIn: 0, framesOut: 0, framesFilled: 0 };
  let newest: number | undefined;
  let frozen: number | undefined;
  let frames: Frame[] = [];
  const segments: Segment[] = [];
  const stats: StatsRecord[] = [];
  for (let n = 0, t = 0; t < untilMs; t = ++n * FRAME_MS) {
    if (isHit(options, 'transcoder', t)) {
      // A segment under way is gone with its encoder.
      frames = [];
      mixer = newMixer();
      counters = { framesIn: 0, framesOut: 0, framesFilled: 0 };
      newest = undefined;
      continue;
    }
    const sent = sentAt(t - UP_MS, options, frozen);
    if (options.kind === 'frozen' && isHit(options, 'playout', t - UP_MS)) frozen ??= sent?.counter;
    if (sent) {
      counters.framesIn++;
      newest = sent.counter ?? newest;
      mixer.picture(sent, t);
    }
    const output = mixer.tick(t);
    if (output.kind !== 'paused') {
      counters.framesOut++;
      if (output.kind !== 'programme') counters.framesFilled++;
      frames.push(frameOf(output));
    }
    if (frames.length === SEGMENT_FRAMES) {
      segments.push({ frames, readyMs: t });
      frames = [];
    }
    const programme = newest === undefined ? {} : { programmeCounter: newest };
    const fill: StatsRecord['fill'] = output.kind === 'programme' ? 'none' : output.kind;
    const report = { ...counters, ...programme, fill, uploads: segments.length, channelIn: 1 };
    if (n % REPORT_FRAMES === 0)
      stats.push({ type: 'stats', atMs: t, stage: 'transcoder.one', ...report });
  }
  return { segments, stats };
}

interface Sent {
  readonly counter: number | undefined;
}

const newMixer = () =>
  createMixer<Sent>({
    inputLoss: { repeatMs: 1000, blackMs: 1000, then: 'black' },
    failBackMs: 500,
    inputLossAction: 'emit',
  });

function frameOf(output: ReturnType<ReturnType<typeof newMixer>['tick']>): Frame {
  if (output.kind === 'programme') return output.picture.counter ?? 'black';
  return output.kind === 'repeat' ? 'repeat' : 'black';
}

/** The frame that was made at that moment, as it arrives at the transcoder; undefined when it does not. */
function sentAt(
  madeMs: number,
  options: ChainOptions,
  frozen: number | undefined,
): Sent | undefined {
  if (madeMs < 0) return undefined;
  const own = counterAt(STARTED_AT_EPOCH_MS + madeMs, FPS);
  if (isHit(options, 'connect-up', madeMs)) return undefined;
  if (!isHit(options, 'playout', madeMs)) return { counter: own };
  if (options.kind === 'kill') return undefined;
  return { counter: options.kind === 'black' ? undefined : (frozen ?? own) };
}

/** When each segment is at the edge: after a cut of the way down all come that are not too old. */
function publish(
  segments: readonly Segment[],
  options: ChainOptions,
): (Segment & { atMs: number })[] {
  const healedMs = backMs(options);
  return segments.flatMap((segment) => {
    const atMs = segment.readyMs + DOWN_MS;
    if (!isHit(options, 'connect-down', atMs)) return [{ ...segment, atMs }];
    return healedMs - segment.readyMs > 8000 ? [] : [{ ...segment, atMs: healedMs }];
  });
}

type Shown = Frame | 'stalled';

/** One frame a step on the screen, and the records of the page. */
function watchTelevision(
  published: readonly (Segment & { atMs: number })[],
  options: ChainOptions,
  untilMs: number,
) {
  const records: HistoryRecord[] = [];
  const screen: Shown[] = [];
  const buffer: Frame[] = [];
  let taken: number | undefined;
  let waits = false;
  let shown: number | undefined;
  let unsent: FrameSample[] = [];
  const event = (name: 'join' | 'waiting' | 'playing', atMs: number) =>
    records.push({ type: 'viewer', viewer: 'v1', event: name, atMs });
  const joinMs = published[options.segmentsBehind]!.atMs;
  event('join', joinMs);
  for (let n = Math.ceil(joinMs / FRAME_MS); n * FRAME_MS < untilMs; n++) {
    const t = n * FRAME_MS;
    const there = published.filter(({ atMs }) => atMs <= t).length;
    taken ??= there - 1 - options.segmentsBehind;
    if (!isHit(options, 'edge', t))
      for (; taken < there; taken++) buffer.push(...published[taken]!.frames);
    if (buffer.length === 0 || (waits && buffer.length < SEGMENT_FRAMES)) {
      if (!waits) event('waiting', t);
      waits = true;
      screen.push('stalled');
    } else {
      if (waits) event('playing', t);
      if (waits && options.jumps)
        buffer.splice(0, buffer.length - (options.segmentsBehind + 1) * SEGMENT_FRAMES);
      waits = false;
      const frame = buffer.shift()!;
      if (typeof frame === 'number') shown = frame;
      screen.push(frame);
      unsent.push(sampleOf(t, frame, shown));
    }
    if (n % REPORT_FRAMES > 0) continue;
    const player = { canPlay: !waits, bufferedMs: buffer.length * FRAME_MS, lateMs: 0 };
    records.push({ type: 'frames', atMs: t + 1, viewer: 'v1', frames: unsent, player });
    unsent = [];
  }
  return { screen, records };
}

const sampleOf = (t: number, frame: Frame, shown: number | undefined): FrameSample =>
  frame === 'black'
    ? [t, MARK.none, -1, 0]
    : [t, MARK.programme, frame === 'repeat' ? (shown ?? -1) : frame, 120];

/** Frames on the screen that are not new ones of the programme. */
function lostOn(screen: readonly Shown[]): number {
  let newest = -1;
  let lost = 0;
  for (const frame of screen) {
    if (typeof frame === 'number' && frame > newest) newest = frame;
    else lost++;
  }
  return lost * FRAME_MS;
}

type Parts = Parameters<typeof historyOf>[0];

function partsOf(options: ChainOptions, records: readonly HistoryRecord[]): Parts {
  const inject = actionOf('inject', options);
  const heal = actionOf('heal', options);
  return {
    viewers: [viewerOf()],
    actions: [inject, heal],
    expectations: options.expectations ?? [],
    scenario: { steady: { holdMs: HOLD_MS, withinMs: 60_000 } },
    records: [
      ...records,
      ...carriedOut(inject, options.atMs),
      ...carriedOut(heal, backMs(options)),
    ].toSorted((a, b) => a.atMs - b.atMs),
  };
}

function actionOf(does: 'inject' | 'heal', options: ChainOptions): PlannedAction {
  const atMs = does === 'inject' ? options.atMs : options.atMs + options.forMs;
  const times = { atMs, scenarioAtMs: atMs, window: undefined, expect: '' };
  return { id: `fault:${does}`, does, of: 'fault', fault: faultOf(options), ...times };
}

function faultOf({ kind, place }: ChainOptions): Fault {
  const channels = ['one'];
  switch (kind) {
    case 'cut':
      return { kind, effect: 'drop', links: [place], channels };
    case 'kill':
      return { kind: 'stage', does: kind, stages: [place], channels, links: [] };
    case 'black':
    case 'frozen':
      return { kind: 'content', shows: kind, stages: [place], channels, links: [] };
  }
}

function carriedOut({ id, does, fault }: PlannedAction, doneAtMs: number): HistoryRecord[] {
  const link = ['stages' in fault ? fault.stages : fault.links].flat()[0] ?? '';
  const at = { atMs: doneAtMs, action: id };
  return [
    { type: 'action', ...at, does, plannedAtMs: doneAtMs, doneAtMs },
    { type: 'proof', ...at, link, proven: true, witness: 'the chain', observed: 'it did' },
  ];
}

/** When the run's own watch waits for nobody any more, or its patience ends. */
function runEndsAt(parts: Parts, options: ChainOptions): number {
  const { plan, startedAtEpochMs } = ended(parts, 0).run;
  const watch = createSteadyWatch({ plan, viewers: parts.viewers, startedAtEpochMs });
  const deadlineMs = backMs(options) + (options.recoverWithinMs ?? AFTER_MS);
  let next = 0;
  for (let t = backMs(options); t < deadlineMs; t += LOOK_MS) {
    for (; next < parts.records.length && parts.records[next]!.atMs <= t; next++)
      watch.record(parts.records[next]!);
    if (watch.waitingFor(t).length === 0) return t;
  }
  return deadlineMs;
}

/** The record up to a moment, in which the viewer leaves and the run is complete. */
function ended(parts: Parts, endMs: number): History {
  const leave: HistoryRecord = { type: 'viewer', atMs: endMs, viewer: 'v1', event: 'leave' };
  const records = parts.records.filter(({ atMs }) => atMs <= endMs);
  return historyOf({ ...parts, records: [...records, leave] });
}
