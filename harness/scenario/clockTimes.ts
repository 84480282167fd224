// Windows, faults and viewers by the clock: times such as 2025-09-12T22:00 become times since the start
// of the disrupt phase, before anything else looks at the file. That start stands for `clock:`, or else for
// the first work or fault that is written by the clock.

import { parseDurationMs } from '../kernel/duration.ts';
import { findSummerDoubt } from '../kernel/letters.ts';
import { isoIn, isZone, readWrittenClock } from '../kernel/zone.ts';
import { isClockTime } from '../fields/clockFields.ts';
import { entries, listSaid } from './place.ts';
import { MOMENTS } from './viewersSchema.ts';
import { isMapping, type Mapping } from '../fields/mapping.ts';
import { valueAt, type Path, type Problem, type SourceFile } from './sourceFile.ts';

/** Gives a source that says the same in relative times; problems still point at what was written. */
export function withClockTimes(source: SourceFile) {
  const problems: Problem[] = [];
  if (!isMapping(source.data)) return { source, problems };
  const report = (path: Path, message: string) =>
    void problems.push(source.problemAt(path, message));
  const reading: ClockReading = { source, report, zero: undefined };
  const zero = findZero(reading);
  const { clock } = source.data;
  const every = (key: TimedList, relative: Relative) => {
    const all = listSaid({ source, path: [key] }).map((entry, i) => {
      if (!isMapping(entry)) return entry;
      checkZone(entry['zone'], [key, i, 'zone'], report);
      return relative(entry, [key, i], { ...reading, zero });
    });
    return all.length === 0 ? {} : { [key]: all };
  };
  const data = {
    ...source.data,
    ...every('windows', relativeWindow),
    ...every('faults', relativeFault),
    ...every('alerts', relativeAlert),
    ...relativeViewers({ ...reading, zero }),
    // A clock that is no time at all is left for the definition to refuse.
    ...(zero === undefined || (clock !== undefined && !isClockTime(clock))
      ? {}
      : { clock: isoIn(zero.epochMs, zero.zone) }),
  };
  return { source: { ...source, data }, problems };
}

interface Zero {
  readonly epochMs: number;
  /** The zone as written: a name, or the offset of the time itself. */
  readonly zone: string;
}

interface ClockReading {
  readonly source: SourceFile;
  readonly report: (path: Path, message: string) => void;
  /** The time that the start of the disrupt phase stands for. */
  readonly zero: Zero | undefined;
}

/** Lists whose entries have times. */
type TimedList = 'windows' | 'faults' | 'alerts';

function findZero(reading: ClockReading): Zero | undefined {
  const { source, report } = reading;
  checkZone(valueAt(source.data, ['zone']), ['zone'], report);
  const clock = valueAt(source.data, ['clock']);
  const own = instantAt(clock, ['clock'], reading);
  if (own) return own;
  const quiet = { ...reading, report: () => undefined };
  const first = (paths: readonly Path[]): Zero | undefined =>
    paths
      .flatMap((path) => instantAt(firstClockTime(valueAt(source.data, path)), path, quiet) ?? [])
      .toSorted((a, b) => a.epochMs - b.epochMs)[0];
  const ofWindows = (part: 'work' | 'announced') =>
    entries(source, 'windows').map((path) => [...path, part, START[part]]);
  const ofFaults = entries(source, 'faults').map((path) => [...path, 'at']);
  // Times that go with a clock that is wrong are read all the same, from the first of them.
  const ofAlerts = entries(source, 'alerts').map((path) => [...path, 'at']);
  return (
    first([...ofWindows('work'), ...ofFaults]) ??
    first(ofWindows('announced')) ??
    (clock === undefined ? undefined : first(ofAlerts))
  );
}

/** Says of a zone that there is none of that name, whether a time is by it or not. */
function checkZone(zone: unknown, path: Path, report: ClockReading['report']): void {
  if (typeof zone === 'string' && zone.trim() !== '' && !isZone(zone)) report(path, noZone(zone));
}

