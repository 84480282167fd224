// Notices as an iCalendar file: the X-MAINTNOTE properties that carriers send (maintenance
// notification, best current operational practice) and plain events.

import {
  findProperty,
  readComponents,
  type CalendarComponent,
  type CalendarProblem,
} from '../../calendar/lines.ts';
import type { NoticeFormat } from '../format.ts';
import {
  NOTHING_READ,
  type Notice,
  type NoticeObject,
  type NoticeProblem,
  type NoticeReading,
} from '../notice.ts';
import { holds, readImpact, readKind, readState } from '../words.ts';
import { nameEvent, readSpan, readText, readTimes, toldAt, readWorkId } from './calendarEvent.ts';

export const calendar: NoticeFormat = {
  name: 'iCalendar (.ics)',
  isIn: ({ text, file }) =>
    /^\uFEFF?\s*BEGIN\s*:\s*VCALENDAR/i.test(text) || /\.(?:ics|ical|ifb|vcs)$/i.test(file),
  read: ({ text, file }) => readCalendar(text, file),
};

/** The facts that a mail around the calendar adds. */
export interface CalendarOrigin {
  /** Who sent it, for an event that names nobody. */
  readonly sender?: string;
  readonly sentAtEpochMs?: number;
  readonly method?: string;
}

export function readCalendar(
  text: string,
  file: string,
  origin: CalendarOrigin = {},
): NoticeReading {
  const { components, doubts } = readComponents(text);
  const at = (problem: CalendarProblem) => located(problem, file);
  const calendars = components.filter(({ name }) => name === 'vcalendar');
  const zones = calendars.flatMap((one) => findParts(one, 'vtimezone'));
  const read = calendars.map((one) => readOne(one, { file, zones, origin }));
  const cut = calendars.filter(({ cutOff }) => cutOff);
  const found = {
    notices: read.flatMap(({ notices }) => notices),
    problems: cut.map(({ line }) =>
      at({
        line,
        text: 'the calendar that begins here has no END: events may be missing',
        hint: 'The file seems cut off: fetch it again.',
      }),
    ),
    doubts: [...doubts, ...calendars.flatMap((one) => one.doubts)].map(at),
    leftOut: read.flatMap(({ leftOut }) => leftOut),
  };
  if (found.notices.length > 0 || found.problems.length > 0) return found;
  return { ...found, problems: [at(emptiness(calendars, found))] };
}

function emptiness(
  calendars: readonly CalendarComponent[],
  { leftOut }: Pick<NoticeReading, 'leftOut'>,
): CalendarProblem {
  const others = [
    ...new Set(calendars.flatMap(({ components }) => components.map(({ name }) => name))),
  ].filter((name) => name !== 'vtimezone' && name !== 'vevent');
  const holds = others.map((name) => name.toUpperCase()).join(', ');
  const text =
    calendars.length === 0
      ? 'no calendar in the file: nothing is announced and nothing is called off'
      : leftOut.length > 0
        ? 'no notice in the calendar, only answers to one'
        : `no event in the calendar${holds === '' ? '' : `, only ${holds}`}`;
  return {
    line: 1,
    text,
    hint: 'Export it again, with the events; or take the file out when nothing is announced.',
  };
}

interface Place {
  readonly file: string;
  readonly zones: readonly CalendarComponent[];
  readonly origin: CalendarOrigin;
}

/** Methods of RFC 5546 by which somebody answers, or asks for, what another one announced. */
const NO_NOTICE = new Set(['REPLY', 'COUNTER', 'DECLINECOUNTER', 'REFRESH']);

function readOne(component: CalendarComponent, place: Place): NoticeReading {
  const method = (readText(component, 'method') || (place.origin.method ?? '')).toUpperCase();
  const events = findParts(component, 'vevent');
  if (NO_NOTICE.has(method))
    return {
      ...NOTHING_READ,
      leftOut: events.map((event) => ({
        source: `${place.file}:${event.line}`,
        text: `${nameEvent(event)} is an answer (METHOD:${method}) and no notice`,
        hint: 'Keep the notice that it answers.',
      })),
    };
  return { ...NOTHING_READ, notices: events.map((event) => readNotice(event, method, place)) };
}

function readNotice(event: CalendarComponent, method: string, place: Place): Notice {
  const text = (name: string) => readText(event, name);
  const times = readTimes(event, place.zones);
  const span = readSpan(event, place.zones);
  const sequence = readSequence(event);
  const problems = [
    ...twiceSaid(event),
    ...findRecurrence(event),
    ...('problem' in sequence ? [sequence.problem] : []),
    ...(span.problem === undefined ? [] : [span.problem]),
    ...cutShort(event),
  ];
  const impact = readImpact(text('x-maintnote-impact'));
  const said = [text('x-maintnote-status'), text('status')];
  return {
    name: nameEvent(event),
    owner: readOwner(event, place.origin),
    uid: text('uid') || undefined,
    workId: readWorkId(event),
    sequence: 'problem' in sequence ? undefined : sequence.value,
    ...times,
    toldAtEpochMs:
      toldAt(times, 'problem' in sequence ? 0 : sequence.value) ?? place.origin.sentAtEpochMs,
    state: method === 'CANCEL' ? 'off' : readState(calledOffInPart(event) ? ['confirmed'] : said),
    kind: readKind(text('categories'), text('summary')),
    impact: impact ?? 'outage',
    objects: readObjects(event),
    texts: readTexts(event),
    span: span.value?.span,
    problems: problems.map((problem) => located(problem, place.file)),
    doubts: [
      ...event.doubts,
      ...(span.value?.doubts ?? []),
      ...impactDoubts(event),
      ...(method === 'CANCEL' ? [] : stateDoubts(event)),
    ].map((problem) => located(problem, place.file)),
    source: `${place.file}:${event.line}`,
  };
}

