// Computes how much later a question of ours is answered while a link is worse than usual: a witness
// must see half of it.

import { RETRANSMIT_TIMEOUT_MS } from '../faults/loss.ts';
import { linkEvidence } from '../faults/evidence.ts';
import { PROBE, type ProbeBytes } from '../model/world.ts';
import { type LinkFault } from '../model/scenario.ts';

/** A healthy answer takes milliseconds, on a busy machine some tens of them. */
export const ANSWER_PATIENCE_MS = 800;

/** Everything but silence only makes things late. */
export const isSlow = (fault: LinkFault): boolean => linkEvidence(fault).stream.kind !== 'silence';

/** Gives the extra time of a question of ours and its answer, together; Infinity: none comes. */
export function exchangeMs(fault: LinkFault, bytes: ProbeBytes = PROBE): number {
  const { stream, passMs } = linkEvidence(fault);
  // A packet that waits for the end of a burst is through when the end has come.
  if (stream.kind === 'gap') return RETRANSMIT_TIMEOUT_MS;
  const upMs = fault.direction === 'backward' ? 0 : passMs(bytes.upBytes);
  const downMs = fault.direction === 'forward' ? 0 : passMs(bytes.downBytes);
  return upMs + downMs;
}
