// Tells which programme a viewer showed when: the frame clocks of what was presented, both ways.

import { ageOfCounterMs } from '../model/frameClock.ts';
import { firstWhere, type Interval } from './spans.ts';
import { medianInPlace } from './statistics.ts';
import { isProgramme, type ViewerTrack } from './tracks.ts';

export interface PlaybackOptions {
  readonly startedAtEpochMs: number;
  readonly fps: number;
}

export interface Playback {
  /** When each new picture of the programme was presented, and how old it was then. */
  readonly atMs: Float64Array;
  readonly ageMs: Float64Array;
  /** When the programme made at this moment was, or would have been, on the screen. */
  readonly shownAtMs: (madeAtMs: number) => number | undefined;
  /** Age of the newest programme picture that was presented before this moment. */
  readonly ageBeforeMs: (atMs: number) => number | undefined;
  /**
   * Gives the time playback fell behind over an interval; 0 where there was no programme to tell
   * by. A browser that waits for the processor lets its media clock stand for a moment and goes on
   * from there: no frame is missing, all of them come later, and what was on the screen meanwhile
   * stayed there longer than it was put out for.
   */
  readonly slipMs: (over: Interval) => number;
}

/** Half a second at 25 fps: paints come on a grid of their own, one frame says little. */
const FRAMES = 12;

export function tracePlayback({ frames }: ViewerTrack, options: PlaybackOptions): Playback {
  const times = new Float64Array(frames.count);
  const ages = new Float64Array(frames.count);
  let count = 0;
  for (let i = 0; i < frames.count; i++) {
    const counter = frames.counter[i]!;
    if (!isProgramme(frames, i) || counter === frames.counter[i - 1]) continue;
    const at = frames.atMs[i]!;
    times[count] = at;
    ages[count] = ageOfCounterMs(counter, options.startedAtEpochMs + at, options.fps);
    count += 1;
  }
  const [atMs, ageMs] = [times.subarray(0, count), ages.subarray(0, count)];
  const median = (from: number, to: number) => medianInPlace(ageMs.slice(Math.max(0, from), to));
  return {
    atMs,
    ageMs,
    shownAtMs: (madeAtMs) => {
      const next = firstWhere(count, (i) => atMs[i]! - ageMs[i]! >= madeAtMs);
      return next < count ? madeAtMs + ageMs[next]! : undefined;
    },
    ageBeforeMs: (beforeMs) => ageMs[firstWhere(count, (i) => atMs[i]! >= beforeMs) - 1],
    slipMs: ({ fromMs, toMs }) => {
      const begins = firstWhere(count, (i) => atMs[i]! >= fromMs);
      const ends = firstWhere(count, (i) => atMs[i]! >= toMs);
      const before = median(begins - FRAMES, begins);
      const after = median(ends, ends + FRAMES);
      return before === undefined || after === undefined ? 0 : after - before;
    },
  };
}
