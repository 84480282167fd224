// The measuring instrument goes first: a browser that waits for the processor sees a picture stand
// still that did not. Linux shares the processor between sessions, and the browser is one session
// beside every stage; its group can be given a larger share.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * As for `nice`. Measured with 24 viewers on 2 cores under a load of 22: 5.6 frames a second were
 * seen without it, 21.5 with it.
 */
const GROUP_NICE = -10;

/**
 * Prefers the session of this process, where the kernel groups processes by session and we may
 * (root). Anywhere else nothing changes. Never rejects; answers whether it was done.
 */
export async function preferSession(pid: number, proc = '/proc'): Promise<boolean> {
  try {
    const [its, ours] = await Promise.all([
      groupOf(join(proc, String(pid))),
      groupOf(join(proc, 'self')),
    ]);
    if (its === ours) return false;
    await writeFile(join(proc, String(pid), 'autogroup'), `${GROUP_NICE}`);
    return true;
  } catch {
    return false;
  }
}

/** `/autogroup-814` of `/autogroup-814 nice 0`. */
const groupOf = async (process: string): Promise<string> =>
  (await readFile(join(process, 'autogroup'), 'utf8')).split(' ')[0] ?? '';
