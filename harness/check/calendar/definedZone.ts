// Clock times in a zone that the calendar defines itself (VTIMEZONE, RFC 5545 3.6.5), with the two
// hours a year that happen twice or never.

import ICAL from 'ical.js';
import type { LocalReading } from '../../kernel/zone.ts';
import { findProperty, type CalendarComponent } from './lines.ts';

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
/** The parts that rules of clocks are made of; iterators of others may never end. */
const PARTS = {
  FREQ: /^YEARLY$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  WKST: /^[A-Z]{2}$/,
  BYMONTH: /^[\d,]+$/,
  BYMONTHDAY: /^[-+\d,]+$/,
  BYDAY: /^[-+\dA-Z,]+$/,
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
} as const;
type Rule = Partial<Record<keyof typeof PARTS, string>>;
/** Rules begin in 1601 or 1970 and go on once or twice a year; years have four digits. */
const ONSETS_MAX = 10_000;
/** Enough to hold the last change before any time that is asked for. */
const YEARS_BACK = 4;

/** The instant a clock time such as `2026-10-25T02:30:00` stands for; refused when there is none, or are two. */
export function readInDefinedZone(text: string, zone: CalendarComponent): LocalReading {
  const name = findProperty(zone, 'tzid')?.value ?? '';
  const localMs = parseLocalMs(text);
  const clock = localMs === undefined ? undefined : clockIn(zone, new Date(localMs));
  if (localMs === undefined || clock === undefined)
    return {
      problem: `the time zone ${name} cannot be understood as the file defines it`,
      hint: 'Ask for times in UTC, or in an IANA zone such as Europe/Paris.',
    };
  const offsets = new Set([clock.firstMs, ...clock.onsets.map(({ toMs }) => toMs)]);
  const offsetAt = (epochMs: number) =>
    clock.onsets.findLast(({ atEpochMs }) => atEpochMs <= epochMs)?.toMs ?? clock.firstMs;
  const [only, second] = [...offsets]
    .map((offsetMs) => ({ offsetMs, epochMs: localMs - offsetMs }))
    .filter(({ offsetMs, epochMs }) => offsetAt(epochMs) === offsetMs);
  if (only && !second) return { epochMs: only.epochMs };
  return {
    problem: only
      ? `${text} happens twice in ${name}: the clocks go back`
      : `${text} does not exist in ${name}: the clocks go forward`,
    hint: 'Ask the owner for the time in UTC.',
  };
}

interface Clock {
  /** Ahead of UTC before the first onset. */
  readonly firstMs: number;
  /** In order of time, to the end of the year that is asked for. */
  readonly onsets: readonly Onset[];
}

/** By year: a calendar has thousands of times in one zone. */
const known = new WeakMap<CalendarComponent, Map<number, Clock | undefined>>();

/** Undefined when the definition cannot be understood. */
function clockIn(zone: CalendarComponent, at: Date): Clock | undefined {
  const year = at.getUTCFullYear();
  const clocks = known.get(zone) ?? new Map<number, Clock | undefined>();
  known.set(zone, clocks);
  if (!clocks.has(year)) clocks.set(year, clockUntil(zone, Date.UTC(year + 2, 0)));
  return clocks.get(year);
}

function clockUntil(zone: CalendarComponent, untilLocalMs: number): Clock | undefined {
  try {
    const observances = readObservances(zone);
    const first = observances.reduce((a, b) => (b.startLocalMs < a.startLocalMs ? b : a));
    const onsets = observances
      .flatMap((observance) => listOnsets(observance, untilLocalMs))
      .toSorted((a, b) => a.atEpochMs - b.atEpochMs);
    return { firstMs: first.fromMs, onsets };
  } catch {
    return undefined;
  }
}

/** An onset stands on the clock that was in force before it. */
function listOnsets(observance: Observance, untilLocalMs: number): readonly Onset[] {
  const { startLocalMs, fromMs, toMs, dates } = observance;
  return [startLocalMs, ...dates, ...repeatedIn(observance, untilLocalMs)].map((localMs) => ({
    atEpochMs: localMs - fromMs,
    toMs,
  }));
}

function repeatedIn(
  { rule: text, startLocalMs, fromMs }: Observance,
  untilLocalMs: number,
): readonly number[] {
  if (text === undefined) return [];
  const { UNTIL, ...rule } = readRule(text);
  const lastMs = UNTIL === undefined ? Infinity : lastLocalMs(UNTIL, fromMs);
  const late = UNTIL === undefined ? lateStart(rule, startLocalMs, untilLocalMs) : startLocalMs;
  return occurrences(rule, late, Math.min(lastMs, untilLocalMs));
}

