// Mistakes and doubts in one event of a calendar, beside those of its times.

import {
  findProperty,
  type CalendarComponent,
  type CalendarProblem,
} from '../../calendar/lines.ts';
import { isCalledOff, type NoticeState } from '../notice.ts';
import { holds, isState, readImpact, readState } from '../words.ts';
import { nameEvent, readText } from './calendarEvent.ts';

export function readSequence(
  event: CalendarComponent,
): { readonly value: number } | { readonly problem: CalendarProblem } {
  const property = findProperty(event, 'sequence');
  if (property === undefined || property.value === '') return { value: 0 };
  if (/^\d{1,9}$/.test(property.value)) return { value: Number(property.value) };
  return {
    problem: {
      line: property.line,
      text: `SEQUENCE:${property.value} of ${nameEvent(event)} is no number: nobody knows which version is newer`,
      hint: 'Ask the owner which notice holds, and write its number.',
    },
  };
}

/** Properties of which an event has one. */
const ONCE = [
  ...['uid', 'sequence', 'dtstart', 'dtend', 'duration', 'status', 'x-maintnote-status'],
  ...['x-maintnote-impact', 'x-maintnote-provider', 'method'],
];

const valuesOf = ({ properties }: CalendarComponent, name: string): ReadonlySet<string> =>
  new Set(
    properties
      .filter((property) => property.name === name)
      .map(({ value, parameters }) => `${parameters['tzid'] ?? ''}${value}`),
  );

/** Gives nothing of two values that differ: the one that takes a window away may be wrong. */
export const readOnce = (component: CalendarComponent, name: string): string =>
  valuesOf(component, name).size > 1 ? '' : readText(component, name);

/** Two different values of one property: the first is as good as the second. */
export const twiceSaid = (event: CalendarComponent): readonly CalendarProblem[] =>
  ONCE.flatMap((name) => {
    const all = event.properties.filter((property) => property.name === name);
    const second = all[1];
    return valuesOf(event, name).size < 2 || !second
      ? []
      : {
          line: second.line,
          text: `${name.toUpperCase()} of ${event.name === 'vevent' ? nameEvent(event) : 'the calendar'} is there ${all.length} times: ${all.map(({ value }) => value).join(', ')}`,
          hint: 'Ask the owner which of them holds.',
        };
  });

const STATES = ['x-maintnote-status', 'status'];

/** Gives the state that is said, and none that takes the window away where two are said. */
export const stateOf = (event: CalendarComponent): NoticeState =>
  calledOffInPart(event) || STATES.some((name) => valuesOf(event, name).size > 1)
    ? 'confirmed'
    : readState([readText(event, 'x-maintnote-status'), readText(event, 'status')]);

/** The provider's own word says that the work goes on, the calendar's that it is cancelled. */
const calledOffInPart = (event: CalendarComponent): boolean =>
  holds(readText(event, 'x-maintnote-status')) &&
  isCalledOff(readState([readText(event, 'status')]));

export const stateDoubts = (event: CalendarComponent): readonly CalendarProblem[] => [
  ...(calledOffInPart(event)
    ? [
        {
          line: findProperty(event, 'status')?.line ?? event.line,
          text: `${nameEvent(event)} is ${readText(event, 'x-maintnote-status')} by X-MAINTNOTE-STATUS and ${readText(event, 'status')} by STATUS: it is judged`,
          hint: 'Ask the owner whether the work goes on.',
        },
      ]
    : []),
  ...event.properties
    .filter(({ name, value }) => STATES.includes(name) && value !== '' && !isState(value))
    .map(({ value, line }) => ({
      line,
      text: `state ${value} is no known word: it is judged as if it were confirmed`,
      hint: 'Known are TENTATIVE, CONFIRMED, CANCELLED, IN-PROCESS, COMPLETED and RE-SCHEDULED.',
    })),
];

const RECURRENCE = ['rrule', 'rdate', 'exdate', 'exrule', 'recurrence-id'];

export const findRecurrence = ({ properties }: CalendarComponent): readonly CalendarProblem[] =>
  properties
    .filter(({ name }) => RECURRENCE.includes(name))
    .map(({ name, line }) => ({
      line,
      text: `${name.toUpperCase()}: a repeating event is not one window but many, each with a notice of its own`,
      hint: 'Ask for one event for each window, or write out those you want judged.',
    }));

export const cutShort = (event: CalendarComponent): readonly CalendarProblem[] =>
  event.cutOff
    ? [
        {
          line: event.line,
          text: `the file ends inside ${nameEvent(event)}`,
          hint: 'The file seems cut off: fetch it again.',
        },
      ]
    : [];

/** A word of no standard is taken for the worst. */
export const impactDoubts = ({ properties }: CalendarComponent): readonly CalendarProblem[] =>
  properties.flatMap(({ name, value, parameters, line }) => {
    const said =
      name === 'x-maintnote-impact'
        ? value
        : name === 'x-maintnote-object-id'
          ? (parameters['x-maintnote-object-impact'] ?? '')
          : '';
    return said === '' || readImpact(said) !== undefined
      ? []
      : {
          line,
          text: `impact ${said} is no known word: it is judged as an outage`,
          hint: 'Known are NO-IMPACT, REDUCED-REDUNDANCY, DEGRADED and OUTAGE.',
        };
  });
