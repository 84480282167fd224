// Gives the readers of a change plan its values, and a way to say what is wrong where.

import { isZone, readWrittenClock } from '../../kernel/zone.ts';
import type { Path, SourceFile } from '../../scenario/sourceFile.ts';
import type { ChangePlanFile } from './schema.ts';

export interface PlanReading {
  readonly value: ChangePlanFile;
  readonly source: SourceFile;
  readonly report: (path: Path, message: string) => void;
}

/** Undefined when it is none, which has then been reported. */
export function readInstant(
  { report }: PlanReading,
  path: Path,
  text: string,
  zone: string,
): number | undefined {
  const reading = readWrittenClock(text, zone);
  if (reading.problem === undefined) return reading.epochMs;
  report(path, `${reading.problem}. ${reading.hint}`);
  return undefined;
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
