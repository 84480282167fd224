// A distribution of durations over heads, as exact counts in bins of 10 ms. Nights have atoms ("nothing
// lost", "came back", "never"), which no sketch of quantiles keeps apart.

/** A value and the number of heads that have it. */
export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/** Width of a bin: quantiles read from bins are too large by less than this. */
export const BIN_MS = 10;

/**
 * Heads by bin. Bin n holds what is longer than n - 1 times 10 ms and no longer than n times: bin 0
 * holds exactly nothing, and Infinity holds who never came back.
 */
export type Bins = ReadonlyMap<number, number>;

/** Bins as a journal keeps them, in order; `null` is the bin of who never came back. */
export type StoredBins = readonly (readonly [bin: number | null, weight: number])[];

export const toBin = (ms: number): number => Math.ceil(ms / BIN_MS);

export function binned(values: Iterable<Weighted>): Bins {
  const bins = new Map<number, number>();
  for (const { value, weight } of values)
    bins.set(toBin(value), (bins.get(toBin(value)) ?? 0) + weight);
  return bins;
}

/** Gives the longest duration of each bin, in order, with its heads. */
export const listValues = (bins: Bins): Weighted[] =>
  [...bins]
    .map(([bin, weight]) => ({ value: bin * BIN_MS, weight }))
    .toSorted((a, b) => a.value - b.value);

export const storeBins = (bins: Bins): StoredBins =>
  [...bins]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, weight]) => [Number.isFinite(bin) ? bin : null, weight]);

export const readBins = (stored: StoredBins): Bins =>
  new Map(stored.map(([bin, weight]) => [bin ?? Infinity, weight]));
