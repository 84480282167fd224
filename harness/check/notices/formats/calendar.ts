// Notices as an iCalendar file: the X-MAINTNOTE properties that carriers send (maintenance
// notification, best current operational practice) and plain events.

import {
  findParts,
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
import { readImpact, readKind } from '../words.ts';
import {
  cutShort,
  findRecurrence,
  impactDoubts,
  readOnce,
  readSequence,
  stateDoubts,
  stateOf,
  twiceSaid,
} from './calendarMistakes.ts';
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
  const calendars = readableCalendars(components);
  const all = calendars.flatMap((one) => findParts(one, 'vtimezone'));
  const read = calendars.map((one) =>
    // The zones of an event are those of its own calendar first.
    readOne(one, { file, zones: [...findParts(one, 'vtimezone'), ...all], origin }),
  );
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
    doubts: [
      ...[...doubts, ...calendars.flatMap((one) => one.doubts)].map(at),
      ...read.flatMap((one) => one.doubts),
    ],
    leftOut: read.flatMap(({ leftOut }) => leftOut),
  };
  if (found.notices.length > 0 || found.problems.length > 0) return found;
  return { ...found, problems: [at(emptiness(calendars, found))] };
}

/** Events beside every calendar are as if in one of their own. */
function readableCalendars(components: readonly CalendarComponent[]) {
  const calendars = components.filter(({ name }) => name === 'vcalendar');
  const beside = components.filter((one) => !calendars.includes(one));
  const events = beside.flatMap((one) =>
    one.name === 'vevent' ? [one] : findParts(one, 'vevent'),
  );
  const [first] = events;
  if (!first) return calendars;
  const { line } = first;
  const hint = 'Look whether it is announced, or fetch the file again.';
  const doubts = [{ line, text: 'an event stands in no calendar: it is judged', hint }];
  const own = {
    name: 'vcalendar',
    line,
    properties: [],
    components: events,
    doubts,
    cutOff: false,
  };
  return [...calendars, own];
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
  const method = (readOnce(component, 'method') || (place.origin.method ?? '')).toUpperCase();
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
  return {
    ...NOTHING_READ,
    notices: events.map((event) => readNotice(event, method, place)),
    doubts:
      events.length === 0
        ? []
        : [...twiceSaid(component), ...noEvents(component)].map((one) => located(one, place.file)),
  };
}

const noEvents = (calendar: CalendarComponent): readonly CalendarProblem[] =>
  ['vtodo', 'vjournal', 'vfreebusy'].flatMap((name) =>
    findParts(calendar, name).map((part) => ({
      line: part.line,
      text: `${name.toUpperCase()} ${nameEvent(part)} is no event, and is not judged`,
      hint: 'Ask the owner for an event when work is meant.',
    })),
  );

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
  const impact = readImpact(readOnce(event, 'x-maintnote-impact'));
  return {
    name: nameEvent(event),
    owner: readOwner(event, place.origin),
    uid: text('uid') || undefined,
    workId: readWorkId(event),
    ...(text('recurrence-id') === '' ? {} : { occurrence: text('recurrence-id') }),
    sequence: 'problem' in sequence ? undefined : sequence.value,
    ...times,
    toldAtEpochMs:
      toldAt(times, 'problem' in sequence ? 0 : sequence.value) ?? place.origin.sentAtEpochMs,
    state: method === 'CANCEL' ? 'off' : stateOf(event),
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
    .map(({ value }) =>
      value
        .replaceAll(/<[^<>]*>/g, ' ')
        .replaceAll(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code))),
    );
