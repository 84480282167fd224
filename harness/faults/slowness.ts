// Computes how much later things come while a link is worse than usual: a witness must see half of
// it. Pure; the numbers follow from the toxics that each fault is made of.

import { PROBE, type ProbeBytes } from '../model/world.ts';
import { RETRANSMIT_TIMEOUT_MS, type CutFault, type LinkFault } from '../model/scenario.ts';
import { lossDelay, lossRateKBps } from './loss.ts';

/** A healthy answer takes milliseconds, on a busy machine some tens of them. */
export const ANSWER_PATIENCE_MS = 800;

/** Everything but a cut only makes things late; passMs must know how late. */
export type SlowFault = Exclude<LinkFault, CutFault>;

export const isSlow = (fault: LinkFault): fault is SlowFault => fault.kind !== 'cut';

/** Gives the extra time of a question of ours and its answer, together. */
export function exchangeMs(fault: SlowFault, bytes: ProbeBytes = PROBE): number {
  // A packet that waits for the end of a burst is through when the end has come.
  if (isBurst(fault)) return RETRANSMIT_TIMEOUT_MS;
  const upMs = fault.direction === 'backward' ? 0 : passMs(fault, bytes.upBytes);
  const downMs = fault.direction === 'forward' ? 0 : passMs(fault, bytes.downBytes);
  return upMs + downMs;
}

/** Nothing at all gets through, for a fifth of a second or longer. */
export const isBurst = (fault: LinkFault): boolean =>
  fault.kind === 'loss' && fault.burstMs !== undefined;

/** Gives the extra time that so many bytes at once take in one direction. */
export function passMs(fault: SlowFault, bytes: number): number {
  switch (fault.kind) {
    case 'latency':
      return meanDelayMs(fault.delayMs, fault.jitterMs);
    case 'loss': {
      const { meanMs, jitterMs } = lossDelay(fault);
      return meanDelayMs(meanMs, jitterMs) + bytes / lossRateKBps(fault);
    }
    case 'bandwidth':
      return (bytes * 8) / fault.rateKbps;
    case 'slice':
      return Math.floor(bytes / fault.pieceBytes) * fault.delayMs;
  }
}

/** Gives the mean of a delay spread evenly around `meanMs`; none comes before it was sent. */
function meanDelayMs(meanMs: number, jitterMs: number): number {
  if (jitterMs <= meanMs) return meanMs;
  return (meanMs + jitterMs) ** 2 / (4 * jitterMs);
}
