// When an event of a calendar begins and ends, as instants.

import ICAL from 'ical.js';
import { findIana } from 'windows-iana';
import { calendarDaysBefore, isZone, readWrittenClock, YEARS } from '../../kernel/zone.ts';
import { readInDefinedZone } from './definedZone.ts';
import { findSummerDoubt } from '../../kernel/letters.ts';
import {
  findProperty,
  type CalendarComponent,
  type CalendarProblem,
  type CalendarProperty,
} from './lines.ts';

export type Read<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: CalendarProblem };

export interface EventTime {
  readonly epochMs: number;
  readonly zone: string;
  /** The time as it was written, with dashes and colons. */
  readonly text: string;
  /** Read, and yet a person should look. */
  readonly doubt: CalendarProblem | undefined;
}

const DATE_TIME =
  /^(\d{4})-?(\d\d)-?(\d\d)T([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d|60))?(Z|[+-]\d\d:?\d\d)?$/i;

/** `zones` are the VTIMEZONE components of the calendar, for names that are not IANA's. */
export function readEventTime(
  property: CalendarProperty,
  zones: readonly CalendarComponent[],
): Read<EventTime> {
  const { name, value, line } = property;
  const shown = `${name.toUpperCase()} ${value}`;
  const wrong = (text: string, hint: string): Read<EventTime> => ({
    problem: { line, text, hint },
  });
  if (/^\d{4}-?\d\d-?\d\d$/.test(value))
    return wrong(
      `${shown} is a day without a time`,
      'Ask the owner for start and end as times: a whole day cannot be rehearsed.',
    );
  const [whole, year, month, day, hour, minute, second = '00', offset] =
    DATE_TIME.exec(value) ?? [];
  if (whole === undefined) return wrong(`${shown} is no time`, 'Write it like 20250912T200000Z.');
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const tzid = property.parameters['tzid'];
  if (offset !== undefined) return withOffset(property, local, offset.toUpperCase());
  if (tzid === undefined || tzid === '')
    return wrong(
      `${shown} has neither a time zone nor Z: nobody knows which clock is meant`,
      'Ask the owner, and add TZID=Europe/Paris or a Z for UTC.',
    );
  return inZone({ local, tzid, line, zones, shown });
}

function withOffset(
  { parameters: { tzid }, line }: CalendarProperty,
  local: string,
  offset: string,
): Read<EventTime> {
  const zone = offset === 'Z' ? 'UTC' : `UTC${offset}`;
  const doubt =
    tzid === undefined || /^(?:Etc\/)?(?:UTC|GMT|Z)$/i.test(tzid)
      ? undefined
      : {
          line,
          text: `${local}${offset} names the zone ${tzid} as well: it is read as ${zone}`,
          hint: 'Ask the owner which of the two clocks is meant.',
        };
  return instant(`${local}${offset}`, zone, line, () => doubt);
}

interface Zoned {
  readonly local: string;
  readonly tzid: string;
  readonly line: number;
  readonly zones: readonly CalendarComponent[];
  readonly shown: string;
}

/** An IANA name, else what the file defines, else the IANA zone of a name that Windows uses. */
function inZone({ local, tzid, line, zones, shown }: Zoned): Read<EventTime> {
  const definition = zones.find(
    (zone) => zoneKey(findProperty(zone, 'tzid')?.value ?? '') === zoneKey(tzid),
  );
  const location = definition && findProperty(definition, 'x-lic-location')?.value;
  const iana = [tzid, location, ...listSuffixes(tzid)].find(
    (zone) => zone !== undefined && zone !== '' && isZone(zone),
  );
  if (iana !== undefined)
    return instant(local, iana, line, (epochMs) =>
      otherClock(epochMs, { local, definition, tzid, line }),
    );
  if (definition) {
    const reading = readInDefinedZone(local, definition);
    return reading.problem === undefined
      ? { value: { epochMs: reading.epochMs, zone: tzid, text: local, doubt: undefined } }
      : { problem: { line, text: reading.problem, hint: reading.hint } };
  }
  const [windows] = findIana(tzid);
  if (windows !== undefined) return instant(local, windows, line);
  return {
    problem: {
      line,
      text: `${shown} is in the time zone ${tzid}, which is not known and not described in the file`,
      hint: 'Use an IANA name such as Europe/Paris, or send the VTIMEZONE with the file.',
    },
  };
}

/** Names are the same in any case, and some programs quote them where they are defined, too. */
const zoneKey = (tzid: string): string => tzid.replaceAll('"', '').toLowerCase();

/** A file may call a clock of its own by the name of a place. */
function otherClock(
  epochMs: number,
  {
    local,
    definition,
    tzid,
    line,
  }: Pick<Zoned, 'local' | 'tzid' | 'line'> & {
    readonly definition: CalendarComponent | undefined;
  },
): CalendarProblem | undefined {
  const own = definition && readInDefinedZone(local, definition);
  if (own?.epochMs === undefined || own.epochMs === epochMs) return undefined;
  return {
    line,
    text: `${local} is ${(own.epochMs - epochMs) / 60_000} min later in ${tzid} as the file defines it: it is read as the place has it`,
    hint: 'Ask the owner for the time in UTC.',
  };
}

/** `/vendor/Europe/Paris` is a name made unique (RFC 5545, 3.8.3.1) of an IANA zone. */
function listSuffixes(tzid: string): readonly string[] {
  const parts = tzid.split('/').filter((part) => part !== '');
  return tzid.startsWith('/') ? [3, 2].map((count) => parts.slice(-count).join('/')) : [];
}

function instant(
  text: string,
  zone: string,
  line: number,
  doubtAt?: (epochMs: number) => CalendarProblem | undefined,
): Read<EventTime> {
  const reading = readWrittenClock(text, zone);
  if (reading.problem !== undefined)
    return { problem: { line, text: reading.problem, hint: reading.hint } };
  const { epochMs } = reading;
  const summer = findSummerDoubt(zone, epochMs);
  const doubt =
    doubtAt?.(epochMs) ?? (summer && { line, text: `TZID=${summer.text}`, hint: summer.hint });
  return { value: { epochMs, zone, text, doubt } };
}

const LENGTH =
  /^\+?P(?=[\dT])(?:(\d{1,6})W)?(?:(\d{1,6})D)?(T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}S)?)?$/i;

/** The end of a length from a start: days and weeks by the clock of its zone (RFC 5545, 3.3.6). */
export function readLength({ value, line }: CalendarProperty, from: EventTime): Read<number> {
  const [whole, weeks = '0', days = '0', time] = LENGTH.exec(value) ?? [];
  if (whole === undefined)
    return {
      problem: { line, text: `DURATION ${value} is no length`, hint: 'Write it like PT4H.' },
    };
  const nominal = Number(weeks) * 7 + Number(days);
  const restMs =
    time === undefined ? 0 : ICAL.Duration.fromString(`P${time.toUpperCase()}`).toSeconds() * 1000;
  const startMs =
    nominal === 0 || !isZone(from.zone)
      ? from.epochMs + nominal * 86_400_000
      : calendarDaysBefore(from.epochMs, -nominal, from.zone);
  const endMs = startMs + restMs;
  if (new Date(endMs).getUTCFullYear() <= YEARS.max) return { value: endMs };
  const text = `DURATION ${value} ends after the year ${YEARS.max}`;
  return { problem: { line, text, hint: 'Correct it.' } };
}
