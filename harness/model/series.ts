// Runs of one series over time.

import type { Compared } from './comparison.ts';
import type { IndexedRun } from './indexedRun.ts';
import type { Range } from './range.ts';

/** Runs that are looked at for flapping and levels; older ones are another time. */
export const LOOKED_AT = 50;

export interface Series {
  readonly name: string;
  /** The oldest first. */
  readonly runs: readonly IndexedRun[];
  /** Conclusive verdicts turned over at least twice of late, with nothing else changed in the call. */
  readonly flaky: boolean;
  readonly figures: readonly Trend[];
}

export interface Trend {
  readonly metric: Compared;
  readonly last: Range;
  /** Spread of all values; a run that proves nothing has none. */
  readonly values: readonly number[];
  readonly median: number;
  /** Half of the values are at most so far from the median, scaled to a standard deviation. */
  readonly spread: number;
  /** The spread is larger than the ruler's error and a quarter of the median. */
  readonly noisy: boolean;
  /** The first run of a new level, and the medians before and from it on. */
  readonly change?: { readonly at: IndexedRun; readonly before: number; readonly after: number };
}
