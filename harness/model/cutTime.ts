// The length of the cut: what "% of cut" is a share of, planned and measured alike.

/**
 * Time in which at least one of these cuts is in force, in milliseconds of a plan or of a run.
 * Overlaps count once. A cut in one direction counts like one in both: the far side is as gone for
 * whoever waits for an answer.
 */
export function sumCutMs(
  cuts: readonly { readonly fromMs: number; readonly toMs: number }[],
): number {
  let totalMs = 0;
  let countedToMs = -Infinity;
  for (const { fromMs, toMs } of cuts.toSorted((a, b) => a.fromMs - b.fromMs)) {
    totalMs += Math.max(0, toMs - Math.max(fromMs, countedToMs));
    countedToMs = Math.max(countedToMs, toMs);
  }
  return totalMs;
}
