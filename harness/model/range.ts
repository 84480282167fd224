// A measured value that unmeasured time makes an interval: what was seen, and what it is if every
// unmeasured moment was lost. Where nothing was unmeasured the two are one.

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Values as they were seen, with the most that they can be beside them. */
interface Bounded<K extends string> {
  readonly atMost: Readonly<Partial<Record<K, number | undefined>>>;
}

/** Undefined where there is no such value. */
export function readRange<K extends string>(
  of: Bounded<K> & Readonly<Partial<Record<K, number | undefined>>>,
  name: K,
): Range | undefined {
  const low: number | undefined = of[name];
  return low === undefined ? undefined : { low, high: of.atMost[name] ?? low };
}

/**
 * Gives one statistic of a summary over viewers, with the same of the most that each can have lost.
 * Undefined where it is not estimable.
 */
export function rangeOfStatistic<S extends string>(
  low: Readonly<Record<S, number | undefined>>,
  high: Readonly<Record<S, number | undefined>> | undefined,
  name: S,
): Range | undefined {
  const value: number | undefined = low[name];
  return value === undefined ? undefined : { low: value, high: high?.[name] ?? value };
}
