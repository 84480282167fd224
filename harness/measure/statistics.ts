// Numbers over heads. Quantiles interpolate between the two nearest heads (type 7 of Hyndman and
// Fan: what numpy, R and k6 give), so p95 of six viewers lies a quarter of the way from the worst to
// the second worst; `max` is for who cares about every single one. A viewer of weight 3 is three
// viewers who saw the same.

import { sum } from 'simple-statistics';
import type { Weighted } from '../model/bins.ts';
import type { Summary } from '../model/report.ts';
import type { Aggregate } from '../model/scenario.ts';

/**
 * Undefined for no values: there is no p95 of nothing. `watched` is the number of viewers behind them,
 * where these stand for others: a quantile that so few cannot carry is left out.
 */
export function summarise(values: readonly Weighted[], watched?: number): Summary | undefined {
  if (values.length === 0) return undefined;
  const of = (name: Aggregate) => aggregateHeads(name, values);
  const carried = (name: 'p90' | 'p95' | 'p99') =>
    watched !== undefined && watched < watchedFor(name) ? undefined : of(name);
  return {
    count: countHeads(values),
    min: of('min'),
    mean: of('mean'),
    p50: of('p50'),
    p90: carried('p90'),
    p95: carried('p95'),
    p99: carried('p99'),
    max: of('max'),
  };
}

/** The summary of an audience without a viewer, where a report must still hold numbers. */
export const NO_VIEWERS: Summary = {
  count: 0,
  min: 0,
  mean: 0,
  p50: 0,
  p90: 0,
  p95: 0,
  p99: 0,
  max: 0,
};

const QUANTILES = { min: 0, p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 } as const;

/** Values may be Infinity (a viewer who never recovered); at least one is needed. */
export const aggregate = (name: Aggregate, values: readonly number[]): number =>
  aggregateHeads(
    name,
    values.map((value) => ({ value, weight: 1 })),
  );

/** The same over viewers who stand for more than themselves. */
export function aggregateHeads(name: Aggregate, values: readonly Weighted[]): number {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  return thousandth(name === 'mean' ? weightedMean(sorted) : quantile(sorted, QUANTILES[name]));
}

export const countHeads = (values: readonly { readonly weight: number }[]): number =>
  thousandth(values.reduce((heads, { weight }) => heads + weight, 0));

/** Between two who never recovered lies one who never recovered, not a number that is none. */
function quantile(sorted: readonly Weighted[], share: number): number {
  if (share === 1) return sorted.at(-1)!.value;
  const at = Math.max(0, (countHeads(sorted) - 1) * share);
  const low = valueAt(sorted, Math.floor(at));
  const value = low + (at % 1) * (valueAt(sorted, Math.ceil(at)) - low);
  return Number.isNaN(value) ? Infinity : value;
}

/** Gives the value of the head of this number, counted from 0. */
function valueAt(sorted: readonly Weighted[], head: number): number {
  let [heads, last] = [0, NaN];
  for (const { value, weight } of sorted) {
    if (heads > head) break;
    heads += weight;
    last = value;
  }
  return last;
}

const weightedMean = (values: readonly Weighted[]): number =>
  values.every(({ value }) => Number.isFinite(value))
    ? sum(values.map(({ value, weight }) => value * weight)) / countHeads(values)
    : Infinity;

/**
 * Gives the number of heads that must have been watched for the worst of them to be, with 95 %
 * certainty, above this quantile of all (Wilks): 29 for p90, 59 for p95, 299 for p99.
 */
export const watchedFor = (name: 'p90' | 'p95' | 'p99'): number =>
  Math.ceil(Math.log(1 - CERTAINTY) / Math.log(QUANTILES[name]));

const CERTAINTY = 0.95;

/** Median of many numbers without boxing them; undefined for none. Sorts in place. */
export function medianInPlace(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined;
  values.sort();
  const middle = values.length >> 1;
  const upper = values[middle]!;
  return thousandth(values.length % 2 === 1 ? upper : (values[middle - 1]! + upper) / 2);
}

/** Three decimals are more than any measure here means, and keep reports short. */
export const thousandth = (value: number): number =>
  Number.isFinite(value) ? Math.round(value * 1000) / 1000 : value;
