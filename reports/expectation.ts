// Writes the observed value of an expectation, with its limit, for outputs that people read.

import type { ExpectationResult } from '../harness/model/report.ts';
import { formatMs } from './duration.ts';

/** `1.200s, 800ms within the limit, margin 17ms`; without the rest where the limit is no duration. */
export function observedText({ observed, limit }: ExpectationResult): string {
  if (!limit) return observed;
  const { distanceMs, side, marginMs } = limit;
  const margin = marginMs > 0 ? `, margin ${formatMs(marginMs)}` : '';
  return `${observed}, ${formatMs(distanceMs)} ${side} the limit${margin}`;
}
