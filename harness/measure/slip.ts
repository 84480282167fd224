// How far a viewer's playback fell behind. A browser that waits for the processor lets its media
// clock stand for a moment and goes on from there: no frame is missing, all of them come later, and
// what was on the screen meanwhile stayed there longer than it was put out for.

import { ageOfCounterMs } from '../model/frameClock.ts';
import { firstWhere, type Interval } from './spans.ts';
import { medianInPlace } from './statistics.ts';
import { isProgramme, type Track } from './tracks.ts';

/** Half a second at 25 fps: paints come on a grid of their own, one frame says little. */
const FRAMES = 12;

export interface SlipOptions {
  readonly startedAtEpochMs: number;
  readonly fps: number;
}

/** Growth of a viewer's latency over an interval; 0 where it showed no programme to tell by. */
export function slipsOf({ frames }: Track, options: SlipOptions): (over: Interval) => number {
  const atMs: number[] = [];
  const ageMs: number[] = [];
  for (let i = 0; i < frames.count; i++) {
    const counter = frames.counter[i]!;
    if (!isProgramme(frames, i) || counter === frames.counter[i - 1]) continue;
    const at = frames.atMs[i]!;
    atMs.push(at);
    ageMs.push(ageOfCounterMs(counter, options.startedAtEpochMs + at, options.fps));
  }
  const median = (from: number, to: number) =>
    medianInPlace(Float64Array.from(ageMs.slice(Math.max(0, from), to)));
  return ({ fromMs, toMs }) => {
    const begins = firstWhere(atMs.length, (i) => atMs[i]! >= fromMs);
    const ends = firstWhere(atMs.length, (i) => atMs[i]! >= toMs);
    const before = median(begins - FRAMES, begins);
    const after = median(ends, ends + FRAMES);
    return before === undefined || after === undefined ? 0 : after - before;
  };
}
