// The journal on disk: stamps every record with the run's time, seals its line and appends it before
// anybody else sees it, so that what was shown live can always be judged again.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { Clock } from '../kernel/clock.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import type { FrameSample, HistoryRecord, Unstamped } from '../model/history.ts';
import { sealing } from '../model/seal.ts';
import type { Emit } from '../model/world.ts';

export interface RecorderOptions {
  /** Created or refused if it exists: a journal is never overwritten. */
  readonly file: string;
  readonly startedAtEpochMs: number;
  readonly clock: Clock;
  /** Writes many records at once, for what can be played again; nobody may listen to these. */
  readonly gathers?: boolean;
  /** Called once, when the journal cannot be written any more (disk full): the run must end. */
  readonly onFailure: (error: HarnessError) => void;
}

export interface Recorder {
  readonly emit: Emit;
  /** Everything that was recorded from now on, in order, after it was written. */
  readonly subscribe: (listener: (record: HistoryRecord) => void) => void;
  readonly close: () => void;
}

/** Opens the journal. Throws CANNOT_WRITE. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { file, startedAtEpochMs, clock, gathers = false, onFailure } = options;
  const journal = openJournal(file);
  const seal = sealing();
  const listeners: ((record: HistoryRecord) => void)[] = [];
  const gatherCharacters = gathers ? GATHER_CHARACTERS : 0;
  let unwritten = '';
  let open = true;

  const write = () => {
    try {
      writeAll(journal, unwritten);
    } catch (error) {
      open = false;
      onFailure(cannotWrite(file, error));
    }
    unwritten = '';
  };
  const emit: Emit = (unstamped) => {
    if (!open) return;
    const record = stamp(unstamped, startedAtEpochMs, clock);
    unwritten += `${seal(record)}\n`;
    if (unwritten.length > gatherCharacters) write();
    if (open) for (const listener of listeners) listener(record);
  };
  const close = () => {
    if (open && unwritten !== '') write();
    if (open) closeSync(journal);
    open = false;
  };
  return { emit, subscribe: (listener) => listeners.push(listener), close };
}

const GATHER_CHARACTERS = 64 * 1024;

/** write(2) may take less than it was given; the synchronous call keeps the record after a crash. */
function writeAll(journal: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let at = 0; at < bytes.length;) at += writeSync(journal, bytes, at);
}

function openJournal(file: string): number {
  try {
    return openSync(file, 'ax');
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

export function cannotWrite(file: string, cause: unknown): HarnessError {
  const why = errorMessage(cause);
  const isFull = NO_ROOM.has((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
  return new HarnessError('CANNOT_WRITE', `cannot write ${file}: ${why}`, {
    target: file,
    hint: isFull ? 'free some space, or name another place' : 'name a place that can be written',
    cause,
  });
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** Gives the record as it stands in the journal: frames leave the page with epoch times. */
export function stamp(unstamped: Unstamped, startedAtEpochMs: number, clock: Clock): HistoryRecord {
  if (!('atEpochMs' in unstamped) && unstamped.type !== 'frames') {
    // Most are so, reports of stages by the million: one copy costs half of two.
    const atMs = tenth(clock.epochMs() - startedAtEpochMs);
    return Object.assign({ type: unstamped.type, atMs }, unstamped);
  }
  const { atEpochMs = clock.epochMs(), type, ...rest } = unstamped;
  const record = { type, atMs: tenth(atEpochMs - startedAtEpochMs), ...rest };
  if (unstamped.type !== 'frames') return record as HistoryRecord;
  const frames = unstamped.frames.map(([at, ...seen]): FrameSample => [
    tenth(at - startedAtEpochMs),
    ...seen,
  ]);
  return { ...record, frames } as HistoryRecord;
}

const tenth = (ms: number): number => Math.round(ms * 10) / 10;
