// Estimates the number of people who watch, by the clock of the place they live in.

import type { ZoneClock } from '../kernel/zone.ts';

export interface AudienceShape {
  /** Share of the day's peak at clock times; straight lines between, round the clock. */
  readonly anchors: readonly { readonly minuteOfDay: number; readonly share: number }[];
  /** Sets switched on at the peak. */
  readonly setsAtPeak: number;
}

const clockTime = (hours: number, minutes: number): number => hours * 60 + minutes;

/** An evening of French television: docs/sources.md 4, anchored in S66; [C] between the anchors. */
export const NATIONAL_EVENING: AudienceShape = {
  anchors: [
    { minuteOfDay: clockTime(0, 30), share: 0.25 },
    { minuteOfDay: clockTime(4, 0), share: 0.02 },
    { minuteOfDay: clockTime(13, 0), share: 0.53 }, // 10.8 M of 20.5 M: D from S66
    { minuteOfDay: clockTime(18, 30), share: 0.6 },
    { minuteOfDay: clockTime(20, 0), share: 0.9 },
    { minuteOfDay: clockTime(21, 15), share: 1 },
    { minuteOfDay: clockTime(22, 15), share: 0.82 },
    { minuteOfDay: clockTime(22, 55), share: 0.66 },
    { minuteOfDay: clockTime(23, 30), share: 0.5 },
  ],
  setsAtPeak: 3_660_000, // 3 M at 22:15, which is 0.82 of the peak
};

const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;

/** Share of the day's peak at a minute of the local day. */
export function shareAt({ anchors }: AudienceShape, minuteOfDay: number): number {
  const minute = ((minuteOfDay % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  const next = anchors.findIndex((anchor) => anchor.minuteOfDay > minute);
  const after = anchors[next] ?? anchors[0];
  const before = next < 0 ? anchors.at(-1) : next === 0 ? anchors.at(-1) : anchors[next - 1];
  if (!after || !before) return 0;
  const span = (after.minuteOfDay - before.minuteOfDay + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  const along = ((minute - before.minuteOfDay + DAY_MINUTES) % DAY_MINUTES) / span;
  return before.share + (after.share - before.share) * along;
}

export interface AudienceOver {
  readonly peakShare: number;
  readonly peakAtEpochMs: number;
  /** Sets times minutes: what is lost if nobody sees anything for the whole span. */
  readonly setMinutes: number;
}

/** Exact for the piecewise curve: looked at where it bends, and where the clocks change. */
export function audienceOver(
  shape: AudienceShape,
  clock: ZoneClock,
  span: { readonly fromEpochMs: number; readonly toEpochMs: number },
): AudienceOver {
  const at = (epochMs: number) => shareAt(shape, clock.localMs(epochMs) / MINUTE_MS);
  let peak = { peakShare: at(span.fromEpochMs), peakAtEpochMs: span.fromEpochMs };
  let shareMinutes = 0;
  for (let fromMs = span.fromEpochMs; fromMs < span.toEpochMs;) {
    const toMs = Math.min(nextBend(shape, clock, fromMs), span.toEpochMs);
    // The end of a piece is taken just before it, where a change of clocks has not happened yet.
    const end = at(toMs - 1);
    shareMinutes += ((at(fromMs) + end) / 2) * ((toMs - fromMs) / MINUTE_MS);
    for (const [atEpochMs, share] of [
      [fromMs, at(fromMs)],
      [toMs, end],
    ] as const)
      if (share > peak.peakShare) peak = { peakShare: share, peakAtEpochMs: atEpochMs };
    fromMs = toMs;
  }
  return { ...peak, setMinutes: Math.round(shareMinutes * shape.setsAtPeak) };
}

/** First instant after this at which the curve bends or the clocks change. */
function nextBend({ anchors }: AudienceShape, clock: ZoneClock, epochMs: number): number {
  const minute = clock.localMs(epochMs) / MINUTE_MS;
  const ahead = anchors.map(({ minuteOfDay }) => {
    const minutes = (((minuteOfDay - minute) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    return epochMs + Math.max(1, (minutes === 0 ? DAY_MINUTES : minutes) * MINUTE_MS);
  });
  const change = clock.changes.find(({ atEpochMs }) => atEpochMs > epochMs);
  return Math.min(...ahead, change?.atEpochMs ?? Infinity);
}

export interface StartHour {
  readonly hour: number;
  readonly setMinutes: number;
}

/** Gives the highest cost of a window of this length, by the local hour it starts in. */
export function costByStartHour(shape: AudienceShape, lengthMs: number): readonly StartHour[] {
  const plain: ZoneClock = {
    zone: 'local',
    localMs: (epochMs) => epochMs,
    changes: [],
    iso: String,
    show: String,
  };
  return Array.from({ length: 24 }, (_, hour) => {
    const fromEpochMs = clockTime(hour, 0) * MINUTE_MS;
    const span = { fromEpochMs, toEpochMs: fromEpochMs + lengthMs };
    return { hour, setMinutes: audienceOver(shape, plain, span).setMinutes };
  });
}

/** `3.7 million`, `950`. */
export const millions = (count: number): string =>
  count >= 1e6 ? `${Math.round(count / 1e5) / 10} million` : String(Math.round(count));
