// A change plan as what is judged: clock times become instants, targets and notices are read, and
// everything that is wrong has its line.

import { LENGTH_KEYS } from '../../fields/clockFields.ts';
import { notOne } from '../../fields/mapping.ts';
import type { HarnessError } from '../../model/errors.ts';
import type { WorkTarget } from '../../model/access.ts';
import type { Design } from '../../model/scenario.ts';
import { invalid } from '../../scenario/invalid.ts';
import { parseDesign, type DesignTexts } from '../../scenario/load.ts';
import { shape } from '../../scenario/shape.ts';
import { readYaml, type Path, type Problem } from '../../scenario/sourceFile.ts';
import { unknownName } from '../../scenario/suggest.ts';
import { NATIONAL_EVENING } from '../audience.ts';
import type { AnnouncedWindow, CheckInput } from '../input.ts';
import { listAccesses } from '../implicitAccess.ts';
import { isZone } from '../../kernel/zone.ts';
import type { NoticeReading } from '../notices/notice.ts';
import { readNoticeWindows } from '../notices/windowsOfNotices.ts';
import { readInstant, readZone, sourceAt, type PlanReading } from './planReading.ts';
import { readAccepted, readEvents, readFreezes, readRules, toRule } from './planParts.ts';
import {
  changePlanSchema,
  TARGET_KINDS,
  type ChangePlanFile,
  type ChangeWindowFile,
} from './schema.ts';

/** Where change plans are described. */
const PAGE = 'docs/check.md describes every key';

export interface ChangePlanTexts {
  readonly text: string;
  /** The name that the user gave for the file. */
  readonly file: string;
  readonly designs: DesignTexts;
  /** Each file of notices, read, by the name the plan gives it. */
  readonly calendars: Readonly<Record<string, NoticeReading>>;
  readonly nowEpochMs: number | undefined;
}

export interface NoticeFileName {
  readonly file: string;
  readonly mapping: string | undefined;
  /** Makes the error of a plan that names it in vain. */
  readonly refuse: (message: string) => HarnessError;
}

/** Files of notices a plan names, so that somebody can read them first; empty for a broken plan. */
export function listCalendars(text: string, file: string): readonly NoticeFileName[] {
  const source = readYaml(text, file);
  const { value } =
    source.problems.length > 0 ? { value: undefined } : shape(changePlanSchema, source);
  return (
    value?.calendars.map((one, index) => ({
      file: one.file,
      mapping: one.mapping,
      refuse: (message) =>
        invalid(file, [source.problemAt(['calendars', index, 'file'], message)], PAGE),
    })) ?? []
  );
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
  const reading: PlanReading = { value, source, report, doubts: new Map() };
  const windows = value.windows.flatMap((window, index) => toWindow(reading, window, index) ?? []);
  const parts = {
    events: readEvents(reading),
    freezes: readFreezes(reading),
    ownerRules: readRules(reading),
    accepted: readAccepted(reading),
  };
  if (value.windows.length + value.calendars.length === 0)
    report([], 'expected windows, or files of notices under calendars: nothing is announced');
  if (found.length > 0) throw invalid(file, found, PAGE);
  const notices = readNoticeFiles(texts, value, design, windows);
  const all = [...windows, ...notices.windows];
  const events = [...parts.events, ...parts.freezes(all)];
  return {
    design,
    accesses: listAccesses(design),
    windows: all,
    events,
    zone: value.zone,
    audience: {
      ...NATIONAL_EVENING,
      ...(value.setsAtPeak === undefined ? {} : { setsAtPeak: value.setsAtPeak }),
    },
    nowEpochMs: texts.nowEpochMs,
    usualRule: toRule(value.notice),
    ownerRules: parts.ownerRules,
    remarks: [...reading.doubts.values(), ...notices.remarks],
    noticeOwners: notices.owners,
    accepted: parts.accepted,
  };
}

function designNamed(
  name: string,
  designs: DesignTexts,
  report: PlanReading['report'],
): Design | undefined {
  const found = Object.hasOwn(designs, name) ? designs[name] : undefined;
  if (found) return parseDesign(found.text, found.file);
  report(['design'], unknownName('design', name, Object.keys(designs).toSorted()));
  return undefined;
}

function toWindow(
  reading: PlanReading,
  window: ChangeWindowFile,
  index: number,
): AnnouncedWindow | undefined {
  const { report } = reading;
  const path = ['windows', index];
  const zone = readZone(reading, path, window.zone);
  const read = (key: 'start' | 'end' | 'noticed') =>
    window[key] === undefined ? undefined : readInstant(reading, [...path, key], window[key], zone);
  const [start, end, noticed] = [read('start'), read('end'), read('noticed')];
  const problem = notOne(window, LENGTH_KEYS);
  if (problem !== undefined) report(path, problem);
  const targets = window.targets.flatMap((target, turn) =>
    toTarget(target, [...path, 'targets', turn], report),
  );
  const reminded = window.reminded?.flatMap(
    (text, turn) => readInstant(reading, [...path, 'reminded', turn], text, zone) ?? [],
  );
  if (start === undefined) return undefined;
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
    ...(reminded === undefined ? {} : { remindedAtEpochMs: reminded }),
    clock: { zone: /Z$/.test(window.start) ? 'UTC' : zone, text: window.start },
    source: sourceAt(reading, [...path, 'name']),
  };
}

type Target = ChangeWindowFile['targets'][number];
function toTarget(
  target: Target,
  path: Path,
  report: PlanReading['report'],
): readonly WorkTarget[] {
  const problem = notOne(target, TARGET_KINDS);
  if (problem !== undefined) report(path, problem);
  return TARGET_KINDS.flatMap((kind) => {
    const name = target[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
}

function readNoticeFiles(
  { calendars, file, nowEpochMs }: ChangePlanTexts,
  value: ChangePlanFile,
  design: Design,
  windows: readonly AnnouncedWindow[],
) {
  const accesses = listAccesses(design);
  const readings = value.calendars.map((one) => {
    const reading = Object.hasOwn(calendars, one.file) ? calendars[one.file] : undefined;
    if (!reading) throw new Error(`${file}: ${one.file} was not read beforehand`);
    const drain = { style: one.drain?.style ?? ('none' as const), leadMs: one.drain?.lead ?? 0 };
    return { ...reading, drain, overrunMs: one.overrun };
  });
  const owners = [
    ...Object.keys(value.owners),
    ...windows.map(({ owner }) => owner),
    ...accesses.flatMap(({ paths }) => paths.map(({ operator }) => operator)),
  ];
  return readNoticeWindows(readings, { design, accesses, owners, nowEpochMs });
}
