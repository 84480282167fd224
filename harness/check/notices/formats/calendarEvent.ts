// Reads the parts of a calendar event that every reader of it needs: its name and its times.

import { readEventTime, readLength, type EventTime, type Read } from '../../calendar/eventTime.ts';
import {
  findProperty,
  type CalendarComponent,
  type CalendarProblem,
} from '../../calendar/lines.ts';
import type { Notice, NoticeSpan } from '../notice.ts';

export const readText = (component: CalendarComponent, name: string): string =>
  findProperty(component, name)?.value ?? '';

/** Gives the id of the work; of several ids the one marked as primary. */
export function readWorkId({ properties }: CalendarComponent): string | undefined {
  const ids = properties.filter(
    ({ name, value }) => name === 'x-maintnote-maintenance-id' && value !== '',
  );
  const primary = ids.find(
    ({ parameters }) => parameters['x-maintnote-precedence']?.toUpperCase() === 'PRIMARY',
  );
  return (primary ?? ids[0])?.value;
}

/** The work order where there is one: two notices of one work are then seen to contradict. */
export const nameEvent = (event: CalendarComponent): string =>
  [
    readWorkId(event) ?? '',
    readText(event, 'summary'),
    readText(event, 'uid'),
    `event of line ${event.line}`,
  ].find((text) => text !== '') ?? '';

export function readSpan(
  event: CalendarComponent,
  zones: readonly CalendarComponent[],
): Read<{ readonly span: NoticeSpan; readonly doubts: readonly CalendarProblem[] }> {
  const [from, to, length] = ['dtstart', 'dtend', 'duration'].map((name) =>
    findProperty(event, name),
  );
  if (!from) return lacking(event, 'DTSTART', 'An announced window needs a start.');
  const start = readEventTime(from, zones);
  if (start.problem) return start;
  const spanTo = (toEpochMs: number, doubts: readonly (CalendarProblem | undefined)[] = []) => ({
    value: {
      span: { fromEpochMs: start.value.epochMs, toEpochMs, clock: toClock(start.value) },
      doubts: [start.value.doubt, ...doubts].flatMap((doubt) => doubt ?? []),
    },
  });
  if (to) {
    const end = readEventTime(to, zones);
    if (end.problem) return end;
    const other = length && readLength(length, start.value);
    if (other && other.value !== end.value.epochMs)
      return {
        problem: {
          line: length.line,
          text: `DURATION ${length.value} and DTEND ${to.value} do not end at the same time`,
          hint: 'Ask the owner which of them holds.',
        },
      };
    return end.value.epochMs > start.value.epochMs
      ? spanTo(end.value.epochMs, [start.value.doubt ? undefined : end.value.doubt])
      : {
          problem: {
            line: to.line,
            text: 'DTEND is not after DTSTART',
            hint: 'Correct one of them.',
          },
        };
  }
  if (!length) return lacking(event, 'DTEND or DURATION', 'An announced window needs an end.');
  const ends = readLength(length, start.value);
  return ends.problem ? ends : spanTo(ends.value);
}

const toClock = ({ zone, text }: EventTime): NoticeSpan['clock'] => ({ zone, text });

const lacking = (event: CalendarComponent, missing: string, hint: string) => ({
  problem: { line: event.line, text: `${nameEvent(event)} has no ${missing}`, hint },
});

type Times = Pick<Notice, 'stampedAtEpochMs' | 'modifiedAtEpochMs'> & {
  readonly createdAtEpochMs: number | undefined;
};

/** A stamp that cannot be read counts as none. */
export function readTimes(event: CalendarComponent, zones: readonly CalendarComponent[]): Times {
  const at = (name: string) => {
    const property = findProperty(event, name);
    return property && readEventTime(property, zones).value?.epochMs;
  };
  return {
    stampedAtEpochMs: at('dtstamp'),
    modifiedAtEpochMs: at('last-modified'),
    createdAtEpochMs: at('created'),
  };
}

/** An update was told when it came, and not when the work was first thought of. */
export function toldAt(
  { stampedAtEpochMs, modifiedAtEpochMs, createdAtEpochMs }: Times,
  sequence: number,
): number | undefined {
  if (modifiedAtEpochMs !== undefined && modifiedAtEpochMs > (createdAtEpochMs ?? -Infinity))
    return modifiedAtEpochMs;
  return sequence > 0
    ? (stampedAtEpochMs ?? createdAtEpochMs)
    : (createdAtEpochMs ?? stampedAtEpochMs);
}
