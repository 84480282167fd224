// The evidence of a fault: the traces that its kind says it leaves.

import type { LinkFault, OnStageFault, Transport } from '../model/scenario.ts';
import { findKind, onTransport } from './kinds.ts';
import type { LinkNumbers } from './kind.ts';
import type { StageTrace } from './traces.ts';

/** The evidence of one fault on links. */
export function linkEvidence(fault: LinkFault, transport?: Transport) {
  const kind = findKind(fault);
  const numbers = kind.numbers(fault);
  return {
    stream: onTransport(fault, transport).stream(fault),
    /** The trace in the few replies that go against a stream; undefined: they are too few to show it. */
    replies: kind.replies,
    /** The extra time that so many bytes at once take in one direction; Infinity: they never come. */
    passMs: (bytes: number): number => passMs(numbers, bytes),
  };
}

export const stageTrace = (fault: OnStageFault): StageTrace => findKind(fault).trace(fault);

function passMs(numbers: LinkNumbers, bytes: number): number {
  const { passes, delayMs = 0, jitterMs = 0, rateKbps = Infinity, piece } = numbers;
  if (!passes) return Infinity;
  const waitMs = piece ? Math.floor(bytes / piece.bytes) * piece.delayMs : 0;
  return meanDelayMs(delayMs, jitterMs) + (bytes * 8) / rateKbps + waitMs;
}

/** Gives the mean of a delay spread evenly around `meanMs`; none comes before it was sent. */
function meanDelayMs(meanMs: number, jitterMs: number): number {
  if (jitterMs <= meanMs) return meanMs;
  return (meanMs + jitterMs) ** 2 / (4 * jitterMs);
}
