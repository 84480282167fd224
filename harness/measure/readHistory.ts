// Lines of a journal -> History, one after the other: the text is never held whole, and what there
// are millions of is packed as it comes. The last line may be cut off: a crash leaves it so.

import { HarnessError } from '../model/errors.ts';
import { HISTORY_VERSION, type HistoryRecord, type RunRecord } from '../model/history.ts';
import { unsealing, type Unsealed } from '../model/seal.ts';
import { growingRecord, type Recorded } from './recorded.ts';
import { isRecord, isRunRecord } from './recordShapes.ts';
import { fromVersion1 } from './version1.ts';
import { findTraits } from '../faults/kinds.ts';
import type { Plan, PlannedAction } from '../model/plan.ts';

/**
 * Reads NDJSON, by line. Throws RECORD_UNREADABLE with the number of the line when one other than
 * the last is no record, when one does not fit its seal, when the first is no run record, and when
 * the version is not one that is read or changes on the way.
 */
export function readHistory(lines: Iterable<string>, file: string): Recorded {
  const read = recordsIn(lines, file);
  const growing = growingRecord(read.run);
  let ended = false;
  for (const record of read.rest) {
    ended ||= record.type === 'end';
    growing.record(record);
  }
  return growing.recorded(read.isCutOff() || !ended);
}

interface ReadRecords {
  readonly run: RunRecord;
  readonly rest: Iterable<HistoryRecord>;
  /** Known once the rest was read: the last line was no record. */
  readonly isCutOff: () => boolean;
}

export function recordsIn(lines: Iterable<string>, file: string): ReadRecords {
  const journal = lines[Symbol.iterator]();
  const first = journal.next();
  const unseal = unsealing();
  const jsonOf = (line: string, at: Place) => wholeJson(line, unseal(line), at);
  const { run, reading } = firstRecord(first.done ? '' : first.value, unseal, file);
  let isCutOff = false;
  const rest = function* (): Generator<HistoryRecord> {
    let unread: string | undefined;
    let unreadAt = 0;
    let number = 1;
    for (let line = journal.next(); !line.done; line = journal.next()) {
      number += 1;
      if (unread !== undefined && line.value.trim() !== '') throw noRecord(file, unreadAt, unread);
      const json = reading.sealed ? jsonOf(line.value, { file, number }) : line.value;
      const record = recordIn(json, reading);
      if (record) yield record;
      else if (unread === undefined) [unread, unreadAt] = [line.value, number];
    }
    isCutOff = unread !== undefined && unread.trim() !== '';
  };
  return { run, rest: rest(), isCutOff: () => isCutOff };
}

/** The ways in which records of a version differ from those of this one. */
interface Reading {
  /** Makes records of this version of them. */
  readonly convert: (value: unknown) => unknown;
  /** Their lines have seals. */
  readonly sealed: boolean;
}

const READS: ReadonlyMap<unknown, Reading> = new Map([
  [1, { convert: fromVersion1, sealed: false }],
  [HISTORY_VERSION, { convert: (value: unknown) => value, sealed: true }],
]);

function firstRecord(line: string, unseal: (line: string) => Unsealed, file: string) {
  const value = valueIn(line);
  const { type, version } = (value ?? {}) as { type?: unknown; version?: unknown };
  if (type !== 'run') throw unreadable(file, 1, 'is not the first record of a run', HINTS.first);
  const reading = READS.get(version);
  if (!reading)
    throw unreadable(file, 1, `begins a record of version ${told(version)}`, HINTS.version);
  const unsealed = unseal(line);
  const isSealed = reading.sealed || !('broken' in unsealed && unsealed.broken === 'absent');
  const json = isSealed ? wholeJson(line, unsealed, { file, number: 1 }) : line;
  const run = reading.convert(valueIn(json));
  if (!isRunRecord(run)) throw unreadable(file, 1, 'is a damaged run record', HINTS.damaged);
  return { run: withWholePlan(run, file), reading };
}

interface Place {
  readonly file: string;
  /** The line in the file, from 1. */
  readonly number: number;
}

/** Gives a line without its seal, or what is left of one that was cut off. */
function wholeJson(line: string, unsealed: Unsealed, { file, number }: Place): string {
  if ('json' in unsealed) return unsealed.json;
  const value = valueIn(line) as { type?: unknown } | null | undefined;
  if (value === undefined) return line;
  if (number > 1 && value?.type === 'run') throw noRecord(file, number, line);
  const is =
    unsealed.broken === 'moved' ? `was written as line ${unsealed.was}` : BROKEN[unsealed.broken];
  throw unreadable(file, number, is, HINTS.damaged);
}

const BROKEN = { absent: 'has lost its checksum', changed: 'is not as it was written' } as const;

/** Fills in what plans of older versions did not say. */
function withWholePlan(run: RunRecord, file: string): RunRecord {
  try {
    return { ...run, plan: withTraits(run.plan) };
  } catch {
    throw unreadable(file, 1, 'is a damaged run record', HINTS.damaged);
  }
}

function recordIn(line: string, { convert }: Reading): HistoryRecord | undefined {
  const record = convert(valueIn(line));
  return isRecord(record) ? record : undefined;
}

function valueIn(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

const told = (version: unknown): string =>
  typeof version === 'number' ? String(version) : 'nobody knows which';

const KNOWN = [...READS.keys()].join(' and ');
const HINTS = {
  first: `The first line must be a run record of version ${KNOWN}.`,
  version: `This ecran-noir reads versions ${KNOWN}: judge the record with the one that wrote it.`,
  mixed: 'Two records were joined: judge each by itself.',
  damaged:
    'Restore the file from a copy, or remove everything from that line on: what remains is judged as a truncated run.',
} as const;

/** Says why a line in the middle cannot be read. */
function noRecord(file: string, line: number, text: string): HarnessError {
  const value = valueIn(text);
  const { type } = (value ?? {}) as { type?: unknown };
  if (type === 'run') return unreadable(file, line, 'begins another run', HINTS.mixed);
  if ([...READS.values()].some(({ convert }) => isRecord(convert(value))))
    return unreadable(file, line, 'is of another version than the first', HINTS.mixed);
  return unreadable(file, line, 'is not a record of a run', HINTS.damaged);
}

const unreadable = (file: string, line: number, is: string, hint: string): HarnessError =>
  new HarnessError('RECORD_UNREADABLE', `line ${line} ${is}`, { target: `${file}:${line}`, hint });

/** An action as version 1 wrote it has no effect, verb, place or nature: the traits of its fault say them. */
const withTraits = (plan: Plan): Plan => ({
  ...plan,
  actions: plan.actions.map((action: Partial<PlannedAction> & Pick<PlannedAction, 'fault'>) =>
    action.effect === undefined ? { ...action, ...findTraits(action.fault) } : action,
  ) as readonly PlannedAction[],
});