/** The keys that the start of each part of a window is written with. */
const START = { work: 'at', announced: 'from' } as const;

/** The clock times of `22:00`, or of two that a time is drawn between; none when it is no clock time. */
function clockTimesIn(value: unknown): readonly string[] {
  const ends = typeof value === 'string' ? value.split('..') : [];
  return ends.length <= 2 && ends.every(isClockTime) ? ends : [];
}

const firstClockTime = (value: unknown): unknown => clockTimesIn(value)[0];

/** The instant of a clock time; undefined for anything else, and for one that is none. */
function instantAt(text: unknown, path: Path, { source, report }: ClockReading): Zero | undefined {
  if (!isClockTime(text)) return undefined;
  const zonePath = [[...path.slice(0, 2), 'zone'], ['zone']].find(
    (at) => typeof valueAt(source.data, at) === 'string',
  );
  const zone = zonePath && String(valueAt(source.data, zonePath));
  if (zonePath && zone !== undefined && !isZone(zone)) {
    report(zonePath, noZone(zone));
    return undefined;
  }
  const read = readWrittenClock(text, zone);
  if (read.problem !== undefined) {
    report(path, `${read.problem}. ${read.hint}`);
    return undefined;
  }
  const doubt = HAS_OFFSET.test(text) ? undefined : findSummerDoubt(zone ?? '', read.epochMs);
  if (doubt) report(path, `${text} ${doubt.meanings}: write the time with its offset`);
  return { epochMs: read.epochMs, zone: zone ?? writtenOffset(text) };
}

const noZone = (zone: string): string => `no time zone is called ${zone}; one is Europe/Paris`;

const HAS_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;
const writtenOffset = (text: string): string => /[+-]\d\d:\d\d$/.exec(text)?.[0] ?? 'UTC';

type Relative = (entry: Mapping, path: Path, reading: ClockReading) => Mapping;

function relativeWindow(window: Mapping, path: Path, reading: ClockReading): Mapping {
  const { work, announced } = window;
  const part = (name: 'work' | 'announced', value: unknown) =>
    isMapping(value)
      ? { [name]: relativePart({ part: value, key: START[name] }, [...path, name], reading) }
      : {};
  return { ...window, ...part('work', work), ...part('announced', announced) };
}

/** Start, end and the last time it may start. */
const relativeFault: Relative = (fault, path, reading) => ({
  ...relativePart({ part: fault, key: START.work }, path, reading),
  ...relativeMoments(fault, ['until'], path, reading),
});

/** When it is issued, updated and over. */
const relativeAlert: Relative = (alert, path, reading) => {
  const { update } = alert;
  const relative = (one: unknown, at: Path) =>
    isMapping(one) ? { ...one, ...relativeMoments(one, ['at'], at, reading) } : one;
  return {
    ...alert,
    ...relativeMoments(alert, ['at', 'end'], path, reading),
    ...(Array.isArray(update) && {
      update: update.map((one, i) => relative(one, [...path, 'update', i])),
    }),
    ...(isMapping(update) && { update: relative(update, [...path, 'update']) }),
  };
};

/** The moments that viewers come and go at: one group, or a list of them. */
function relativeViewers(reading: ClockReading): Mapping {
  const viewers = valueAt(reading.source.data, ['viewers']);
  const group = (written: unknown, path: Path): unknown =>
    isMapping(written) ? relativeGroup(written, path, reading) : written;
  if (Array.isArray(viewers))
    return { viewers: viewers.map((one, i) => group(one, ['viewers', i])) };
  return isMapping(viewers) ? { viewers: group(viewers, ['viewers']) } : {};
}

