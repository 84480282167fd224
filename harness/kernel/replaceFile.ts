// Files of a folder that may come from somebody else: written beside and renamed, so that nobody
// sees half of one and a link that stands in its place is replaced instead of followed.

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';

const FRESH = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** Puts the content there in one step. Rejects with the error of the system. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const fresh = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await using handle = await open(fresh, FRESH, 0o666);
    await handle.writeFile(content);
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** A pipe without a writer must not be waited for. */
const INSIDE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Reads a regular file that really is below the folder; undefined for any other. */
export async function readInside(folder: string, path: string): Promise<Buffer | undefined> {
  try {
    const [root, parent] = await Promise.all([
      realpath(folder),
      realpath(dirname(join(folder, path))),
    ]);
    if (parent !== root && !parent.startsWith(`${root}${sep}`)) return undefined;
    await using handle = await open(join(parent, basename(path)), INSIDE);
    return (await handle.stat()).isFile() ? await handle.readFile() : undefined;
  } catch {
    return undefined;
  }
}
