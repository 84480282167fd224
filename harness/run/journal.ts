// The lines of a journal on disk, one after the other: hours of a run are never in memory at once.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { HarnessError } from '../model/errors.ts';
import { readingFailure } from '../scenario/readText.ts';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Lines without their ends. Throws RECORD_UNREADABLE, with the reason. */
export function* linesIn(file: string): Generator<string> {
  const journal = openJournal(file);
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let begun: Buffer[] = [];
    for (let count = read(journal, chunk); count > 0; count = read(journal, chunk)) {
      let from = 0;
      for (let to = indexIn(chunk, from, count); to >= 0; to = indexIn(chunk, from, count)) {
        yield joinText(begun, chunk.subarray(from, to));
        begun = [];
        from = to + 1;
      }
      if (from < count) begun.push(Buffer.from(chunk.subarray(from, count)));
    }
    if (begun.length > 0) yield joinText(begun);
  } finally {
    closeSync(journal);
  }

  function read(descriptor: number, into: Buffer): number {
    try {
      return readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      throw unreadable(file, error);
    }
  }
}

function indexIn(chunk: Buffer, from: number, count: number): number {
  const at = chunk.indexOf(NEWLINE, from);
  return at < count ? at : -1;
}

const joinText = (begun: readonly Buffer[], end: Buffer = Buffer.alloc(0)): string =>
  (begun.length === 0 ? end : Buffer.concat([...begun, end])).toString();

function openJournal(file: string): number {
  try {
    // A pipe would be waited for.
    const stats = statSync(file);
    if (!stats.isFile())
      throw new Error(stats.isDirectory() ? 'it is a folder' : 'it is no regular file');
    return openSync(file, 'r');
  } catch (error) {
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, cause: unknown): HarnessError =>
  new HarnessError(
    'RECORD_UNREADABLE',
    `cannot read the journal ${file}: ${readingFailure(cause)}`,
    {
      target: file,
      hint: 'name the folder of a run, such as runs/<scenario>/latest',
      cause,
    },
  );
