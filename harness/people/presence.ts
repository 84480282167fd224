// Who is there at which hour, where the size of an audience follows a curve of the local day: each
// viewer has a rank, and is there while the audience reaches it.

import { listPieces, type Piece } from '../kernel/dayCurve.ts';
import { zoneClock } from '../kernel/zone.ts';
import type { Scenario, ViewerGroup } from '../model/scenario.ts';

/** Somebody comes or goes at a time of the scenario, in milliseconds since the disrupt phase began. */
export interface Move {
  readonly does: 'join' | 'leave';
  readonly ms: number;
}

/** Shares of the most viewers who are there within the plan. */
export type Presence = readonly Piece[];

/** From the start of the disrupt phase to its end; undefined for a group that follows no curve. */
export function followCurve(
  { curve }: Pick<ViewerGroup, 'curve'>,
  { clock, zone }: Pick<Scenario, 'clock' | 'zone'>,
  endMs: number,
): Presence | undefined {
  if (curve === undefined || clock === undefined) return undefined;
  const zeroMs = Date.parse(clock);
  const span = { fromEpochMs: zeroMs, toEpochMs: zeroMs + Math.max(1, endMs) };
  const place = zone ?? /[+-]\d\d:\d\d$/.exec(clock)?.[0] ?? 'UTC';
  const pieces = listPieces(curve, zoneClock(place, span.fromEpochMs, span.toEpochMs), span);
  const most = Math.max(...pieces.flatMap(({ from, to }) => [from, to]));
  if (most <= 0) return undefined;
  return pieces.map(({ fromMs, toMs, from, to }) => ({
    fromMs: fromMs - zeroMs,
    toMs: toMs - zeroMs,
    from: from / most,
    to: to / most,
  }));
}

/** Gives when somebody of a rank between 0 and 1 comes and goes; who is there at 0 leaves first. */
export function listMoves(presence: Presence, rank: number): readonly Move[] {
  const moves: Move[] = [];
  let isThere = true;
  const turn = (ms: number): void => {
    moves.push({ does: isThere ? 'leave' : 'join', ms });
    isThere = !isThere;
  };
  for (const [i, { fromMs, toMs, from, to }] of presence.entries()) {
    if (i === 0) isThere = from >= rank;
    else if (from >= rank !== isThere) turn(fromMs);
    if (to >= rank !== isThere) turn(fromMs + ((toMs - fromMs) * (rank - from)) / (to - from));
  }
  return moves;
}

/**
 * Gives the rank of one of several viewers: all ranks are evenly apart, and neighbours in the list are
 * far from each other. `shift` from 0 to 1 moves all of them within their distance.
 */
export function spreadRank(index: number, count: number, shift = 0.5): number {
  return (((index * strideFor(count)) % count) + shift) / count;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The step nearest to the golden section that meets all of so many places before any twice. */
function strideFor(count: number): number {
  let stride = Math.max(1, Math.round(count * GOLDEN));
  while (divisor(stride, count) !== 1) stride++;
  return stride;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
