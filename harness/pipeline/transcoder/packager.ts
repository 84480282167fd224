// Frames in, published HLS out: runs the ladder encoder, names and numbers its segments, and hands
// them to one lane per rung. After a pause a new encoder begins, behind a discontinuity.

import { readFile, unlink } from 'node:fs/promises';
import { systemClock } from '../../kernel/clock.ts';
import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { toolError } from '../tool.ts';
import { createLane, type Lane } from './lane.ts';
import { firstFrameOf, startLadder, type EncodedSegment, type LadderEncoder } from './ladder.ts';
import { multivariantPlaylist, rungFolder } from './playlist.ts';
import { startUploader, type UploadCounters, type Uploader } from './uploader.ts';

export interface PackagerOptions {
  readonly ffmpeg: string;
  readonly media: MediaSettings;
  readonly workDir: string;
  readonly channel: string;
  readonly upload: UploadSettings;
  /** Origins: everything is published at each of them, whatever becomes of it at the others. */
  readonly to: readonly Address[];
  readonly counters: UploadCounters;
  readonly log: (text: string) => void;
  readonly fail: (error: unknown) => void;
}

export interface FrameMark {
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
  readonly encoder: LadderEncoder;
  /** Marks of the frames written, from frame number `from` on. */
  marks: FrameMark[];
  from: number;
}

interface RungLanes {
  /** One for each origin. */
  readonly lanes: readonly Publishing[];
  nextSequence: number;
  /** Settles when the segments so far are in the lane. */
  taken: Promise<void>;
}

interface Publishing {
  readonly lane: Lane;
  readonly uploader: Uploader;
}

export function startPackager(options: PackagerOptions, signal: AbortSignal): Packager {
  const { media } = options;
  // Numbers keep growing over a restart, because they follow the clock.
  const sequence = Math.floor(systemClock.epochMs() / media.segmentMs);
  const rungs = media.ladder.map((_, rung) => startRung(rung, sequence, options, signal));
  let generation: Generation | undefined;
  let generations = 0;
  const begin = (): Generation => {
    const number = generations++;
    const encoder = startLadder({
      ...options,
      generation: number,
      onSegment: (segment) => {
        const rung = rungs[segment.rung] as RungLanes;
        // One after another, so that they stay in order.
        rung.taken = rung.taken
          .then(() => take(begun, segment, rung, { media, skewMs: packager.skewMs }))
          .catch(options.fail);
      },
    });
    const begun: Generation = { number, encoder, marks: [], from: 0 };
    void encoder.exited.then((exit) => {
      if (generation !== begun || signal.aborted) return;
      options.fail(toolError('ladder ffmpeg', options.ffmpeg, exit));
    });
    return begun;
  };

  const packager: Packager = {
    skewMs: 0,
    write: (picture, sound, mark) => {
      generation ??= begin();
      if (!generation.encoder.write(picture, sound)) return false;
      generation.marks.push(mark);
      return true;
    },
    pause: () => {
      generation?.encoder.end();
      generation = undefined;
    },
    get segmentsDropped() {
      const lanes = rungs.flatMap((rung) => rung.lanes);
      return lanes.reduce((sum, { lane }) => sum + lane.segmentsDropped, 0);
    },
    stop: () => generation?.encoder.kill(),
  };
  return packager;
}

/**
 * hls.js keeps an array indexed by the discontinuity sequence and walks it from 0 at every refresh
 * (1.7.4, `initPTS.some`): a number as large as the media sequence hangs its page for minutes.
 */
const DISCONTINUITY_SPAN = 10_000;

function startRung(
  rung: number,
  sequence: number,
  options: PackagerOptions,
  signal: AbortSignal,
): RungLanes {
  const lanes = options.to.map((to) => publishTo(to, { rung, sequence }, options, signal));
  return { lanes, nextSequence: sequence, taken: Promise.resolve() };
}

function publishTo(
  to: Address,
  { rung, sequence }: { readonly rung: number; readonly sequence: number },
  options: PackagerOptions,
  signal: AbortSignal,
): Publishing {
  const { media, upload, channel, counters, log } = options;
  const { segmentMs, playlistSegments } = media;
  const lane = createLane({
    ...{ upload, segmentMs, playlistSegments, sequence },
    // A restarted transcoder begins a new time line, which players must not take for the old one.
    discontinuitySequence: sequence % DISCONTINUITY_SPAN,
  });
  const uploadOptions = { to, root: `/${channel}`, timeoutMs: upload.timeoutMs, counters, log };
  const multivariant = rung === 0 ? { multivariant: multivariantPlaylist(media) } : {};
  const uploader = startUploader(
    lane,
    { ...uploadOptions, folder: rungFolder(rung), ...multivariant },
    signal,
  );
  return { lane, uploader };
}

async function take(
  generation: Generation,
  { index, file }: EncodedSegment,
  rung: RungLanes,
  { media, skewMs }: { readonly media: MediaSettings; readonly skewMs: number },
): Promise<void> {
  const sequence = rung.nextSequence++;
  const first = firstFrameOf(index, media) - generation.from;
  const marks = generation.marks.slice(first, firstFrameOf(index + 1, media) - generation.from);
  forgetMarks(generation, index, media);
  const body = await readFile(file);
  await unlink(file);
  const startEpochMs = marks[0]?.atEpochMs ?? systemClock.epochMs();
  const counter = marks.findLast((mark) => mark.counter !== undefined)?.counter;
  const segment = {
    name: counter === undefined ? `${sequence}.ts` : `${sequence}-${counter}.ts`,
    durationMs: (marks.length * 1000) / media.fps,
    startEpochMs,
    dateEpochMs: startEpochMs + skewMs,
    discontinuity: index === 0 && generation.number > 0,
    body,
  };
  for (const { lane, uploader } of rung.lanes) {
    lane.add(segment);
    uploader.wake();
  }
}

/** Rungs complete a segment within moments of each other; two segments back is surely done. */
function forgetMarks(generation: Generation, index: number, media: MediaSettings): void {
  const keepFrom = firstFrameOf(Math.max(0, index - 2), media);
  generation.marks = generation.marks.slice(keepFrom - generation.from);
  generation.from = keepFrom;
}