const located = ({ line, text, hint }: CalendarProblem, file: string): NoticeProblem => ({
  source: `${file}:${line}`,
  text,
  hint,
});

const findParts = ({ components }: CalendarComponent, name: string): readonly CalendarComponent[] =>
  components.filter((component) => component.name === name);

function readOwner(event: CalendarComponent, { sender }: CalendarOrigin): string {
  const organizer = findProperty(event, 'organizer');
  return (
    [
      readText(event, 'x-maintnote-provider'),
      organizer?.parameters['cn'] ?? '',
      (organizer?.value ?? '').replace(/^mailto:/i, ''),
      sender ?? '',
    ].find((text) => text !== '') ?? ''
  );
}

function readSequence(
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
  ...['x-maintnote-impact', 'x-maintnote-provider'],
];

/** Two different values of one property: the first is as good as the second. */
const twiceSaid = (event: CalendarComponent): readonly CalendarProblem[] =>
  ONCE.flatMap((name) => {
    const all = event.properties.filter((property) => property.name === name);
    const values = new Set(
      all.map(({ value, parameters }) => `${parameters['tzid'] ?? ''}${value}`),
    );
    const second = all[1];
    return values.size < 2 || !second
      ? []
      : [
          {
            line: second.line,
            text: `${name.toUpperCase()} of ${nameEvent(event)} is there ${all.length} times: ${all.map(({ value }) => value).join(', ')}`,
            hint: 'Ask the owner which of them holds.',
          },
        ];
  });

/** The provider's own word says that the work goes on, the calendar's that it is cancelled. */
const calledOffInPart = (event: CalendarComponent): boolean =>
  holds(readText(event, 'x-maintnote-status')) && readState([readText(event, 'status')]) === 'off';

const stateDoubts = (event: CalendarComponent): readonly CalendarProblem[] =>
  calledOffInPart(event)
    ? [
        {
          line: findProperty(event, 'status')?.line ?? event.line,
          text: `${nameEvent(event)} is ${readText(event, 'x-maintnote-status')} by X-MAINTNOTE-STATUS and ${readText(event, 'status')} by STATUS: it is judged`,
          hint: 'Ask the owner whether the work goes on.',
        },
      ]
    : [];

const RECURRENCE = ['rrule', 'rdate', 'exdate', 'exrule', 'recurrence-id'];

const findRecurrence = ({ properties }: CalendarComponent): readonly CalendarProblem[] =>
  properties
    .filter(({ name }) => RECURRENCE.includes(name))
    .map(({ name, line }) => ({
      line,
      text: `${name.toUpperCase()}: a repeating event is not one window but many, each with a notice of its own`,
      hint: 'Ask for one event for each window, or write out those you want judged.',
    }));

const cutShort = (event: CalendarComponent): readonly CalendarProblem[] =>
  event.cutOff
    ? [
        {
          line: event.line,
          text: `the file ends inside ${nameEvent(event)}`,
          hint: 'The file seems cut off: fetch it again.',
        },
      ]
    : [];

const readObjects = ({ properties }: CalendarComponent): readonly NoticeObject[] =>
  properties
    .filter(({ name, value }) => name === 'x-maintnote-object-id' && value !== '')
    .map(({ value, parameters }) => ({
      id: value,
      impact: readImpact(parameters['x-maintnote-object-impact'] ?? ''),
    }));

const TEXTS = ['location', 'summary', 'description', 'comment', 'resources', 'x-alt-desc'];

const readTexts = ({ properties }: CalendarComponent): readonly string[] =>
  properties
    .filter(({ name }) => TEXTS.includes(name))
    .map(({ value }) => value.replaceAll(/<[^<>]*>/g, ' '));

/** A word of no standard is taken for the worst. */
const impactDoubts = ({ properties }: CalendarComponent): readonly CalendarProblem[] =>
  properties.flatMap(({ name, value, parameters, line }) => {
    const said =
      name === 'x-maintnote-impact'
        ? value
        : name === 'x-maintnote-object-id'
          ? (parameters['x-maintnote-object-impact'] ?? '')
          : '';
    return said === '' || readImpact(said) !== undefined
      ? []
      : [
          {
            line,
            text: `impact ${said} is no known word: it is judged as an outage`,
            hint: 'Known are NO-IMPACT, REDUCED-REDUNDANCY, DEGRADED and OUTAGE.',
          },
        ];
  });
