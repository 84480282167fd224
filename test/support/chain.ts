// A small chain in virtual time, frame by frame: playout, link up, the transcoder's own mixer, link
// down, origin and edge, and a player that is some segments behind live. It knows when each frame was
// made and when it was shown, so what a viewer really lost is counted and not measured.

import { counterAt } from '../../harness/model/frameClock.ts';
import {
  MARK,
  type FrameSample,
  type HistoryRecord,
  type StatsRecord,
} from '../../harness/model/history.ts';
import { counted } from './counted.ts';
import { createMixer } from '../../harness/pipeline/transcoder/mixer.ts';

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
}

const FPS = 25;
const FRAME_MS = 1000 / FPS;
const SEGMENT_FRAMES = 50;
const REPORT_FRAMES = 6;
/** From a frame's making to its arrival at the transcoder. */
const UP_MS = 160;
/** Encoding of a segment and its way to the edge. */
const DOWN_MS = 200;
/** A killed stage works again this long after it was started again. */
const START_MS = 800;
/** Long enough for every viewer to come back, whatever happened. */
export const AFTER_MS = 60_000;
const STARTED_AT_EPOCH_MS = 1_757_708_100_000;

/** A frame as it goes through the chain: its counter, or what is shown instead. */
type Frame = number | 'black' | 'repeat';

interface Segment {
  readonly frames: readonly Frame[];
  /** When its last frame was put out. */
  readonly readyMs: number;
}

/** Answers the records of stage and viewer, and how long the viewer really was without the programme. */
export function sendThrough(options: ChainOptions) {
  const untilMs = backMs(options) + AFTER_MS;
  const { segments, stats } = transcode(options, untilMs);
  const { screen, records } = watchTelevision(publish(segments, options), options, untilMs);
  return { records: [...stats, ...records], lostMs: lostOn(screen) };
}

/** A stage is not back at once. */
export const backMs = ({ kind, atMs, forMs }: ChainOptions): number =>
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
      stats.push(counted({ atMs: t, stage: 'transcoder.one', ...report }));
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
