// Gathers what was heard of one viewer while its record is read.

import type { FramesRecord } from '../model/history.ts';
import { packed } from './packed.ts';
import { union, type Interval } from './spans.ts';
import { SOUND_GAP_MS } from './thresholds.ts';

/** Everything that was heard of one viewer, in order of time. */
export interface Sound {
  readonly heard: readonly Interval[];
  readonly silent: readonly Interval[];
  /** The middle of each burst that is locked to the frame clock. */
  readonly burstsMs: Float64Array;
}

export interface GrowingSound {
  readonly push: (record: FramesRecord) => void;
  /** Undefined where nobody listened. */
  readonly stored: () => Sound | undefined;
}

export function growingSound(): GrowingSound {
  const [heard, silent] = [growingIntervals(), growingIntervals()];
  const bursts = packed();
  return {
    push: ({ atMs, player: { sound } }) => {
      if (!sound) return;
      heard.push({ fromMs: atMs + sound.fromMs, toMs: atMs + sound.toMs });
      for (const [fromMs, toMs] of sound.silent ?? [])
        silent.push({ fromMs: atMs + fromMs, toMs: atMs + toMs });
      for (const at of sound.bursts ?? []) bursts.push(Math.round((atMs + at) * 10) / 10);
    },
    stored: () =>
      heard.count === 0
        ? undefined
        : { heard: heard.all(), silent: silent.all(), burstsMs: bursts.unpack().toSorted() },
  };
}

/** Joins an interval to the last one where it goes on from its end. */
function growingIntervals() {
  const intervals: Interval[] = [];
  return {
    get count() {
      return intervals.length;
    },
    push: (next: Interval): void => {
      intervals.push(...union([...intervals.splice(-1), next], SOUND_GAP_MS));
    },
    all: () => union(intervals, SOUND_GAP_MS),
  };
}
