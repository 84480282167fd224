// The length of the cut: what "% of cut" is a share of, planned and measured alike.

import type { FaultKind } from './fault.ts';

/** A fault from when it is in force until it is not, in the time of a plan or of a run. */
export interface TimedFaultKind {
  readonly kind: FaultKind;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Time in which at least one cut is in force, in milliseconds. Overlaps count once. A cut in one
 * direction counts like one in both: the far side is as gone for whoever waits for an answer.
 */
export function cutMsOf(faults: readonly TimedFaultKind[]): number {
  const cuts = faults.filter(({ kind }) => kind === 'cut').toSorted((a, b) => a.fromMs - b.fromMs);
  let totalMs = 0;
  let countedToMs = -Infinity;
  for (const { fromMs, toMs } of cuts) {
    totalMs += Math.max(0, toMs - Math.max(fromMs, countedToMs));
    countedToMs = Math.max(countedToMs, toMs);
  }
  return totalMs;
}
