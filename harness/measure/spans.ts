// Arithmetic of half-open intervals of time. Lists are sorted and do not overlap.

import type { Span } from '../model/report.ts';

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export const lengthMs = ({ fromMs, toMs }: Interval): number => toMs - fromMs;

/** Grows a list of spans end to end; neighbours of the same class become one, empty ones vanish. */
export function appendSpan<C extends string>(spans: Span<C>[], next: Span<C>): void {
  if (next.toMs <= next.fromMs) return;
  const last = spans.at(-1);
  if (last?.class === next.class && last.toMs === next.fromMs) {
    spans[spans.length - 1] = { ...last, toMs: next.toMs };
  } else spans.push(next);
}

/** The same spans, neighbours of one class joined. */
export function joined<C extends string>(spans: Iterable<Span<C>>): Span<C>[] {
  const result: Span<C>[] = [];
  for (const span of spans) appendSpan(result, span);
  return result;
}

/** Boundaries become whole milliseconds; what was end to end stays end to end. */
export const wholeMs = <C extends string>(spans: readonly Span<C>[]): Span<C>[] =>
  joined(
    spans.map((span) => ({
      class: span.class,
      fromMs: Math.round(span.fromMs),
      toMs: Math.round(span.toMs),
    })),
  );

/** Sorted, without overlap; touching ones, and those no further apart than the gap, are joined. */
export function union(intervals: readonly Interval[], gapMs = 0): Interval[] {
  const result: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (next.toMs <= next.fromMs) continue;
    const last = result.at(-1);
    if (!last || next.fromMs > last.toMs + gapMs)
      result.push({ fromMs: next.fromMs, toMs: next.toMs });
    else if (next.toMs > last.toMs) {
      result[result.length - 1] = { fromMs: last.fromMs, toMs: next.toMs };
    }
  }
  return result;
}

/** Total length of a union. */
export const coveredMs = (intervals: readonly Interval[]): number =>
  union(intervals).reduce((sum, interval) => sum + lengthMs(interval), 0);

export const clip = (interval: Interval, { fromMs, toMs }: Interval): Interval => ({
  fromMs: Math.max(interval.fromMs, fromMs),
  toMs: Math.min(interval.toMs, toMs),
});

/** The intervals (sorted, disjoint) that touch the window, by binary search. */
export function touching<I extends Interval>(intervals: readonly I[], window: Interval): I[] {
  const result: I[] = [];
  for (let i = firstWhere(intervals.length, (at) => intervals[at]!.toMs > window.fromMs); ; i++) {
    const interval = intervals[i];
    if (!interval || interval.fromMs >= window.toMs) return result;
    result.push(interval);
  }
}

/** Index of the first element for which a monotone test holds; `count` when none. */
export function firstWhere(count: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Replaces what the spans say during the intervals, wherever `applies` agrees. */
export function overlay<C extends string>(
  spans: readonly Span<C>[],
  intervals: readonly Interval[],
  { as, applies = () => true }: { as: C; applies?: (was: C) => boolean },
): Span<C>[] {
  const result: Span<C>[] = [];
  for (const span of spans) {
    let at = span.fromMs;
    for (const interval of applies(span.class) ? touching(intervals, span) : []) {
      const cut = clip(interval, span);
      appendSpan(result, { class: span.class, fromMs: at, toMs: cut.fromMs });
      appendSpan(result, { class: as, fromMs: cut.fromMs, toMs: cut.toMs });
      at = cut.toMs;
    }
    appendSpan(result, { class: span.class, fromMs: at, toMs: span.toMs });
  }
  return result;
}
