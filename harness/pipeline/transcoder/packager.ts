// Frames in, published HLS out: runs the ladder encoder, names and numbers its segments, and hands
// them to one lane per rung. After a pause a new encoder begins, behind a discontinuity.

import type { MediaSettings } from '../../model/scenario.ts';
import { frameCounter } from '../pace.ts';
import { beginsSegment, segmentOfFrame, silenceBefore, timestampS } from './epochLock.ts';
import {
  firstFrame,
  type EncodedPart,
  type EncodedSegment,
  type LadderEncoder,
  type LadderOptions,
} from './ladder.ts';
import { partFrames, partMs } from './parts.ts';
import { startTracks, type PublishingOptions, type RungLanes } from './publishing.ts';
import type { TaggedSegment } from './timedMetadata.ts';
import { partName, segmentName } from './tracks.ts';

export interface PackagerOptions extends PublishingOptions {
  /** Puts timed metadata into a segment. */
  readonly tagged?: (segment: TaggedSegment) => Buffer;
  /** Starts an encoder of the ladder. */
  readonly encode: (life: EncoderLife) => LadderEncoder;
  readonly fail: (error: unknown) => void;
}

export type EncoderLife = Pick<LadderOptions, 'generation' | 'startsAtS' | 'onSegment' | 'onPart'>;

export interface FrameMark {
  /** Since the Unix epoch. */
  readonly frame: number;
  /** When the frame was put out. */
  readonly atEpochMs: number;
  /** Frame-clock counter of a picture of the programme. */
  readonly counter: number | undefined;
}

export interface Packager {
  /** False when the encoder is too late to take the frame. */
  readonly write: (picture: Buffer, sound: Buffer, mark: FrameMark) => boolean;
  /** Publishes what it has and then nothing until the next frame. */
  readonly pause: () => void;
  readonly segmentsDropped: number;
  /** Error of the clock that PROGRAM-DATE-TIME is written by. */
  skewMs: number;
  readonly stop: () => void;
}

/** One life of the encoder. */
interface Generation {
  readonly number: number;
  /** Time stamp of its first frame, in seconds. */
  readonly startsAtS: number;
  readonly encoder: LadderEncoder;
  /** Marks of the frames written, from the encoder's frame number `from` on. */
  marks: FrameMark[];
  from: number;
  /** Since the Unix epoch; the next one to be written. */
  nextFrame: number;
}

export function startPackager(options: PackagerOptions, signal: AbortSignal): Packager {
  const { media, epochLocked, clock } = options;
  const rungsFrom = (sequence: number) => startTracks(sequence, options, signal);
  // Numbers keep growing over a restart, because they follow the clock.
  let rungs = epochLocked ? undefined : rungsFrom(Math.floor(clock.epochMs() / media.segmentMs));
  let generation: Generation | undefined;
  let generations = 0;
  const begin = (frame: number): Generation => {
    const number = generations++;
    const lanes = (rungs ??= rungsFrom(segmentOfFrame(frame, media)));
    const startsAtS = epochLocked ? timestampS(frame, media) : 0;
    const take = <M extends EncodedPart | EncodedSegment>(how: Take<M>, made: M) => {
      const rung = lanes[made.rung] as RungLanes;
      // One after another, so that they stay in order.
      rung.taken = rung.taken
        .then(() => how(begun, made, rung, { ...options, skewMs: packager.skewMs }))
        .catch(options.fail);
    };
    const encoder = options.encode({
      generation: number,
      ...(epochLocked ? { startsAtS } : {}),
      onPart: (part) => take(takePart, part),
      onSegment: (segment) => take(takeSegment, segment),
    });
    const begun: Generation = { number, startsAtS, encoder, marks: [], from: 0, nextFrame: frame };
    void encoder.ended.then((error) => {
      if (generation === begun && !signal.aborted) options.fail(error);
    });
    return begun;
  };

  const packager: Packager = {
    skewMs: 0,
    write: (picture, sound, mark) => {
      // Nobody is to be sent segments: none are encoded.
      if (options.to.length === 0) return true;
      if (epochLocked && !generation && !beginsSegment(mark.frame, media)) return true;
      generation ??= begin(mark.frame);
      const written = { picture, sound, mark };
      return epochLocked ? writeInStep(generation, written, media) : writeTo(generation, written);
    },
    pause: () => {
      generation?.encoder.end();
      generation = undefined;
    },
    get segmentsDropped() {
      const lanes = (rungs ?? []).flatMap((rung) => rung.lanes);
      return lanes.reduce((sum, { lane }) => sum + lane.segmentsDropped, 0);
    },
    stop: () => generation?.encoder.kill(),
  };
  return packager;
}

