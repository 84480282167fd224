// Requests by second: single ones as they come, and those of viewers whose steady state is skipped as
// a rate from one time to another.

export interface Load {
  readonly name: string;
  readonly fromMs: number;
  readonly seconds: Float64Array;
  /** Changes of the rate by second, requests a second. */
  readonly changes: Float64Array;
  /** Requests that were turned away for want of capacity. */
  refused: number;
}

export function createLoad(name: string, fromMs: number, toMs: number): Load {
  const seconds = Math.ceil((toMs - fromMs) / 1000) + 2;
  return {
    name,
    fromMs,
    seconds: new Float64Array(seconds),
    changes: new Float64Array(seconds),
    refused: 0,
  };
}

export const toSecond = ({ fromMs, seconds }: Load, atMs: number): number =>
  Math.max(0, Math.min(seconds.length - 1, Math.floor((atMs - fromMs) / 1000)));

export function countRequest(load: Load, atMs: number, requests: number): void {
  load.seconds[toSecond(load, atMs)]! += requests;
}

/** Counts so many requests at each of some times behind another. */
export function countRequests(
  { seconds, fromMs: startMs }: Load,
  behindMs: Float64Array,
  atMs: number,
  requests: number,
): void {
  const last = seconds.length - 1;
  const sinceMs = atMs - startMs;
  for (let i = 0; i < behindMs.length; i++) {
    const second = Math.floor((sinceMs + behindMs[i]!) / 1000);
    seconds[second < last ? second : last]! += requests;
  }
}

/** Counts so many requests, evenly from one time to another. */
export function countRate(load: Load, fromMs: number, toMs: number, requests: number): void {
  const from = toSecond(load, fromMs);
  const to = toSecond(load, toMs);
  if (to <= from) return countRequest(load, fromMs, requests);
  load.changes[from]! += requests / (to - from);
  load.changes[to]! -= requests / (to - from);
}

/** Gives the requests of every second. */
export function requestsIn({ seconds, changes }: Load): Float64Array {
  const all = Float64Array.from(seconds);
  let rate = 0;
  for (let s = 0; s < all.length; s++) {
    rate += changes[s]!;
    all[s]! += rate;
  }
  return all;
}
