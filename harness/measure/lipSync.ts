// Reads how far sound and picture were measured apart in a calibration.

import type { LipSyncReading } from '../model/calibration.ts';
import type { Recorded } from './recorded.ts';
import { lipErrors } from './sound.ts';
import { aggregate } from './statistics.ts';
import { LIP_SYNC_ERROR_MS_MAX } from './thresholds.ts';

/** All viewers and bursts of a calibration together; undefined where none was heard near its picture. */
export function readLipSync({
  run,
  tracks,
}: Pick<Recorded, 'run' | 'tracks'>): LipSyncReading | undefined {
  const { fps } = run.plan.scenario.design.media;
  const errors = tracks.flatMap((stored) => {
    const { sound, frames } = stored.unpack();
    return sound ? lipErrors(sound.burstsMs, { frames, fps }) : [];
  });
  if (errors.length === 0) return undefined;
  return {
    bursts: errors.length,
    limitMs: LIP_SYNC_ERROR_MS_MAX,
    medianMs: Math.round(aggregate('p50', errors)),
    p95Ms: Math.round(aggregate('p95', errors.map(Math.abs))),
  };
}
