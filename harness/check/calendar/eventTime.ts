// When an event of a calendar begins and ends, as instants.

import ICAL from 'ical.js';
import { isZone, readClock } from '../../kernel/zone.ts';
import type { CalendarComponent, CalendarProblem, CalendarProperty } from './lines.ts';
import { messageOf } from '../../model/errors.ts';

export type Read<T> =
  | { readonly value: T; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: CalendarProblem };

export interface EventTime {
  readonly epochMs: number;
  readonly zone: string;
  /** As it was written, with dashes and colons. */
  readonly text: string;
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(Z?)$/;

/** `zones` are the VTIMEZONE components of the calendar, for names that are not IANA's. */
export function readEventTime(
  property: CalendarProperty,
  zones: readonly CalendarComponent[],
): Read<EventTime> {
  const { name, value, type, line } = property;
  const shown = `${name.toUpperCase()} ${value}`;
  const wrong = (text: string, hint: string): Read<EventTime> => ({
    problem: { line, text, hint },
  });
  if (type === 'date')
    return wrong(
      `${shown} is a day without a time`,
      'Ask the owner for start and end as times: a whole day cannot be rehearsed.',
    );
  if (!DATE_TIME.test(value))
    return wrong(`${shown} is no time`, 'Write it like 20250912T200000Z.');
  const tzid = property.parameters.tzid;
  if (value.endsWith('Z')) return instant(value, 'UTC', line);
  if (tzid === undefined)
    return wrong(
      `${shown} has neither a time zone nor Z: nobody knows which clock is meant`,
      'Ask the owner, and add TZID=Europe/Paris or a Z for UTC.',
    );
  const definition = zones.find((zone) => propertyOf(zone, 'tzid')?.value === tzid);
  const iana = [tzid, definition && propertyOf(definition, 'x-lic-location')?.value].find(
    (zone) => zone !== undefined && isZone(zone),
  );
  if (iana !== undefined) return instant(value, iana, line);
  if (!definition)
    return wrong(
      `${shown} is in the time zone ${tzid}, which is not known and not described in the file`,
      'Use an IANA name such as Europe/Paris, or send the VTIMEZONE with the file.',
    );
  return byDefinition(value, tzid, definition);
}

export const propertyOf = (
  { properties }: CalendarComponent,
  name: string,
): CalendarProperty | undefined => properties.find((property) => property.name === name);

function instant(text: string, zone: string, line: number): Read<EventTime> {
  const reading = readClock(text, zone);
  return reading.problem === undefined
    ? { value: { epochMs: reading.epochMs, zone, text } }
    : { problem: { line, text: reading.problem, hint: reading.hint } };
}

function byDefinition(text: string, tzid: string, definition: CalendarComponent): Read<EventTime> {
  const [, year, month, day, hour, minute, second] = (DATE_TIME.exec(text) ?? []).map(Number);
  try {
    const zone = new ICAL.Timezone(ICAL.Component.fromString(definition.text));
    const data = { year: year ?? 0, month: month ?? 0, day: day ?? 0 };
    const clock = { hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 };
    const epochMs = ICAL.Time.fromData({ ...data, ...clock }, zone).toUnixTime() * 1000;
    return { value: { epochMs, zone: tzid, text } };
  } catch (error) {
    const why = messageOf(error);
    return {
      problem: {
        line: definition.line,
        text: `the time zone ${tzid} cannot be understood: ${why}`,
        hint: 'Use an IANA name such as Europe/Paris.',
      },
    };
  }
}

/** Milliseconds; days have 24 hours here, as nobody announces work of days by the calendar. */
export function readLength({ value, line }: CalendarProperty): Read<number> {
  try {
    if (!/^P(?=[\dT])(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/.test(value))
      throw new Error('unknown form');
    return { value: ICAL.Duration.fromString(value).toSeconds() * 1000 };
  } catch {
    return {
      problem: { line, text: `DURATION ${value} is no length`, hint: 'Write it like PT4H.' },
    };
  }
}
