// Notices of a provider as an iCalendar file: what is understood becomes announced windows, what is
// not becomes an error with its line. Understands the X-MAINTNOTE properties that carriers send
// (maintenance notification, best current operational practice) and plain events.

import type { Access, AccessPath, DrainStyle, WorkTarget } from '../../model/access.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Design } from '../../model/scenario.ts';
import type { AnnouncedWindow } from '../input.ts';
import { propertyOf, readEventTime, readLength, type EventTime, type Read } from './eventTime.ts';
import {
  readComponents,
  type CalendarComponent,
  type CalendarProblem,
  type CalendarProperty,
} from './lines.ts';
import { targetsOf } from './targets.ts';

export interface CalendarOptions {
  /** Named in errors and findings. */
  readonly file: string;
  readonly design: Pick<Design, 'stages'>;
  readonly accesses: readonly Pick<Access, 'paths'>[];
  /** What is done about each notice; a calendar does not say. */
  readonly drain?: { readonly style: DrainStyle; readonly leadMs: number };
  readonly overrunMs?: number;
}

export interface CalendarReading {
  readonly windows: readonly AnnouncedWindow[];
  /** Events that were understood and do not concern the design, or are called off. */
  readonly skipped: readonly { readonly source: string; readonly text: string }[];
}

/** @throws HarnessError SCENARIO_INVALID that lists every problem as `file:line  what`. */
export function readCalendar(text: string, options: CalendarOptions): CalendarReading {
  const { components, problems } = readComponents(text);
  const calendars = components.filter(({ name }) => name === 'vcalendar');
  const zones = calendars.flatMap((calendar) => partsOf(calendar, 'vtimezone'));
  const events = calendars.flatMap((calendar) =>
    partsOf(calendar, 'vevent').map((event) => ({ event, calendar })),
  );
  const read = newest(events).map((found) => readEvent(found, zones, options));
  const all = [...problems, ...read.flatMap((one) => one.problems ?? [])];
  if (all.length > 0) throw invalid(all, options.file);
  return {
    windows: read.flatMap(({ window }) => window ?? []),
    skipped: read.flatMap(({ skipped }) => skipped ?? []),
  };
}

const partsOf = ({ components }: CalendarComponent, name: string): readonly CalendarComponent[] =>
  components.filter((component) => component.name === name);

interface FoundEvent {
  readonly event: CalendarComponent;
  readonly calendar: CalendarComponent;
}

/** Of several versions of one event the one with the highest SEQUENCE holds (RFC 5545, 3.8.7.4). */
function newest(events: readonly FoundEvent[]): readonly FoundEvent[] {
  const byUid = new Map<string, FoundEvent>();
  for (const found of events) {
    const uid = propertyOf(found.event, 'uid')?.value ?? `line ${found.event.line}`;
    const known = byUid.get(uid);
    if (!known || sequenceOf(found) >= sequenceOf(known)) byUid.set(uid, found);
  }
  return [...byUid.values()];
}

const sequenceOf = ({ event }: FoundEvent): number =>
  Number(propertyOf(event, 'sequence')?.value ?? 0);

interface ReadEvent {
  readonly window?: AnnouncedWindow;
  readonly skipped?: CalendarReading['skipped'][number];
  readonly problems?: readonly CalendarProblem[];
}

function readEvent(
  { event, calendar }: FoundEvent,
  zones: readonly CalendarComponent[],
  options: CalendarOptions,
): ReadEvent {
  const source = `${options.file}:${event.line}`;
  const name = nameOf(event);
  const skip = (why: string): ReadEvent => ({ skipped: { source, text: `${name} ${why}` } });
  const repeating = recurrenceOf(event);
  if (repeating.length > 0) return { problems: repeating };
  if (isCalledOff(event, calendar)) return skip('is called off or over');
  if (textOf(event, 'x-maintnote-impact').toUpperCase() === 'NO-IMPACT')
    return skip('is announced to have no impact');
  const span = readSpan(event, zones);
  if (span.problem) return { problems: [span.problem] };
  const owner = ownerOf(event);
  if (owner === undefined) return { problems: [ownerless(event)] };
  const targets = targetsOf(event, targetNames(options));
  if (targets.length === 0) return skip('names nothing of this design');
  const { start, endEpochMs } = span.value;
  return {
    window: {
      name,
      owner,
      kind: kindOf(event),
      targets,
      fromEpochMs: start.epochMs,
      toEpochMs: endEpochMs,
      overrunMs: options.overrunMs ?? 0,
      drain: options.drain ?? { style: 'none', leadMs: 0 },
      noticedAtEpochMs: noticedOf(event, zones),
      clock: { zone: start.zone, text: start.text },
      source,
    },
  };
}

const textOf = (event: CalendarComponent, name: string): string =>
  propertyOf(event, name)?.value ?? '';

/** The work order where there is one: two notices of one work are then seen to contradict. */
const nameOf = (event: CalendarComponent): string =>
  [
    textOf(event, 'x-maintnote-maintenance-id'),
    textOf(event, 'summary'),
    textOf(event, 'uid'),
    `event of line ${event.line}`,
  ].find((text) => text !== '') ?? '';

