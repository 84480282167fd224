// Logs of a run, which are added to. A link in the place of one is not followed: it would lead what
// stages say elsewhere.

import { constants, createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';

const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
const APPEND = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;

/** A log that cannot be written must not end a run whose journal still can. */
export function appendLog(file: string): Writable {
  // Numbers are taken as well; the types know words alone.
  const log = createWriteStream(file, { flags: APPEND as unknown as string });
  return log.on('error', () => undefined);
}

/** Gives the descriptor of a log for a child to write to. Throws the error of the system. */
export const openLog = (file: string): number => openSync(file, APPEND);
