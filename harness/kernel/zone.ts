// Clock times of a place and instants, with the two nights a year on which they do not agree.

import { Temporal } from 'temporal-polyfill';

export type LocalReading =
  | { readonly epochMs: number; readonly problem?: undefined }
  | { readonly epochMs?: undefined; readonly problem: string; readonly hint: string };

/**
 * The instant a clock time such as `2025-09-12T22:00` stands for. A time with an offset or `Z`
 * needs no zone; one without is refused when it does not exist, or exists twice, unless the call
 * says which of the two instants around it is wanted.
 */
export function readClock(
  text: string,
  zone: string | undefined,
  inDoubt: 'refuse' | 'earlier' | 'later' = 'refuse',
): LocalReading {
  if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return readInstant(text);
  if (zone === undefined)
    return {
      problem: `${text} is a clock time without a time zone`,
      hint: 'Say which clock: zone: Europe/Paris, or write the time with its offset.',
    };
  if (!isZone(zone))
    return { problem: `no time zone is called ${zone}`, hint: 'Use an IANA name: Europe/Paris.' };
  return readLocal(text, zone, inDoubt);
}

/** Others are a slip of the pen, and no calendar of time zones knows them. */
export const YEARS = { min: 1970, max: 2199 };

/** Reads a clock time that somebody wrote down: as `readClock` does, and in a year that is meant. */
export function readWrittenClock(text: string, zone: string | undefined): LocalReading {
  const reading = readClock(text, zone);
  const year = Number(text.slice(0, 4));
  if (reading.problem !== undefined || (year >= YEARS.min && year <= YEARS.max)) return reading;
  return {
    problem: `${text}: expected a year from ${YEARS.min} to ${YEARS.max}`,
    hint: 'Correct the year.',
  };
}

export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

function readInstant(text: string): LocalReading {
  try {
    return { epochMs: Temporal.Instant.from(text).epochMilliseconds };
  } catch {
    return { problem: `${text} is no time`, hint: 'Write it like 2025-09-12T22:00:00+02:00.' };
  }
}

function readLocal(
  text: string,
  zone: string,
  inDoubt: 'refuse' | 'earlier' | 'later',
): LocalReading {
  let plain: Temporal.PlainDateTime;
  try {
    plain = Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch {
    return { problem: `${text} is no clock time`, hint: 'Write it like 2025-09-12T22:00.' };
  }
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' });
  if (inDoubt !== 'refuse' || earlier.epochMilliseconds === later.epochMilliseconds)
    return { epochMs: (inDoubt === 'later' ? later : earlier).epochMilliseconds };
  const exists = earlier.toPlainDateTime().equals(plain);
  const other = exists
    ? `${earlier.offset} or ${later.offset}`
    : `${plain.toString({ smallestUnit: 'minute' })} is skipped`;
  return {
    problem: exists
      ? `${text} happens twice in ${zone}: the clocks go back`
      : `${text} does not exist in ${zone}: the clocks go forward`,
    hint: `Write the time with its offset (${other}).`,
  };
}

/** The clock of one place over a span of time, computed once: numbers from then on. */
export interface ZoneClock {
  readonly zone: string;
  /** Milliseconds of the local calendar, as if it were UTC. */
  localMs(epochMs: number): number;
  /** Instants inside the span at which the clocks change, and by how much. */
  readonly changes: readonly { readonly atEpochMs: number; readonly byMs: number }[];
  /** `2025-09-12T22:00+02:00` */
  iso(epochMs: number): string;
  /** `Fri 12 Sep 2025 22:00` */
  show(epochMs: number): string;
}

const MINUTE_MS = 60_000;
/** Clocks change about twice a year; a span is not longer than some years. */
const CHANGES_MAX = 1_000;

export function zoneClock(zone: string, fromEpochMs: number, toEpochMs: number): ZoneClock {
  const steps = listOffsets(zone, fromEpochMs, toEpochMs);
  const offsetAt = (epochMs: number) =>
    (epochMs <= toEpochMs
      ? steps.findLast((step) => step.fromEpochMs <= epochMs)?.offsetMs
      : undefined) ?? findOffsetMs(zone, epochMs);
  const localMs = (epochMs: number) => epochMs + offsetAt(epochMs);
  return {
    zone,
    localMs,
    changes: steps.slice(1).map((step, index) => ({
      atEpochMs: step.fromEpochMs,
      byMs: step.offsetMs - (steps[index]?.offsetMs ?? 0),
    })),
    iso: (epochMs) => `${localIso(localMs(epochMs))}${showOffset(offsetAt(epochMs))}`,
    show: (epochMs) => {
      const local = new Date(localMs(epochMs)).toUTCString();
      return local.slice(0, 22).replace(',', '');
    },
  };
}

interface OffsetStep {
  readonly fromEpochMs: number;
  readonly offsetMs: number;
}

function listOffsets(zone: string, fromEpochMs: number, toEpochMs: number): readonly OffsetStep[] {
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(
    Math.floor(fromEpochMs),
  ).toZonedDateTimeISO(zone);
  const steps: OffsetStep[] = [];
  for (let count = 0; at && count < CHANGES_MAX && at.epochMilliseconds <= toEpochMs; count++) {
    steps.push({ fromEpochMs: at.epochMilliseconds, offsetMs: at.offsetNanoseconds / 1e6 });
    at = at.getTimeZoneTransition('next');
  }
  return steps;
}

/** `2025-09-12T22:00:00+02:00`, by the clock of a zone or at a fixed offset such as `+02:00`. */
export function isoIn(epochMs: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs)).toZonedDateTimeISO(zone);
  return at.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

const localIso = (localMs: number): string => new Date(localMs).toISOString().slice(0, 16);

function showOffset(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / MINUTE_MS));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The same clock time some calendar days earlier: not always 24 hours a day. */
export const calendarDaysBefore = (epochMs: number, days: number, zone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs))
    .toZonedDateTimeISO(zone)
    .subtract({ days }).epochMilliseconds;

/** Gives the time that the clock of a zone is ahead of UTC at an instant. */
export const findOffsetMs = (zone: string, epochMs: number): number =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs)).toZonedDateTimeISO(zone)
    .offsetNanoseconds / 1e6;

/** The calendar day of a zone at an instant: `2026-11-10`. */
export const toDay = (epochMs: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMs))
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();

export const addDays = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();