function relativeGroup(group: Mapping, path: Path, reading: ClockReading): Mapping {
  const inside = MOMENTS.flatMap((key) => {
    const value = group[key];
    const ends = ['at', 'from', 'to'];
    return isMapping(value)
      ? [[key, { ...value, ...relativeMoments(value, ends, [...path, key], reading) }] as const]
      : [];
  });
  const moments = relativeMoments(group, MOMENTS, path, reading);
  return { ...group, ...moments, ...Object.fromEntries(inside) };
}

/** Those of the keys that are written by the clock, in relative times. */
function relativeMoments(
  written: Mapping,
  keys: readonly string[],
  path: Path,
  reading: ClockReading,
): Mapping {
  const moments = keys
    .filter((key) => clockTimesIn(written[key]).length > 0)
    .map((key) => [key, relativeTime(written[key], [...path, key], reading)]);
  return Object.fromEntries(moments) as Mapping;
}

/** A time by the clock, or two that it is drawn between; 0 stands for what was reported. */
const relativeTime = (value: unknown, path: Path, reading: ClockReading): string =>
  clockTimesIn(value)
    .map((text) => inMs(readStart(text, path, reading) ?? 0))
    .join('..');

interface Part {
  readonly part: Mapping;
  /** The key of its start. */
  readonly key: 'at' | 'from';
}

/** Start, and end or length; and when those it concerns were told. */
function relativePart({ part, key }: Part, path: Path, reading: ClockReading): Mapping {
  const startMs = readStart(part[key], [...path, key], reading);
  const told = instantAt(part['on'], [...path, 'on'], reading);
  const { end, ...rest } = part;
  return {
    ...rest,
    ...relativeMoments(part, [key], path, reading),
    ...(end === undefined ? {} : { for: readLength(part, { path, startMs }, reading) }),
    ...(isClockTime(part['on']) ? { on: told ? isoIn(told.epochMs, told.zone) : NEVER } : {}),
  };
}

/** Stands for what could not be read, and has been reported. */
const NEVER = '1970-01-01T00:00:00+00:00';

const inMs = (ms: number): string => `${ms < 0 ? '-' : ''}${Math.abs(ms)}ms`;

/** Since the start of the disrupt phase; undefined when it cannot be known. */
function readStart(value: unknown, path: Path, reading: ClockReading): number | undefined {
  if (!isClockTime(value)) return typeof value === 'string' ? signedMs(value) : undefined;
  const { zero, report } = reading;
  const instant = instantAt(value, path, reading);
  if (instant && !zero) report(path, 'a time by the clock goes with clock: above');
  if (!instant || !zero) return undefined;
  const ms = instant.epochMs - zero.epochMs;
  if (path.at(-1) !== START.announced && ms < 0)
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
function readLength(part: Mapping, { path, startMs }: Started, reading: ClockReading): unknown {
  const { zero, report } = reading;
  const at = [...path, 'end'];
  // Work is inside what is announced, whatever is wrong with the end of either.
  const placeholder = part['for'] ?? (path.at(-1) === 'announced' ? '30d' : '1s');
  if (part['for'] !== undefined) report(at, 'expected exactly one of for, end');
  else if (!isClockTime(part['end'])) report(at, 'expected a time such as 2025-09-13T02:00');
  else if (!zero) {
    if (instantAt(part['end'], at, reading))
      report(at, 'an end by the clock goes with a start by the clock, or with clock: above');
  } else {
    const end = instantAt(part['end'], at, reading);
    if (part['at'] !== undefined && startMs === undefined && !isClockTime(part['at']))
      report(at, 'goes with one time of start: with one that is drawn, say for');
    else if (part['after'] !== undefined)
      report(at, 'goes with a time of start: after something else, say for');
    if (!end || startMs === undefined) return placeholder;
    const ms = end.epochMs - zero.epochMs - startMs;
    if (ms > 0 && ms <= FARTHEST_MS) return inMs(ms);
    report(at, ms > 0 ? 'ends more than 30 days later' : `${part['end']} is not after its start`);
  }
  return placeholder;
}
