// Windows by the clock: times such as 2025-09-12T22:00 become times since the start of the disrupt
// phase, before anything else looks at the file. What that start stands for is `clock:`, or else
// the first work that is written by the clock.

import { parseDurationMs } from '../kernel/duration.ts';
import { isoIn, isZone, readClock } from '../kernel/zone.ts';
import { isClockTime } from '../fields/clockFields.ts';
import {
  isMapping,
  valueAt,
  type Mapping,
  type Path,
  type Problem,
  type SourceFile,
} from './sourceFile.ts';

export interface Clocked {
  /** Says the same in relative times; problems still point at what was written. */
  readonly source: SourceFile;
  readonly problems: readonly Problem[];
}

export function withClockTimes(source: SourceFile): Clocked {
  if (!isMapping(source.data)) return { source, problems: [] };
  const problems: Problem[] = [];
  const report = (path: Path, message: string) =>
    void problems.push(source.problemAt(path, message));
  const reading: Reading = { source, report, zero: undefined };
  const zero = zeroOf(reading);
  const windows = windowsOf(source).map((window, i) =>
    isMapping(window) ? relative(window, i, { ...reading, zero }) : window,
  );
  const data = {
    ...source.data,
    ...(Array.isArray(source.data['windows']) ? { windows } : {}),
    ...(zero === undefined ? {} : { clock: isoIn(zero.epochMs, zero.zone) }),
  };
  return { source: { ...source, data }, problems };
}

interface Zero {
  readonly epochMs: number;
  /** The zone as written: a name, or the offset of the time itself. */
  readonly zone: string;
}

interface Reading {
  readonly source: SourceFile;
  readonly report: (path: Path, message: string) => void;
  /** The time that the start of the disrupt phase stands for. */
  readonly zero: Zero | undefined;
}

const windowsOf = ({ data }: SourceFile): readonly unknown[] => {
  const windows = valueAt(data, ['windows']);
  return Array.isArray(windows) ? windows : [];
};

function zeroOf(reading: Reading): Zero | undefined {
  const { source, report } = reading;
  const zone = valueAt(source.data, ['zone']);
  if (typeof zone === 'string' && !isZone(zone)) report(['zone'], noZone(zone));
  const clock = valueAt(source.data, ['clock']);
  if (clock !== undefined) return instantAt(['clock'], reading);
  const quiet = { ...reading, report: () => undefined };
  const times = (['work', 'announced'] as const).map((part) =>
    windowsOf(source)
      .flatMap((_, i) => instantAt(['windows', i, part, START[part]], quiet) ?? [])
      .toSorted((a, b) => a.epochMs - b.epochMs),
  );
  return times.flat()[0];
}

/** The keys that the start of each part of a window is written with. */
const START = { work: 'at', announced: 'from' } as const;

/** The instant of a clock time; undefined for anything else, and for one that is none. */
function instantAt(path: Path, { source, report }: Reading): Zero | undefined {
  const text = valueAt(source.data, path);
  if (!isClockTime(text)) return undefined;
  const zonePath = [[...path.slice(0, 2), 'zone'], ['zone']].find(
    (at) => typeof valueAt(source.data, at) === 'string',
  );
  const zone = zonePath && String(valueAt(source.data, zonePath));
  if (zonePath && zone !== undefined && !isZone(zone)) {
    report(zonePath, noZone(zone));
    return undefined;
  }
  const read = readClock(text, zone);
  if (read.problem !== undefined) report(path, `${read.problem}. ${read.hint}`);
  else if (!YEARS.test(text)) report(path, `${text}: expected a year from 1970 to 2199`);
  else return { epochMs: read.epochMs, zone: zone ?? offsetOf(text) };
  return undefined;
}

/** Others are a slip of the pen, and no calendar of time zones knows them. */
const YEARS = /^(?:19[7-9]|2[01]\d)\d-/;

const noZone = (zone: string): string => `no time zone is called ${zone}; one is Europe/Paris`;

const offsetOf = (text: string): string => /[+-]\d\d:\d\d$/.exec(text)?.[0] ?? 'UTC';

function relative(window: Mapping, index: number, reading: Reading): Mapping {
  const path = ['windows', index];
  const { work, announced } = window;
  return {
    ...window,
    ...(isMapping(work) ? { work: relativePart(work, [...path, 'work'], reading) } : {}),
    ...(isMapping(announced)
      ? { announced: relativePart(announced, [...path, 'announced'], reading) }
      : {}),
  };
}

/** Start, and end or length, of the work or of what was announced; and when that was told. */
function relativePart(part: Mapping, path: Path, reading: Reading): Mapping {
  const key = path.at(-1) === 'work' ? START.work : START.announced;
  const startMs = startOf(part[key], [...path, key], reading);
  const told = instantAt([...path, 'on'], reading);
  const { end, ...rest } = part;
  return {
    ...rest,
    ...(isClockTime(part[key]) ? { [key]: inMs(startMs ?? 0) } : {}),
    ...(end === undefined ? {} : { for: lengthOf(part, { path, startMs }, reading) }),
    ...(isClockTime(part['on']) ? { on: told ? isoIn(told.epochMs, told.zone) : NEVER } : {}),
  };
}

/** Stands for what could not be read, and has been reported. */
const NEVER = '1970-01-01T00:00:00+00:00';

const inMs = (ms: number): string => `${ms < 0 ? '-' : ''}${Math.abs(ms)}ms`;

/** Since the start of the disrupt phase; undefined when it cannot be known. */
function startOf(value: unknown, path: Path, reading: Reading): number | undefined {
  if (!isClockTime(value)) return typeof value === 'string' ? signedMs(value) : undefined;
  const { zero, report } = reading;
  const instant = instantAt(path, reading);
  if (!instant || !zero) return undefined;
  const ms = instant.epochMs - zero.epochMs;
  const isWork = path.at(-1) === START.work;
  if (isWork && ms < 0)
    report(path, `${value} is before ${isoIn(zero.epochMs, zero.zone)}, the clock of the scenario`);
  else if (Math.abs(ms) > FARTHEST_MS)
    report(path, `${value} is more than 30 days from ${isoIn(zero.epochMs, zero.zone)}`);
  else return ms;
  return undefined;
}

/** A run of a month is a slip of the pen: the year, mostly. */
const FARTHEST_MS = 30 * 86_400_000;

const signedMs = (text: string): number | undefined => {
  const ms = parseDurationMs(text.replace(/^-/, ''));
  return ms !== undefined && text.startsWith('-') ? -ms : ms;
};

interface Started {
  readonly path: Path;
  readonly startMs: number | undefined;
}

/** Gives the length between a start and an end by the clock; a placeholder when they are wrong. */
function lengthOf(part: Mapping, { path, startMs }: Started, reading: Reading): unknown {
  const { zero, report } = reading;
  const at = [...path, 'end'];
  const placeholder = part['for'] ?? '1s';
  if (part['for'] !== undefined) report(at, 'expected exactly one of for, end');
  else if (!isClockTime(part['end'])) report(at, 'expected a time such as 2025-09-13T02:00');
  else if (!zero) {
    if (instantAt(at, reading))
      report(at, 'an end by the clock goes with a start by the clock, or with clock: above');
  } else {
    const end = instantAt(at, reading);
    if (!end || startMs === undefined) return placeholder;
    const ms = end.epochMs - zero.epochMs - startMs;
    if (ms > 0 && ms <= FARTHEST_MS) return inMs(ms);
    report(at, ms > 0 ? 'ends more than 30 days later' : `${part['end']} is not after its start`);
  }
  return placeholder;
}