interface Written {
  readonly picture: Buffer;
  readonly sound: Buffer;
  readonly mark: FrameMark;
}

function writeTo(generation: Generation, { picture, sound, mark }: Written): boolean {
  if (!generation.encoder.write(picture, sound)) return false;
  generation.marks.push(mark);
  return true;
}

/** Makes good with the next picture what was late or left out, or time stamps would fall behind. */
function writeInStep(generation: Generation, written: Written, media: MediaSettings): boolean {
  const { sound, mark } = written;
  for (; generation.nextFrame <= mark.frame; generation.nextFrame++) {
    const frame = generation.nextFrame;
    const own = { ...mark, frame, atEpochMs: (frame * 1000) / media.fps };
    const heard = frame === mark.frame ? sound : silenceBefore(frame, media);
    if (!writeTo(generation, { ...written, sound: heard, mark: own })) return false;
  }
  return true;
}

interface Taking extends Pick<PackagerOptions, 'media' | 'epochLocked' | 'clock' | 'tagged'> {
  readonly skewMs: number;
}

type Take<M> = (
  generation: Generation,
  made: M,
  rung: RungLanes,
  options: Taking,
) => void | Promise<void>;

const takeSegment: Take<EncodedSegment> = async (generation, segment, rung, options) => {
  const { media, epochLocked, tagged } = options;
  const { index } = segment;
  const marks = marksOf(generation, index, media);
  const known = describe(generation, index, options);
  const sequence = rung.nextSequence++;
  forgetMarks(generation, index, media);
  const made = await segment.take();
  const parts = rung.parts.splice(0);
  const startS = generation.startsAtS + firstFrame(index, media) / media.fps;
  const tag = () => tagged?.({ body: made, track: segment.rung, startS }) ?? made;
  const body = parts.length > 0 ? Buffer.concat(parts) : tag();
  rung.init ??= await segment.init?.();
  const newest = marks.findLast((mark) => mark.counter !== undefined)?.counter;
  // Twins are never the same distance behind the programme, and their names must not differ.
  const counter = epochLocked && newest !== undefined ? frameCounter(marks.at(-1)!.frame) : newest;
  const { startEpochMs } = known;
  const name = segmentName({ sequence, counter, startEpochMs }, media);
  const durationMs = (marks.length * 1000) / media.fps;
  for (const { lane, uploader } of rung.lanes) {
    lane.add({ ...known, name, durationMs, body });
    uploader.wake();
  }
};

/** Parts of a segment come in order, and before it. */
const takePart: Take<EncodedPart> = async (generation, made, rung, options) => {
  const { media, tagged } = options;
  const { index, part } = made;
  rung.init ??= await made.init();
  const frames = part * partFrames(media);
  const startS = generation.startsAtS + (firstFrame(index, media) + frames) / media.fps;
  const body = tagged?.({ body: made.body, track: made.rung, startS }) ?? made.body;
  rung.parts.push(body);
  const leftMs = ((marksOf(generation, index, media).length - frames) * 1000) / media.fps;
  if (leftMs <= 0) return;
  const segment = { ...describe(generation, index, options), durationMs: media.segmentMs };
  const published = {
    name: partName(rung.nextSequence, part),
    durationMs: Math.min(partMs(media), leftMs),
    independent: part === 0,
  };
  for (const { lane, uploader } of rung.lanes) {
    lane.addPart({ segment, part: { ...published, body } });
    uploader.wake();
  }
};

/** Marks of the frames that are in a segment so far. */
const marksOf = ({ marks, from }: Generation, index: number, media: MediaSettings) =>
  marks.slice(firstFrame(index, media) - from, firstFrame(index + 1, media) - from);

/** Says of a segment what is known from its first frame on. */
function describe(generation: Generation, index: number, { media, clock, skewMs }: Taking) {
  const [first] = marksOf(generation, index, media);
  const startEpochMs = first?.atEpochMs ?? clock.epochMs();
  const discontinuity = index === 0 && generation.number > 0;
  return { startEpochMs, dateEpochMs: startEpochMs + skewMs, discontinuity };
}

/** Rungs complete a segment within moments of each other; two segments back is surely done. */
function forgetMarks(generation: Generation, index: number, media: MediaSettings): void {
  const keepFrom = firstFrame(Math.max(0, index - 2), media);
  generation.marks = generation.marks.slice(keepFrom - generation.from);
  generation.from = keepFrom;
}
