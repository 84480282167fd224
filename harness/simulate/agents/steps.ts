// Values that change in steps over time. Times are milliseconds since the start of the disrupt phase.

import { countLeading } from '../../kernel/countLeading.ts';

export interface Steps<T> {
  /** Rising; the first is -Infinity. */
  readonly times: readonly number[];
  readonly values: readonly T[];
}

/** Half-open. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export const always = <T>(value: T): Steps<T> => ({ times: [-Infinity], values: [value] });

/** Gives the steps of changes in any order; of several at one time the last counts. */
export function makeSteps<T>(
  first: T,
  changes: readonly { readonly atMs: number; readonly value: T }[],
): Steps<T> {
  const times = [-Infinity];
  const values = [first];
  for (const { atMs, value } of changes.toSorted((a, b) => a.atMs - b.atMs)) {
    if (times.at(-1) === atMs) values[values.length - 1] = value;
    else {
      times.push(atMs);
      values.push(value);
    }
  }
  return { times, values };
}

const indexAt = (times: ArrayLike<number>, atMs: number): number =>
  countLeading(times.length, (i) => times[i]! <= atMs) - 1;

export const valueAt = <T>({ times, values }: Steps<T>, atMs: number): T =>
  values[indexAt(times, atMs)]!;

/** Gives the time of the next step, Infinity after the last. */
export const changeAfter = ({ times }: Steps<unknown>, atMs: number): number =>
  times[indexAt(times, atMs) + 1] ?? Infinity;

/** Gives the maximal intervals in which the value is such a one. */
export function findIntervals<T>(
  { times, values }: Steps<T>,
  is: (value: T) => boolean,
): Interval[] {
  const intervals: { fromMs: number; toMs: number }[] = [];
  for (const [i, value] of values.entries()) {
    if (!is(value)) continue;
    const [fromMs, toMs] = [times[i]!, times[i + 1] ?? Infinity];
    const last = intervals.at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else intervals.push({ fromMs, toMs });
  }
  return intervals;
}
