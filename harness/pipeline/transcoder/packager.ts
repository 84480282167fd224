// Frames in, published HLS out: runs the ladder encoder, names and numbers its segments, and hands
// them to one lane per rung. After a pause a new encoder begins, behind a discontinuity.

import type { Clock } from '../../kernel/clock.ts';
import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { frameCounter } from '../pace.ts';
import { beginsSegment, segmentOfFrame, silenceBefore, timestampS } from './epochLock.ts';
import { createLane, type Lane, type LaneOptions } from './lane.ts';
import {
  firstFrame,
  type EncodedSegment,
  type LadderEncoder,
  type LadderOptions,
} from './ladder.ts';
import { createManifestLane } from './manifestLane.ts';
import { multivariantPlaylist } from './playlist.ts';
import type { TaggedSegment } from './timedMetadata.ts';
import { INIT, rungFolder, segmentName, trackFolders } from './tracks.ts';
import {
  startUploader,
  type Send,
  type UploadCounters,
  type Uploader,
  type UploadOptions,
} from './uploader.ts';

export interface PackagerOptions extends Pick<LaneOptions, 'dateRanges'> {
  readonly clock: Clock;
  /** Puts timed metadata into a segment. */
  readonly tagged?: (segment: TaggedSegment) => Buffer;
  /** Starts an encoder of the ladder. */
  readonly encode: (life: EncoderLife) => LadderEncoder;
  /** Gives the way to an origin. */
  readonly sendTo: (to: Address) => Send;
  readonly media: MediaSettings;
  readonly channel: string;
  readonly upload: UploadSettings;
  /** Segments and time stamps follow the clock (epochLock.ts). */
  readonly epochLocked: boolean;
  /** Origins: everything is published at each of them, whatever becomes of it at the others. */
  readonly to: readonly Address[];
  readonly counters: UploadCounters;
  readonly log: (text: string) => void;
  readonly fail: (error: unknown) => void;
}

export type EncoderLife = Pick<LadderOptions, 'generation' | 'startsAtS' | 'onSegment'>;

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

interface RungLanes {
  /** One for each origin. */
  readonly lanes: readonly Publishing[];
  nextSequence: number;
  /** The head of its segments, once it is known. */
  init: Buffer | undefined;
  /** Settles when the segments so far are in the lane. */
  taken: Promise<void>;
}

interface Publishing {
  readonly lane: Lane;
  readonly uploader: Uploader;
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
    const encoder = options.encode({
      generation: number,
      ...(epochLocked ? { startsAtS } : {}),
      onSegment: (segment) => {
        const rung = lanes[segment.rung] as RungLanes;
        // One after another, so that they stay in order.
        rung.taken = rung.taken
          .then(() => take(begun, segment, rung, { ...options, skewMs: packager.skewMs }))
          .catch(options.fail);
      },
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

/**
 * hls.js keeps an array indexed by the discontinuity sequence and walks it from 0 at every refresh
 * (1.7.4, `initPTS.some`): a number as large as the media sequence hangs its page for minutes.
 */
const DISCONTINUITY_SPAN = 10_000;
/** A player that comes from the twin is up to so many segments from the live edge (docs/sources.md 2.3). */
const SEGMENTS_TO_COME_TO = 3;

function startTracks(
  sequence: number,
  options: PackagerOptions,
  signal: AbortSignal,
): readonly RungLanes[] {
  const tracks = trackFolders(options.media).map((folder): RungLanes => {
    const publishing: Publishing[] = [];
    const track = {
      lanes: publishing,
      nextSequence: sequence,
      init: undefined,
      taken: Promise.resolve(),
    };
    for (const to of options.to)
      publishing.push(publishTo(to, { folder, sequence, track }, options, signal));
    return track;
  });
  if (options.media.container === 'cmaf')
    options.to.forEach((to, at) => {
      const lanes = tracks.map((track) => track.lanes[at]!.lane);
      const { upload, media } = options;
      const uploading = { ...uploadOptions(to, options), folder: '', playlist: 'index.mpd' };
      startUploader(createManifestLane({ lanes, media, upload }), uploading, signal);
    });
  return tracks;
}

const uploadOptions = (
  to: Address,
  { clock, channel, upload, counters, log, sendTo }: PackagerOptions,
): UploadOptions => ({
  clock,
  send: sendTo(to),
  root: `/${channel}`,
  timeoutMs: upload.timeoutMs,
  counters,
  log,
});

interface Track {
  readonly folder: string;
  readonly sequence: number;
  readonly track: Pick<RungLanes, 'init'>;
}

function publishTo(
  to: Address,
  { folder, sequence, track }: Track,
  options: PackagerOptions,
  signal: AbortSignal,
): Publishing {
  const { media, upload, epochLocked } = options;
  const { segmentMs, playlistSegments, container } = media;
  const lane = createLane({
    upload,
    segmentMs,
    playlistSegments,
    sequence,
    init: container && INIT,
    dateRanges: options.dateRanges,
    // A restarted transcoder begins a new time line, which players must not take for the old one.
    ...(epochLocked
      ? { discontinuitySequence: 0, firstSegments: SEGMENTS_TO_COME_TO }
      : { discontinuitySequence: sequence % DISCONTINUITY_SPAN }),
  });
  const multivariant = { path: 'index.m3u8', body: () => multivariantPlaylist(media) };
  const standing = [
    ...(folder === rungFolder(0) ? [multivariant] : []),
    ...(container ? [{ path: `${folder}/${INIT}`, body: () => track.init }] : []),
  ];
  const uploading = { ...uploadOptions(to, options), folder, standing };
  return { lane, uploader: startUploader(lane, uploading, signal) };
}

interface Taking extends Pick<PackagerOptions, 'media' | 'epochLocked' | 'clock' | 'tagged'> {
  readonly skewMs: number;
}

async function take(
  generation: Generation,
  segment: EncodedSegment,
  rung: RungLanes,
  { media, epochLocked, clock, tagged, skewMs }: Taking,
): Promise<void> {
  const { index } = segment;
  const sequence = rung.nextSequence++;
  const first = firstFrame(index, media) - generation.from;
  const marks = generation.marks.slice(first, firstFrame(index + 1, media) - generation.from);
  forgetMarks(generation, index, media);
  const startS = generation.startsAtS + firstFrame(index, media) / media.fps;
  const made = await segment.take();
  const body = tagged?.({ body: made, track: segment.rung, startS }) ?? made;
  rung.init ??= await segment.init?.();
  const startEpochMs = marks[0]?.atEpochMs ?? clock.epochMs();
  const newest = marks.findLast((mark) => mark.counter !== undefined)?.counter;
  // Twins are never the same distance behind the programme, and their names must not differ.
  const counter = epochLocked && newest !== undefined ? frameCounter(marks.at(-1)!.frame) : newest;
  const published = {
    name: segmentName({ sequence, counter, startEpochMs }, media),
    durationMs: (marks.length * 1000) / media.fps,
    startEpochMs,
    dateEpochMs: startEpochMs + skewMs,
    discontinuity: index === 0 && generation.number > 0,
    body,
  };
  for (const { lane, uploader } of rung.lanes) {
    lane.add(published);
    uploader.wake();
  }
}

/** Rungs complete a segment within moments of each other; two segments back is surely done. */
function forgetMarks(generation: Generation, index: number, media: MediaSettings): void {
  const keepFrom = firstFrame(Math.max(0, index - 2), media);
  generation.marks = generation.marks.slice(keepFrom - generation.from);
  generation.from = keepFrom;
}
