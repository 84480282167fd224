// The folder of a run: runs/<scenario>/<time>/, with `latest` beside it pointing at the newest.

import { existsSync } from 'node:fs';
import { mkdir, rename, rm, statfs, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../kernel/makeFolders.ts';
import { replaceFile } from '../kernel/replaceFile.ts';
import { badArgument, HarnessError } from '../model/errors.ts';
import { cannotWrite } from '../run/recorder.ts';

export interface RunFolder {
  /** Also the id of the run. */
  readonly id: string;
  readonly dir: string;
  readonly journal: string;
}

export const JOURNAL = 'journal.ndjson';

/** A run of a quarter of an hour writes about 30 MB; less room than this ends it half-way. */
const FREE_BYTES_MIN = 100 * 1024 * 1024;

/** A folder in which a run makes its own, or the run's own, which must not be there yet. */
export type RunPlace = string | { readonly dir: string };

/** Throws CANNOT_WRITE before anything is started. */
export async function createRunFolder(
  place: RunPlace,
  scenario: string,
  at: Date,
): Promise<RunFolder> {
  const named = typeof place === 'string' ? undefined : basename(place.dir);
  const parent = typeof place === 'string' ? join(place, scenario) : dirname(place.dir);
  const stamp = toStamp(at);
  try {
    await makeFolders(parent);
    await requireRoom(parent);
    const name = named ?? (await createFresh(parent, stamp));
    const dir = join(parent, name);
    if (named !== undefined) await mkdir(dir);
    await mkdir(join(dir, 'logs'));
    if (named === undefined) await pointLatest(parent, name);
    return {
      id: `${scenario}-${named === undefined ? name : stamp}`,
      dir,
      journal: join(dir, JOURNAL),
    };
  } catch (error) {
    throw error instanceof HarnessError ? error : cannotWrite(parent, error);
  }
}

/** Refuses a folder that has one of these files already. Throws ARGUMENT_INVALID. */
export function requireFresh(dir: string, what: string, names: readonly string[]): void {
  if (!names.some((name) => existsSync(join(dir, name)))) return;
  throw badArgument(
    dir,
    `${dir}: a ${what} is there already`,
    'name another folder with --out, or remove this one',
  );
}

/** An instant as part of the name of a folder: `2025-09-12-202500`, UTC. */
export const toStamp = (at: Date): string =>
  at.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');

/** Two runs may start within one second: the later one gets a number. */
async function createFresh(parent: string, stamp: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? stamp : `${stamp}-${n}`;
    const made = await mkdir(join(parent, name)).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    if (made) return name;
  }
}

async function pointLatest(parent: string, name: string): Promise<void> {
  const fresh = join(parent, `.latest-${name}`);
  await symlink(name, fresh);
  // The link is replaced in one step: other runs of this scenario may begin at the same moment.
  await rename(fresh, join(parent, 'latest')).catch(async (error: unknown) => {
    await rm(fresh, { force: true });
    throw error;
  });
}

async function requireRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= FREE_BYTES_MIN) return;
  throw new HarnessError('CANNOT_WRITE', 'less than 100 MB free where the run would be written', {
    target: folder,
    hint: 'free some space, or name another folder with --out DIR',
  });
}

/** Writes a file of the run; a link in its place is replaced. Throws CANNOT_WRITE. */
export async function writeRunFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await makeFolders(dirname(file));
    await replaceFile(file, content);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
