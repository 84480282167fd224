// Boxes that wait for their turn at a server, in the order in which they came.

import { countRequest, type Load } from '../loads.ts';

export interface Turns {
  readonly load: Load;
  /** The time that each takes the server. */
  readonly eachMs: number;
  /** Nobody else is taken while so much waits. */
  readonly waitMsMax: number;
  /** It is through with all who came before. */
  freeAtMs: number;
  /** The last time that somebody came: those of one tick do not come in their order. */
  cameMs: number;
  /** From then on it knows nothing of those who waited. */
  forgetsAtMs: number;
}

/**
 * Gives how long one of some boxes that come together waits; Infinity where the queue is full before it. It
 * is `share`, from 0 to 1, of the way through them.
 */
export function takeTurn(turns: Turns, boxes: number, atMs: number, share: number): number {
  const { load, eachMs, waitMsMax } = turns;
  if (atMs >= turns.forgetsAtMs) turns.freeAtMs = atMs;
  turns.cameMs = Math.max(turns.cameMs, atMs);
  const beforeMs = Math.max(0, turns.freeAtMs - turns.cameMs);
  const roomMs = Math.max(0, waitMsMax - beforeMs);
  const takenMs = Math.min(boxes * eachMs, roomMs + eachMs);
  turns.freeAtMs = turns.cameMs + beforeMs + takenMs;
  countRequest(load, atMs, boxes);
  const waitMs = beforeMs + share * boxes * eachMs;
  return waitMs > waitMsMax ? Infinity : waitMs;
}
