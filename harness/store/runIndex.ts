// The index of runs: one SQLite file beside them. It holds nothing that reports do not say, so that
// it can be made anew at any time; runs that came or went are found each time it is opened.

import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { indexRun, type Found } from '../measure/indexedRun.ts';
import { HarnessError, badArgument, errorMessage } from '../model/errors.ts';
import type { IndexedRun } from '../model/indexedRun.ts';
import { reportsBelow, type FoundReport } from './reportsBelow.ts';
import { readStoredReport } from './storedReport.ts';

export const INDEX_FILE = 'index.sqlite';

/** Version of the table below: an index of another version is made anew. */
const INDEX_VERSION = 2;
/** The time that another process may take to write before we give up. */
const LOCKED_MS_MAX = 5_000;

const TABLE = `
  CREATE TABLE IF NOT EXISTS runs (
    dir TEXT PRIMARY KEY, changed_ms REAL NOT NULL, bytes INTEGER NOT NULL,
    scenario TEXT, verdict TEXT, started_at TEXT, run TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS runs_by_time ON runs (started_at);
  PRAGMA user_version = ${INDEX_VERSION};`;

export interface ReadIndex {
  /** The oldest first. A report that cannot be read has no run. */
  readonly runs: readonly IndexedRun[];
  /** Sentences: what was mended or could not be read. */
  readonly notes: readonly string[];
}

/**
 * Brings the index of a folder up to date and reads it.
 * @throws HarnessError ARGUMENT_INVALID where there is no such folder, DEADLINE_EXCEEDED while another
 * process writes the index, CANNOT_WRITE.
 */
export function readRunIndex(
  root: string,
  { lockedMsMax = LOCKED_MS_MAX }: { readonly lockedMsMax?: number } = {},
): ReadIndex {
  if (!isFolder(root))
    throw badArgument(
      root,
      `${root}: ${existsSync(root) ? 'it is no folder' : 'there is no such folder'}`,
      'name the folder of your runs with --runs DIR',
    );
  const notes: string[] = [];
  const file = join(root, INDEX_FILE);
  try {
    using index = openIndex(file, lockedMsMax, notes);
    update(index, root, notes);
    const rows = index.prepare(
      'SELECT run FROM runs WHERE run IS NOT NULL ORDER BY started_at, dir',
    );
    return { runs: rows.all().map(({ run }) => JSON.parse(String(run)) as IndexedRun), notes };
  } catch (error) {
    throw explain(error, file);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A file that is no index of ours is set aside, never overwritten: it may be somebody's file. */
function openIndex(file: string, timeout: number, notes: string[]): DatabaseSync {
  if (existsSync(file)) {
    const fault = faultIn(file, timeout);
    if (fault !== undefined) {
      const aside = freeName(file);
      renameSync(file, aside);
      notes.push(`${file} ${fault}: made anew from the reports, the old file is ${aside}`);
    }
  }
  const index = new DatabaseSync(file, { timeout });
  index.exec(TABLE);
  return index;
}

const NOT_A_DATABASE = 26;
const CORRUPT = 11;

function faultIn(file: string, timeout: number): string | undefined {
  try {
    using index = new DatabaseSync(file, { timeout });
    const version = index.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version !== INDEX_VERSION)
      return `is an index of version ${String(version)}, not ${INDEX_VERSION}`;
    const check = index.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    return check === 'ok' ? undefined : 'is damaged';
  } catch (error) {
    if ([NOT_A_DATABASE, CORRUPT].includes(errorNumber(error))) return 'is damaged';
    throw error;
  }
}

function freeName(file: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${file}.old-${n}`)) return `${file}.old-${n}`;
}

function update(index: DatabaseSync, root: string, notes: string[]): void {
  const known = new Map(
    index
      .prepare('SELECT dir, changed_ms, bytes FROM runs')
      .all()
      .map(({ dir, changed_ms, bytes }) => [String(dir), `${Number(changed_ms)} ${Number(bytes)}`]),
  );
  index.exec('BEGIN IMMEDIATE');
  const put = index.prepare('INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const found of reportsBelow(root)) {
    const { mtimeMs, size } = statSync(found.file);
    const isKnown = known.get(found.dir) === `${mtimeMs} ${size}`;
    known.delete(found.dir);
    if (isKnown) continue;
    const run = readRun({ ...found, writtenEpochMs: mtimeMs }, notes);
    const columns = [run?.scenario ?? null, run?.verdict ?? null, run?.startedAt ?? null];
    put.run(found.dir, mtimeMs, size, ...columns, run ? JSON.stringify(run) : null);
  }
  const remove = index.prepare('DELETE FROM runs WHERE dir = ?');
  for (const dir of known.keys()) remove.run(dir);
  index.exec('COMMIT');
}

function readRun({ file, ...found }: FoundReport & Found, notes: string[]): IndexedRun | undefined {
  try {
    return indexRun(readStoredReport(file), found);
  } catch (error) {
    notes.push(`${errorMessage(error)}: it is left out`);
    return undefined;
  }
}

const errorNumber = (error: unknown): number =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;

const BUSY = 5;

function explain(error: unknown, file: string): unknown {
  if (errorNumber(error) === 0) return error;
  if (errorNumber(error) === BUSY)
    return new HarnessError('DEADLINE_EXCEEDED', `${file} is locked by another process`, {
      target: file,
      hint: 'try again when it has ended; the file may be removed, it is made anew from the reports',
      cause: error,
    });
  return new HarnessError('CANNOT_WRITE', `${file}: ${errorMessage(error)}`, {
    target: file,
    hint: 'the index is written beside the runs: make that folder writable',
    cause: error,
  });
}
