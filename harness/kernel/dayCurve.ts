// Reads a curve of the local day: its share at a minute, and where it bends on the clock of a zone.

import type { DayCurve } from '../model/dayCurve.ts';
import type { ZoneClock } from './zone.ts';

const DAY_MINUTES = 1_440;
export const MINUTE_MS = 60_000;

/** Share of the day's peak at a minute of the local day. */
export function shareAt({ anchors }: DayCurve, minuteOfDay: number): number {
  const minute = ((minuteOfDay % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const next = anchors.findIndex((anchor) => anchor.minuteOfDay > minute);
  const after = anchors[next] ?? anchors[0];
  const before = next < 0 ? anchors.at(-1) : next === 0 ? anchors.at(-1) : anchors[next - 1];
  if (!after || !before) return 0;
  const span = (after.minuteOfDay - before.minuteOfDay + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const along = ((minute - before.minuteOfDay + DAY_MINUTES) % DAY_MINUTES) / span;
  return before.share + (after.share - before.share) * along;
}

/** A part of a span in which the share changes evenly. */
export interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly from: number;
  readonly to: number;
}

/** The pieces of a curve over a span of epoch times: it bends at its anchors and where clocks change. */
export function listPieces(
  curve: DayCurve,
  clock: ZoneClock,
  { fromEpochMs, toEpochMs }: { readonly fromEpochMs: number; readonly toEpochMs: number },
): readonly Piece[] {
  const at = (epochMs: number) => shareAt(curve, clock.localMs(epochMs) / MINUTE_MS);
  const pieces: Piece[] = [];
  for (let fromMs = fromEpochMs; fromMs < toEpochMs;) {
    const toMs = Math.min(nextBend(curve, clock, fromMs), toEpochMs);
    // The end of a piece is taken just before it, where a change of clocks has not happened yet.
    pieces.push({ fromMs, toMs, from: at(fromMs), to: at(toMs - 1) });
    fromMs = toMs;
  }
  return pieces;
}

/** First instant after this at which the curve bends or the clocks change. */
function nextBend({ anchors }: DayCurve, clock: ZoneClock, epochMs: number): number {
  const minute = clock.localMs(epochMs) / MINUTE_MS;
  const ahead = anchors.map(({ minuteOfDay }) => {
    const minutes = (((minuteOfDay - minute) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    return epochMs + Math.max(1, (minutes === 0 ? DAY_MINUTES : minutes) * MINUTE_MS);
  });
  const change = clock.changes.find(({ atEpochMs }) => atEpochMs > epochMs);
  return Math.min(...ahead, change?.atEpochMs ?? Infinity);
}
