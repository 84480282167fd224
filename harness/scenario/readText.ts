// A file that somebody wrote, or one clear error: what is no file, no text, or too much.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorMessage, HarnessError } from '../model/errors.ts';

/** Ten times the largest scenario that was ever generated; what is larger is not written by people. */
const BYTES_MAX = 32 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads UTF-8, or UTF-16 with its byte order mark, from a file or a pipe.
 * @throws HarnessError SCENARIO_INVALID.
 */
export const readText = (file: string, hint?: string): string =>
  orReason(file, hint, () => decode(bytesIn(file)));

/**
 * Reads what may be no text, from a file or a pipe.
 * @throws HarnessError SCENARIO_INVALID.
 */
export const readBytes = (file: string): Uint8Array =>
  orReason(file, undefined, () => bytesIn(file));

/**
 * The text of bytes that were read from the file.
 * @throws HarnessError SCENARIO_INVALID.
 */
export const decodeText = (bytes: Uint8Array, file: string): string =>
  orReason(file, undefined, () => decode(bytes));

function orReason<T>(file: string, hint = 'name an existing file', read: () => T): T {
  try {
    return read();
  } catch (error) {
    const own = error instanceof Unreadable ? error.hint : undefined;
    throw new HarnessError('SCENARIO_INVALID', `cannot read ${file}: ${readingFailure(error)}`, {
      target: file,
      hint: own ?? hint,
      cause: error,
    });
  }
}

function bytesIn(file: string): Uint8Array {
  // A pipe that nobody writes into would be waited for without end.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(handle);
    if (stats.isDirectory()) throw new Unreadable('it is a folder');
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const bytes = readWritten(handle, chunk);
      if (bytes === 0 && total === 0 && stats.isFIFO()) throw new Unreadable(...UNWRITTEN);
      if (bytes === 0) return Buffer.concat(chunks);
      total += bytes;
      if (total > BYTES_MAX) throw new Unreadable('it is larger than 32 MB');
      chunks.push(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(handle);
  }
}

const UNWRITTEN = [
  'it is an empty pipe, or one that nobody writes into',
  'start what writes into it first',
] as const;

const LOOK_MS = 10;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Waits for as long as somebody holds the other end and writes nothing. */
function readWritten(handle: number, chunk: Buffer): number {
  for (;;)
    try {
      return readSync(handle, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, LOOK_MS);
    }
}

/** A reason that is known, in words, and what mends it. */
class Unreadable extends Error {
  readonly hint: string | undefined;
  constructor(why: string, hint?: string) {
    super(why);
    this.hint = hint;
  }
}

const AS_UTF_8 = 'save it as UTF-8 text';

/** The byte order mark says which of the encodings of YAML it is, and is not part of the text. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8';
  const text = decoded(bytes, encoding);
  if (text.includes('\0')) throw new Unreadable('it is no text: it holds zero bytes', AS_UTF_8);
  // A line may end with a carriage return alone (YAML 1.2, 5.4); the parser knows no such end.
  return text.replaceAll(/\r(?!\n)/g, '\n');
}

function decoded(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('it is no UTF-8 text', AS_UTF_8);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'reading it is not allowed',
  EPERM: 'reading it is not allowed',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link that leads to itself',
  ENAMETOOLONG: 'its name is too long',
  ENXIO: 'it is a device or socket that nobody answers on',
};

/** Says in words why the system gave no file. */
export function readingFailure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return errorMessage(error);
  return REASONS[code] ?? `the system says ${code}`;
}
