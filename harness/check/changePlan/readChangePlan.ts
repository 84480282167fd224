// A change plan as what is judged: clock times become instants, targets and calendars are read, and
// everything that is wrong has its line.

import type { WorkTarget } from '../../model/access.ts';
import type { Design } from '../../model/scenario.ts';
import { invalid, parseDesign, type DesignTexts } from '../../scenario/load.ts';
import { shape } from '../../scenario/shape.ts';
import { readYaml, type Path, type Problem, type SourceFile } from '../../scenario/sourceFile.ts';
import { didYouMean } from '../../scenario/suggest.ts';
import { NATIONAL_EVENING } from '../audience.ts';
import { readCalendar, type CalendarReading } from '../calendar/readCalendar.ts';
import type { AnnouncedWindow, CheckInput, DeclaredEvent, OwnerRule } from '../input.ts';
import { accessesOf } from '../implicitAccess.ts';
import { isZone, readClock } from '../../kernel/zone.ts';
import { changePlanSchema, type ChangePlanFile, type ChangeWindowFile } from './schema.ts';

/** Where change plans are described. */
const PAGE = 'docs/check.md';

export interface ChangePlanTexts {
  readonly text: string;
  /** As the user named it. */
  readonly file: string;
  readonly designs: DesignTexts;
  /** Text of each calendar file by the name the plan gives it. */
  readonly calendars: Readonly<Record<string, string>>;
  readonly nowEpochMs: number | undefined;
}

/** Calendar files a plan names, so that somebody can read them first; empty for a broken plan. */
export function calendarsOf(text: string, file: string): readonly string[] {
  const source = readYaml(text, file);
  const { value } =
    source.problems.length > 0 ? { value: undefined } : shape(changePlanSchema, source);
  return value?.calendars.map((calendar) => calendar.file) ?? [];
}

/** @throws HarnessError SCENARIO_INVALID that lists every problem as `file:line:column  path: what`. */
export function readChangePlan(texts: ChangePlanTexts): CheckInput {
  const { text, file, designs } = texts;
  const source = readYaml(text, file);
  if (source.problems.length > 0) throw invalid(file, source.problems, PAGE);
  const { value, problems } = shape(changePlanSchema, source);
  if (!value) throw invalid(file, problems, PAGE);
  const found: Problem[] = [];
  const report = (path: Path, message: string) => void found.push(source.problemAt(path, message));
  const design = designNamed(value.design, designs, report);
  if (!isZone(value.zone)) report(['zone'], `no time zone is called ${value.zone}`);
  if (!design || found.length > 0) throw invalid(file, found, PAGE);
  const reading = { value, source, report };
  const windows = value.windows.flatMap((window, index) => toWindow(reading, window, index) ?? []);
  const events = eventsOf(reading);
  if (found.length > 0) throw invalid(file, found, PAGE);
  const calendars = readCalendars(texts, value, design);
  return {
    design,
    accesses: accessesOf(design),
    windows: [...windows, ...calendars.flatMap((calendar) => calendar.windows)],
    events,
    zone: value.zone,
    audience: {
      ...NATIONAL_EVENING,
      ...(value.setsAtPeak === undefined ? {} : { setsAtPeak: value.setsAtPeak }),
    },
    nowEpochMs: texts.nowEpochMs,
    usualRule: toRule(value.notice),
    ownerRules: Object.fromEntries(
      Object.entries(value.owners).map(([name, rule]) => [name, toRule(rule)]),
    ),
    skipped: calendars.flatMap(({ skipped }) => skipped),
  };
}

const toRule = ({ planned, reminders, emergency }: ChangePlanFile['notice']): OwnerRule => ({
  plannedDays: planned,
  reminderDays: reminders,
  emergencyMs: emergency,
});

type Report = (path: Path, message: string) => void;

interface Reading {
  readonly value: ChangePlanFile;
  readonly source: SourceFile;
  readonly report: Report;
}

function designNamed(name: string, designs: DesignTexts, report: Report): Design | undefined {
  const found = Object.hasOwn(designs, name) ? designs[name] : undefined;
  if (found) return parseDesign(found.text, found.file);
  const known = Object.keys(designs).toSorted();
  report(
    ['design'],
    `no design is called ${name}; there are ${known.join(', ') || 'none'}${didYouMean(name, known)}`,
  );
  return undefined;
}

function toWindow(
  reading: Reading,
  window: ChangeWindowFile,
  index: number,
): AnnouncedWindow | undefined {
  const { value, source, report } = reading;
  const path = ['windows', index];
  const zone = window.zone ?? value.zone;
  const read = (key: 'start' | 'end' | 'noticed') =>
    window[key] === undefined ? undefined : instantOf(reading, [...path, key], window[key], zone);
  const [start, end, noticed] = [read('start'), read('end'), read('noticed')];
  if ((window.for === undefined) === (window.end === undefined))
    report(path, 'expected exactly one of for, end');
  const targets = window.targets.flatMap((target, turn) =>
    toTarget(target, [...path, 'targets', turn], report),
  );
  if (start === undefined) return undefined;
  const { line } = source.problemAt([...path, 'name'], '');
  return {
    name: window.name,
    owner: window.owner,
    kind: window.kind,
    targets,
    fromEpochMs: start,
    toEpochMs: end ?? start + (window.for ?? 0),
    overrunMs: window.overrun,
    drain: { style: window.drain?.style ?? 'none', leadMs: window.drain?.lead ?? 0 },
    noticedAtEpochMs: noticed,
    clock: { zone: /Z$/.test(window.start) ? 'UTC' : zone, text: window.start },
    source: `${source.file}:${line}`,
  };
}

function instantOf(
  { report }: Reading,
  path: Path,
  text: string,
  zone: string,
): number | undefined {
  const reading = readClock(text, zone);
  if (reading.problem === undefined) return reading.epochMs;
  report(path, `${reading.problem}. ${reading.hint}`);
  return undefined;
}

type Target = ChangeWindowFile['targets'][number];
const TARGET_KINDS = [
  'path',
  'device',
  'location',
  'operator',
  'country',
  'stage',
  'zone',
] as const;

function toTarget(target: Target, path: Path, report: Report): readonly WorkTarget[] {
  const named = TARGET_KINDS.flatMap((kind) => {
    const name = target[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
  if (named.length !== 1) report(path, `expected exactly one of ${TARGET_KINDS.join(', ')}`);
  return named;
}

function eventsOf(reading: Reading): readonly DeclaredEvent[] {
  const { value, source } = reading;
  return value.events.flatMap((event, index): readonly DeclaredEvent[] => {
    const path = ['events', index];
    const fromEpochMs = instantOf(reading, [...path, 'start'], event.start, value.zone);
    if (fromEpochMs === undefined) return [];
    const { line } = source.problemAt(path, '');
    return [
      {
        name: event.name,
        fromEpochMs,
        toEpochMs: fromEpochMs + event.for,
        source: `${source.file}:${line}`,
      },
    ];
  });
}

function readCalendars(
  { calendars, file }: ChangePlanTexts,
  value: ChangePlanFile,
  design: Design,
): readonly CalendarReading[] {
  return value.calendars.map((calendar) => {
    const text = calendars[calendar.file];
    if (text === undefined)
      throw new Error(`${file}: the text of ${calendar.file} was not handed in`);
    return readCalendar(text, {
      file: calendar.file,
      design,
      accesses: accessesOf(design),
      overrunMs: calendar.overrun,
      drain: { style: calendar.drain?.style ?? 'none', leadMs: calendar.drain?.lead ?? 0 },
    });
  });
}
