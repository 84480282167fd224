// The outcomes of the boots and zaps of a box.

import type { Crowd } from '../crowd.ts';

const longer = (longestMs: number, ms: number): number =>
  Number.isNaN(longestMs) ? ms : Math.max(longestMs, ms);

/** The first picture after a zap; one of a box that tuned for another reason tells nothing. */
export function endZap(crowd: Crowd, agent: number, atMs: number): void {
  const sinceMs = crowd.zapSinceMs[agent]!;
  if (Number.isNaN(sinceMs)) return;
  crowd.zapMs[agent] = longer(crowd.zapMs[agent]!, atMs - sinceMs);
  crowd.zapsShown[agent]! += 1;
  crowd.zapSinceMs[agent] = NaN;
}

/** The error page after a zap. */
export function failZap(crowd: Crowd, agent: number): void {
  if (Number.isNaN(crowd.zapSinceMs[agent]!)) return;
  crowd.zapMs[agent] = Infinity;
  crowd.zapsFailed[agent]! += 1;
  crowd.zapSinceMs[agent] = NaN;
}

export function endBoot(crowd: Crowd, agent: number, atMs: number): void {
  crowd.bootMs[agent] = longer(crowd.bootMs[agent]!, atMs - crowd.onMs[agent]!);
}

/** Gives the longest boot of a box; Infinity where it is not through, NaN where it has not booted. */
export function readBootMs(crowd: Crowd, agent: number): number {
  const waits =
    crowd.isBox[agent] === 1 && crowd.gone[agent] === 0 && crowd.hasManifest[agent] === 0;
  return waits ? Infinity : crowd.bootMs[agent]!;
}
