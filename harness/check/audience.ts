// Estimates the number of people who watch, by the clock of the place they live in.

import { listPieces, MINUTE_MS, shareAt } from '../kernel/dayCurve.ts';
import type { ZoneClock } from '../kernel/zone.ts';
import { FRENCH_EVENING, type DayCurve } from '../model/dayCurve.ts';

export interface AudienceShape extends DayCurve {
  /** Sets switched on at the peak. */
  readonly setsAtPeak: number;
}

export const NATIONAL_EVENING: AudienceShape = {
  ...FRENCH_EVENING,
  setsAtPeak: 3_660_000, // 3 M at 22:15, which is 0.82 of the peak
};

/**
 * Exact for the piecewise curve: looked at where it bends, and where the clocks change. `setMinutes` are lost
 * if nobody sees anything for the whole span.
 */
export function audienceOver(
  shape: AudienceShape,
  clock: ZoneClock,
  span: { readonly fromEpochMs: number; readonly toEpochMs: number },
) {
  const first = shareAt(shape, clock.localMs(span.fromEpochMs) / MINUTE_MS);
  let peak = { peakShare: first, peakAtEpochMs: span.fromEpochMs };
  let shareMinutes = 0;
  for (const { fromMs, toMs, from, to } of listPieces(shape, clock, span)) {
    shareMinutes += ((from + to) / 2) * ((toMs - fromMs) / MINUTE_MS);
    for (const [atEpochMs, share] of [
      [fromMs, from],
      [toMs, to],
    ] as const)
      if (share > peak.peakShare) peak = { peakShare: share, peakAtEpochMs: atEpochMs };
  }
  return { ...peak, setMinutes: Math.round(shareMinutes * shape.setsAtPeak) };
}

/** Gives the highest cost of a window of this length, by the local hour it starts in. */
export function costByStartHour(shape: AudienceShape, lengthMs: number) {
  const plain: ZoneClock = {
    zone: 'local',
    localMs: (epochMs) => epochMs,
    changes: [],
    iso: String,
    show: String,
  };
  return Array.from({ length: 24 }, (_, hour) => {
    const fromEpochMs = hour * 60 * MINUTE_MS;
    const span = { fromEpochMs, toEpochMs: fromEpochMs + lengthMs };
    return { hour, setMinutes: audienceOver(shape, plain, span).setMinutes };
  });
}

/** `3.7 million`, `950`. */
export const millions = (count: number): string =>
  count >= 1e6 ? `${Math.round(count / 1e5) / 10} million` : String(Math.round(count));
