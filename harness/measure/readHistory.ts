// Text of a journal -> History. The last line may be cut off: a crash leaves it so.

import { HarnessError } from '../model/errors.ts';
import {
  HISTORY_VERSION,
  type FramesRecord,
  type History,
  type HistoryRecord,
  type RunRecord,
} from '../model/history.ts';
import { withTraits } from './filledPlan.ts';

/**
 * Reads NDJSON. `records` holds what follows the run record. Throws RECORD_UNREADABLE with the line
 * number when a line other than the last is not a record, or when the first is not a run record of
 * this version.
 */
export function parseHistory(text: string, file = 'history'): History {
  const records: HistoryRecord[] = [];
  let cutOff = false;
  for (const line of linesOf(text)) {
    const record = recordOf(line.text);
    if (record) records.push(record);
    else if (line.last && records.length > 0) cutOff = true;
    else throw unreadable(file, line.number);
  }
  const run = records[0];
  const rest = records.slice(1);
  if (!isRun(run)) throw unreadable(file, 1);
  return {
    run: { ...run, plan: withTraits(run.plan) },
    records: rest,
    truncated: cutOff || !hasEnd(rest),
  };
}

const hasEnd = (records: readonly HistoryRecord[]): boolean =>
  records.some(({ type }) => type === 'end');

interface Line {
  readonly text: string;
  readonly number: number;
  readonly last: boolean;
}

function* linesOf(text: string): Generator<Line> {
  const end = text.trimEnd().length;
  let number = 0;
  for (let from = 0; from < end;) {
    const at = text.indexOf('\n', from);
    const to = at === -1 || at > end ? end : at;
    number += 1;
    yield { text: text.slice(from, to), number, last: to >= end };
    from = to + 1;
  }
}

function recordOf(line: string): HistoryRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const TYPES: ReadonlySet<string> = new Set<HistoryRecord['type']>([
  'run',
  'environment',
  'phase',
  'stage',
  'stats',
  'action',
  'proof',
  'viewer',
  'frames',
  'machine',
  'screenshot',
  'log',
  'end',
]);

function isRecord(value: unknown): value is HistoryRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { type, atMs } = value as { type?: unknown; atMs?: unknown };
  if (typeof type !== 'string' || !TYPES.has(type) || !Number.isFinite(atMs)) return false;
  return type !== 'frames' || isFrames(value);
}

const isFrames = ({ viewer, frames, player }: Partial<FramesRecord>): boolean =>
  typeof viewer === 'string' &&
  typeof player === 'object' &&
  Array.isArray(frames) &&
  frames.every(
    (frame) =>
      Array.isArray(frame) &&
      (frame.length === 4 || frame.length === 6) &&
      frame.every(Number.isFinite),
  );

const isRun = (record: HistoryRecord | undefined): record is RunRecord =>
  record?.type === 'run' && record.version === HISTORY_VERSION;

const unreadable = (file: string, line: number): HarnessError =>
  new HarnessError('RECORD_UNREADABLE', `line ${line} is not a record of a run`, {
    target: `${file}:${line}`,
    hint:
      line === 1
        ? `The first line must be a run record of version ${HISTORY_VERSION}; judge the record with the version of ecran-noir that wrote it.`
        : 'Restore the file from a copy, or remove everything from that line on: what remains is judged as a truncated run.',
  });
