// Numbers over viewers. Quantiles interpolate between the two nearest viewers (type 7 of Hyndman
// and Fan: what numpy, R and k6 give), so p95 of six viewers lies a quarter of the way from the
// worst to the second worst; `max` is for who cares about every single one.

import { mean, quantileSorted } from 'simple-statistics';
import type { Summary } from '../model/report.ts';
import type { Aggregate } from '../model/scenario.ts';

/** Undefined for no values: there is no p95 of nothing. */
export function summaryOf(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const of = (name: Aggregate) => aggregate(name, values);
  return {
    count: values.length,
    min: of('min'),
    mean: of('mean'),
    p50: of('p50'),
    p90: of('p90'),
    p95: of('p95'),
    p99: of('p99'),
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
export function aggregate(name: Aggregate, values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return thousandth(name === 'mean' ? meanOf(sorted) : quantile(sorted, QUANTILES[name]));
}

/** Between two who never recovered lies one who never recovered, not a number that is none. */
function quantile(sorted: readonly number[], share: number): number {
  const value = quantileSorted([...sorted], share);
  return Number.isNaN(value) ? Infinity : value;
}

const meanOf = (values: readonly number[]): number =>
  values.every(Number.isFinite) ? mean([...values]) : Infinity;

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
