// Reads how far sound and picture were measured apart in a calibration.

import type { LipSyncReading } from '../model/calibration.ts';
import type { Recorded } from './recorded.ts';
import { lipErrors } from './sound.ts';
import { aggregate } from './statistics.ts';
import { LIP_SYNC_ERROR_MS_MAX, PAINT_MS } from './thresholds.ts';
import { isProgramme, type Frames } from './tracks.ts';

/** All viewers and bursts of a calibration together; undefined where none was heard near its picture. */
export function readLipSync({
  run,
  tracks,
}: Pick<Recorded, 'run' | 'tracks'>): LipSyncReading | undefined {
  const { fps } = run.plan.scenario.design.media;
  const [due, shown]: [number[], number[]] = [[], []];
  for (const stored of tracks) {
    const { sound, frames } = stored.unpack();
    if (!sound) continue;
    due.push(...lipErrors(sound.burstsMs, { frames, fps, timeOf: dueAt(frames, fps) }));
    shown.push(...lipErrors(sound.burstsMs, { frames, fps }));
  }
  if (due.length === 0 || shown.length === 0) return undefined;
  return {
    bursts: due.length,
    limitMs: LIP_SYNC_ERROR_MS_MAX,
    medianMs: wholeMs(aggregate('p50', due)),
    p95Ms: wholeMs(aggregate('p95', due.map(Math.abs))),
    shownMedianMs: wholeMs(aggregate('p50', shown)),
  };
}

/** JSON has no zero below zero, which rounding makes of what is a little less than nothing. */
const wholeMs = (ms: number): number => Math.round(ms) + 0;

/** The share of pictures that may be shown too early by themselves. */
const STRAY_SHARE = 0.05;

/**
 * Tells when a picture was due by those of a second before and after it that were in time: a busy
 * machine shows pictures late, and hardly any early.
 */
function dueAt(frames: Frames, fps: number) {
  const { atMs, counter, count } = frames;
  return (at: number): number => {
    const times: number[] = [];
    for (let i = Math.max(0, at - fps); i <= Math.min(at + fps, count - 1); i++) {
      const apart = counter[i]! - counter[at]!;
      const isNew = i === 0 || counter[i - 1] !== counter[i];
      if (isNew && Math.abs(apart) <= fps && isProgramme(frames, i))
        times.push(atMs[i]! - (apart * 1000) / fps);
    }
    times.sort((a, b) => a - b);
    const first = times[Math.floor(times.length * STRAY_SHARE)] ?? atMs[at]!;
    const inTime = times.filter((ms) => ms <= first + PAINT_MS);
    return inTime.reduce((sum, ms) => sum + ms, 0) / inTime.length;
  };
}
