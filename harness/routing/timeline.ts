// A value that changes at instants: the shape everything in this room is computed in.

import { countLeading } from '../kernel/countLeading.ts';

export interface Step<T> {
  readonly fromMs: number;
  readonly value: T;
}

/** Sorted; the first step starts at -Infinity. */
export type Timeline<T> = readonly Step<T>[];

export const always = <T>(value: T): Timeline<T> => [{ fromMs: -Infinity, value }];

/** Value in force at the instant (a step is in force from its own instant on). */
export function valueAt<T>(timeline: Timeline<T>, atMs: number): T {
  const begun = countLeading(timeline.length, (i) => timeline[i]!.fromMs <= atMs);
  return timeline[begun - 1]!.value;
}

/** The same timeline seen through a function; steps that no longer change anything are dropped. */
export function mapTimeline<T, U>(timeline: Timeline<T>, see: (value: T) => U): Timeline<U> {
  const steps: Step<U>[] = [];
  for (const { fromMs, value } of timeline) push(steps, fromMs, see(value));
  return steps;
}

export interface Delays {
  /** The time it must have been true without a break before it counts, by the instant it began. */
  readonly riseMs: (fromMs: number) => number;
  /** The time it must have been false without a break before it counts as over. */
  readonly fallMs: number;
}

/** Gives the knowledge of one who notices late; a condition shorter than its delay never. */
export function delayed(truth: Timeline<boolean>, { riseMs, fallMs }: Delays): Timeline<boolean> {
  const steps: Step<boolean>[] = [];
  truth.forEach(({ fromMs, value }, index) => {
    const untilMs = truth[index + 1]?.fromMs ?? Infinity;
    const noticedMs = fromMs + (value ? riseMs(fromMs) : fallMs);
    if (noticedMs < untilMs) push(steps, noticedMs, value);
  });
  return steps;
}

/** Instants at which something changes, -Infinity left out. */
export const changeTimes = (timeline: Timeline<unknown>): readonly number[] =>
  timeline.slice(1).map(({ fromMs }) => fromMs);

function push<T>(steps: Step<T>[], fromMs: number, value: T): void {
  const last = steps.at(-1);
  if (last && Object.is(last.value, value)) return;
  if (last && last.fromMs === fromMs) steps.pop();
  const before = steps.at(-1);
  if (!before || !Object.is(before.value, value)) steps.push({ fromMs, value });
}