/** The end of a rule is in UTC (RFC 5545, 3.3.10), on the clock before the onset it bounds. */
function lastLocalMs(until: string, fromMs: number): number {
  const ms = parseLocalMs(until.length === 8 ? `${until}T235959` : until);
  if (ms === undefined) throw new Error(until);
  return until.endsWith('Z') ? ms + fromMs : ms;
}

/** @throws Error for a part that rules of clocks do not have. */
function readRule(text: string): Rule {
  const parts = text
    .toUpperCase()
    .split(';')
    .filter((part) => part !== '')
    .map((part) => part.split('=') as [keyof Rule, string]);
  const wrong = parts.find(([key, value]) => !Object.hasOwn(PARTS, key) || !PARTS[key].test(value));
  const rule: Rule = Object.fromEntries(parts);
  if (wrong || rule.FREQ === undefined) throw new Error(text);
  return rule;
}

function occurrences(rule: Rule, startMs: number, untilMs: number): readonly number[] {
  const start = new Date(startMs);
  const text = Object.entries(rule).map(([key, value]) => `${key}=${value}`);
  const iterator = ICAL.Recur.fromString(text.join(';')).iterator(
    ICAL.Time.fromData({
      year: start.getUTCFullYear(),
      month: start.getUTCMonth() + 1,
      day: start.getUTCDate(),
      hour: start.getUTCHours(),
      minute: start.getUTCMinutes(),
      second: start.getUTCSeconds(),
    }),
  );
  const months = rule.BYMONTH?.split(',').map(Number);
  const found: number[] = [];
  for (let next = iterator.next(); next; next = iterator.next()) {
    const { year, month, day, hour, minute, second } = next;
    const atMs = Date.UTC(year, month - 1, day, hour, minute, second);
    if (atMs > untilMs) break;
    // The iterator makes 2 March of a 30 February.
    if (months && !months.includes(month)) throw new Error(text.join(';'));
    if (found.push(atMs) > ONSETS_MAX) throw new Error(text.join(';'));
  }
  return found;
}

/** A rule of every year since 1601 is the same rule a few years ago; one that counts is not. */
function lateStart(rule: Rule, startMs: number, untilMs: number): number {
  const says = (...keys: (keyof Rule)[]) => keys.some((key) => rule[key] !== undefined);
  const isSame = says('BYMONTH') && says('BYDAY', 'BYMONTHDAY') && !says('COUNT');
  if (!isSame || (rule.INTERVAL ?? '1') !== '1') return startMs;
  const late = new Date(startMs);
  late.setUTCFullYear(new Date(untilMs).getUTCFullYear() - YEARS_BACK);
  return Math.max(startMs, late.getTime());
}

/** @throws Error when there is none, or one of them lacks what it needs. */
function readObservances(zone: CalendarComponent): readonly Observance[] {
  return zone.components
    .filter(({ name }) => name === 'standard' || name === 'daylight')
    .map((part) => {
      const valueOf = (name: string) => findProperty(part, name)?.value ?? '';
      const dates = part.properties
        .filter(({ name }) => name === 'rdate')
        .flatMap(({ value }) => value.split(','));
      const rule = valueOf('rrule');
      return {
        startLocalMs: must(parseLocalMs(valueOf('dtstart'))),
        fromMs: must(parseOffset(valueOf('tzoffsetfrom'))),
        toMs: must(parseOffset(valueOf('tzoffsetto'))),
        rule: rule === '' ? undefined : rule,
        dates: dates.map((text) => must(parseLocalMs(text.trim()))),
      };
    });
}

function must(ms: number | undefined): number {
  if (ms === undefined) throw new Error('no time');
  return ms;
}

function parseLocalMs(text: string): number | undefined {
  const [whole, ...parts] = LOCAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const [y = 0, mo = 1, d = 1, h = 0, mi = 0, s = 0] = parts.map((part) => Number(part ?? 0));
  return Date.UTC(y, mo - 1, d, h, mi, s);
}

function parseOffset(text: string): number | undefined {
  const [whole, sign, hours, minutes, seconds = '0'] =
    /^([+-])([01]\d|2[0-3]):?([0-5]\d)([0-5]\d)?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
