// Clock times in a zone that the calendar defines itself (VTIMEZONE, RFC 5545 3.6.5), with the two
// hours a year that happen twice or never.

import ICAL from 'ical.js';
import type { LocalReading } from '../../kernel/zone.ts';
import { propertyOf, type CalendarComponent } from './lines.ts';

/** A STANDARD or DAYLIGHT part: from each of its onsets, clocks are `toMs` ahead of UTC. */
interface Observance {
  readonly startLocalMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly rule: string | undefined;
  readonly dates: readonly number[];
}

interface Onset {
  readonly atEpochMs: number;
  readonly toMs: number;
}

const LOCAL = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)?Z?$/i;
const YEAR_MS = 366 * 86_400_000;
/** Rules begin in 1601 or 1970 and go on once or twice a year. */
const ONSETS_MAX = 5_000;
/** Enough to hold the last change before any time that is asked for. */
const YEARS_BACK = 4;

/** The instant a clock time such as `2026-10-25T02:30:00` stands for; refused when there is none, or are two. */
export function readInDefinedZone(text: string, zone: CalendarComponent): LocalReading {
  const name = propertyOf(zone, 'tzid')?.value ?? '';
  const localMs = localMsOf(text);
  const observances = observancesOf(zone);
  if (localMs === undefined || observances === undefined)
    return {
      problem: `the time zone ${name} cannot be understood as the file defines it`,
      hint: 'Ask for times in UTC, or in an IANA zone such as Europe/Paris.',
    };
  const offsets = new Set(observances.flatMap(({ fromMs, toMs }) => [fromMs, toMs]));
  const offsetAt = offsetsOf(observances, localMs + YEAR_MS);
  const instants = [...offsets]
    .map((offsetMs) => ({ offsetMs, epochMs: localMs - offsetMs }))
    .filter(({ offsetMs, epochMs }) => offsetAt(epochMs) === offsetMs);
  const [only] = instants;
  if (only && instants.length === 1) return { epochMs: only.epochMs };
  return {
    problem:
      instants.length === 0
        ? `${text} does not exist in ${name}: the clocks go forward`
        : `${text} happens twice in ${name}: the clocks go back`,
    hint: 'Ask the owner for the time in UTC.',
  };
}

function offsetsOf(
  observances: readonly Observance[],
  untilLocalMs: number,
): (epochMs: number) => number {
  const onsets = observances
    .flatMap((observance) => onsetsOf(observance, untilLocalMs))
    .toSorted((a, b) => a.atEpochMs - b.atEpochMs);
  const first = observances.reduce((a, b) => (b.startLocalMs < a.startLocalMs ? b : a));
  return (epochMs) =>
    onsets.findLast(({ atEpochMs }) => atEpochMs <= epochMs)?.toMs ?? first.fromMs;
}

/** An onset stands on the clock that was in force before it. */
function onsetsOf(
  { startLocalMs, fromMs, toMs, rule, dates }: Observance,
  untilLocalMs: number,
): readonly Onset[] {
  const repeated = rule === undefined ? [] : occurrences(rule, startLocalMs, untilLocalMs);
  return [startLocalMs, ...dates, ...repeated].map((localMs) => ({
    atEpochMs: localMs - fromMs,
    toMs,
  }));
}

function occurrences(rule: string, startMs: number, untilMs: number): readonly number[] {
  const start = new Date(lateStart(rule, startMs, untilMs));
  const iterator = ICAL.Recur.fromString(rule).iterator(
    ICAL.Time.fromData({
      year: start.getUTCFullYear(),
      month: start.getUTCMonth() + 1,
      day: start.getUTCDate(),
      hour: start.getUTCHours(),
      minute: start.getUTCMinutes(),
      second: start.getUTCSeconds(),
    }),
  );
  const found: number[] = [];
  for (let turn = 0; turn < ONSETS_MAX; turn++) {
    const next = iterator.next();
    if (!next) break;
    const { year, month, day, hour, minute, second } = next;
    const atMs = Date.UTC(year, month - 1, day, hour, minute, second);
    if (atMs > untilMs) break;
    found.push(atMs);
  }
  return found;
}

/** A rule of every year since 1601 is the same rule a few years ago; one that ends or counts is not. */
function lateStart(rule: string, startMs: number, untilMs: number): number {
  if (/\b(?:COUNT|UNTIL)=|\bINTERVAL=(?!1\b)/i.test(rule)) return startMs;
  const late = new Date(startMs);
  late.setUTCFullYear(new Date(untilMs).getUTCFullYear() - YEARS_BACK);
  return Math.max(startMs, late.getTime());
}

/** Undefined when one of them lacks what it needs, or its rule is none. */
function observancesOf(zone: CalendarComponent): readonly Observance[] | undefined {
  const parts = zone.components.filter(({ name }) => name === 'standard' || name === 'daylight');
  const read = parts.flatMap((part) => observanceOf(part) ?? []);
  return read.length > 0 && read.length === parts.length ? read : undefined;
}

function observanceOf(part: CalendarComponent): Observance | undefined {
  const valueOf = (name: string) => propertyOf(part, name)?.value;
  const startLocalMs = localMsOf(valueOf('dtstart') ?? '');
  const fromMs = offsetOf(valueOf('tzoffsetfrom') ?? '');
  const toMs = offsetOf(valueOf('tzoffsetto') ?? '');
  const rule = valueOf('rrule');
  if (startLocalMs === undefined || fromMs === undefined || toMs === undefined) return undefined;
  if (rule !== undefined && !isRule(rule, startLocalMs)) return undefined;
  const dates = part.properties
    .filter(({ name }) => name === 'rdate')
    .flatMap(({ value }) => value.split(','))
    .flatMap((text) => localMsOf(text) ?? []);
  return { startLocalMs, fromMs, toMs, rule, dates };
}

function isRule(rule: string, startLocalMs: number): boolean {
  try {
    occurrences(rule, startLocalMs, startLocalMs);
    return true;
  } catch {
    return false;
  }
}

function localMsOf(text: string): number | undefined {
  const [whole, year, month, day, hour, minute, second = '0'] = LOCAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number);
  return Date.UTC(y ?? 0, (mo ?? 1) - 1, d ?? 1, h ?? 0, mi ?? 0, s ?? 0);
}

function offsetOf(text: string): number | undefined {
  const [whole, sign, hours, minutes, seconds = '0'] =
    /^([+-])(\d\d):?(\d\d)(\d\d)?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
