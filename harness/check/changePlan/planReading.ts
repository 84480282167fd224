// Gives the readers of a change plan its values, and a way to say what is wrong where.

import { isZone, readWrittenClock } from '../../kernel/zone.ts';
import { valueAt, type Path, type SourceFile } from '../../scenario/sourceFile.ts';
import { findSummerDoubt } from '../../kernel/letters.ts';
import type { Remark } from '../input.ts';
import type { ChangePlanFile } from './schema.ts';

export interface PlanReading {
  readonly value: ChangePlanFile;
  readonly source: SourceFile;
  readonly report: (path: Path, message: string) => void;
  /** The doubts about clocks, one for each part of the plan. */
  readonly doubts: Map<string, Remark>;
}

/** Undefined when it is none, which has then been reported. */
export function readInstant(
  reading: PlanReading,
  path: Path,
  text: string,
  zone: string,
): number | undefined {
  const read = readWrittenClock(text, zone);
  if (read.problem !== undefined) reading.report(path, `${read.problem}. ${read.hint}`);
  else if (!HAS_OFFSET.test(text)) noteSummer(reading, path, { text, zone, epochMs: read.epochMs });
  return read.epochMs;
}

const HAS_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

/** Keeps the doubt about a time by a clock of letters in summer, where there is one. */
export function noteSummer(
  reading: PlanReading,
  path: Path,
  time: { readonly text: string; readonly zone: string; readonly epochMs: number },
): void {
  const { source, doubts } = reading;
  const doubt = findSummerDoubt(time.zone, time.epochMs);
  const part = path.slice(0, 2);
  const key = part.join('.');
  if (!doubt || doubts.has(key)) return;
  const name = valueAt(source.data, [...part, 'name']);
  doubts.set(key, {
    about: 'doubtful',
    severity: 'warning',
    source: sourceAt(reading, path),
    targets: typeof name === 'string' ? [name] : [],
    text: `${time.text} ${doubt.text}`,
    hint: doubt.hint,
  });
}

/** The zone of a part of the plan, or the plan's own. */
export function readZone(
  { value, report }: PlanReading,
  path: Path,
  zone: string | undefined,
): string {
  if (zone === undefined || isZone(zone)) return zone ?? value.zone;
  report([...path, 'zone'], `no time zone is called ${zone}`);
  return value.zone;
}

export const sourceAt = ({ source }: PlanReading, path: Path): string =>
  `${source.file}:${source.problemAt(path, '').line}`;