const RECURRENCE = ['rrule', 'rdate', 'exdate', 'exrule', 'recurrence-id'];

const recurrenceOf = ({ properties }: CalendarComponent): readonly CalendarProblem[] =>
  properties
    .filter(({ name }) => RECURRENCE.includes(name))
    .map(({ name, line }) => ({
      line,
      text: `${name.toUpperCase()}: a repeating event is not one window but many, each with a notice of its own`,
      hint: 'Ask for one event for each window, or write out those you want judged.',
    }));

function isCalledOff(event: CalendarComponent, calendar: CalendarComponent): boolean {
  const said = [textOf(event, 'status'), textOf(event, 'x-maintnote-status')];
  return (
    textOf(calendar, 'method').toUpperCase() === 'CANCEL' ||
    said.some((status) => ['CANCELLED', 'COMPLETED'].includes(status.toUpperCase()))
  );
}

function readSpan(
  event: CalendarComponent,
  zones: readonly CalendarComponent[],
): Read<{ readonly start: EventTime; readonly endEpochMs: number }> {
  const [from, to, length] = ['dtstart', 'dtend', 'duration'].map((name) =>
    propertyOf(event, name),
  );
  if (!from) return lacking(event, 'DTSTART', 'An announced window needs a start.');
  const start = readEventTime(from, zones);
  if (start.problem) return start;
  const endOf = (epochMs: number) => ({ value: { start: start.value, endEpochMs: epochMs } });
  if (to) {
    const end = readEventTime(to, zones);
    if (end.problem) return end;
    return end.value.epochMs > start.value.epochMs
      ? endOf(end.value.epochMs)
      : {
          problem: {
            line: to.line,
            text: 'DTEND is not after DTSTART',
            hint: 'Correct one of them.',
          },
        };
  }
  if (!length) return lacking(event, 'DTEND or DURATION', 'An announced window needs an end.');
  const lasts = readLength(length);
  return lasts.problem ? lasts : endOf(start.value.epochMs + lasts.value);
}

const lacking = (event: CalendarComponent, what: string, hint: string) => ({
  problem: { line: event.line, text: `${nameOf(event)} has no ${what}`, hint },
});

function ownerOf(event: CalendarComponent): string | undefined {
  const organizer = propertyOf(event, 'organizer');
  return [
    textOf(event, 'x-maintnote-provider'),
    organizer?.parameters.cn ?? '',
    (organizer?.value ?? '').replace(/^mailto:/i, ''),
  ].find((text) => text !== '');
}

const ownerless = (event: CalendarComponent): CalendarProblem => ({
  line: event.line,
  text: `${nameOf(event)} does not say who works: no X-MAINTNOTE-PROVIDER and no ORGANIZER`,
  hint: 'Add ORGANIZER;CN="Carrier":mailto:noc@carrier.example to the event.',
});

function kindOf(event: CalendarComponent): AnnouncedWindow['kind'] {
  const said = `${textOf(event, 'categories')} ${textOf(event, 'summary')}`.toLowerCase();
  if (/\bfailover[- ]test\b/.test(said)) return 'failover-test';
  return /\bemergency\b/.test(said) ? 'emergency' : 'planned';
}

/** Made first, else stamped; a notice whose time cannot be read counts as not known. */
function noticedOf(
  event: CalendarComponent,
  zones: readonly CalendarComponent[],
): number | undefined {
  const stamp: CalendarProperty | undefined =
    propertyOf(event, 'created') ?? propertyOf(event, 'dtstamp');
  return stamp && readEventTime(stamp, zones).value?.epochMs;
}

/** Everything of the design that a notice can name, by the names owners use. */
function targetNames({ design, accesses }: CalendarOptions): ReadonlyMap<string, WorkTarget> {
  const paths = accesses.flatMap((access) => access.paths);
  const shared = (kind: 'device' | 'location') => (path: AccessPath) =>
    [path[kind], { kind, name: path[kind] }] as const;
  return new Map<string, WorkTarget>([
    ...design.stages.map(({ name }) => [name, { kind: 'stage', name }] as const),
    ...paths.map(shared('location')),
    ...paths.map(shared('device')),
    ...paths.flatMap(({ name, circuits }) =>
      [name, ...circuits].map((known) => [known, { kind: 'path', name }] as const),
    ),
  ]);
}

function invalid(problems: readonly CalendarProblem[], file: string): HarnessError {
  const lines = problems
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, text, hint }) => `  ${file}:${line}  ${text}. ${hint}`);
  const many = lines.length === 1 ? '1 problem' : `${lines.length} problems`;
  return new HarnessError('SCENARIO_INVALID', `${many} in ${file}\n${lines.join('\n')}`, {
    target: `${file}:${Math.min(...problems.map(({ line }) => line))}`,
    hint: 'mend the lines above; docs/check.md says what is read of a calendar',
  });
}
