// Temporary folders that say whose they are. The folder for temporary files is shared with other
// users of the machine, who can put anything there under any name: only a real folder of our own
// user that nobody else may write is read or removed, and no link in it is followed.

import {
  constants,
  existsSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import {
  chmod,
  lstat,
  mkdtemp,
  open,
  readdir,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../kernel/clock.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import { parseOwner, ownerState, thisOwner, type Owner, type OwnerState } from './owner.ts';

/** Every temporary folder of the harness is called so, under `os.tmpdir()`. */
export const TEMP_PREFIX = 'ecran-noir-';
const OWNER_FILE = '.owner.json';

/** An owner is written in about 200 bytes. */
const OWNER_BYTES_MAX = 4096;

const OWN = 0o700;
/** A mode with which other users reach what is theirs in the folder, and see nothing of the rest. */
export const PASSABLE = 0o711;

/** A fresh temporary folder that says whose it is. Throws CANNOT_WRITE. */
export async function createOwnedFolder(label: string, mode = OWN): Promise<string> {
  const owner = JSON.stringify(await thisOwner());
  const refuse = (error: unknown) => Promise.reject(noTemporaryRoom(error));
  const folder = await mkdtemp(join(tmpdir(), `${TEMP_PREFIX}${label}-`)).catch(refuse);
  const write = async () => {
    await writeFile(join(folder, OWNER_FILE), owner);
    await chmod(folder, mode);
  };
  await write().catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    return refuse(error);
  });
  return folder;
}

/** Makes the error for a temporary folder that cannot be written: full, read-only, or not there. */
export const noTemporaryRoom = (cause: unknown): HarnessError =>
  new HarnessError('CANNOT_WRITE', `cannot write to ${tmpdir()}: ${(cause as Error).message}`, {
    target: tmpdir(),
    hint: 'free some space there, or name another folder for temporary files in TMPDIR',
    cause,
  });

export interface OwnedFolder {
  readonly path: string;
  readonly owner: Owner;
  readonly state: OwnerState;
}

/** Temporary folders that carry an owner; those of others' making are left out. */
export async function findOwnedFolders(parent = tmpdir()): Promise<readonly OwnedFolder[]> {
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => name.startsWith(TEMP_PREFIX)).map((name) => ownedAt(join(parent, name))),
  );
  return found.filter((folder) => folder !== undefined);
}

/**
 * Removes the folder with what is in it. On Linux each folder is entered by its descriptor, so that
 * a link that somebody puts in its place meanwhile leads nowhere. Throws for what cannot be removed.
 */
export async function removeOwnedFolder({ path }: Pick<OwnedFolder, 'path'>): Promise<void> {
  if (!(await isOurs(path))) return;
  if (process.platform !== 'linux') return removeAll(path);
  await enterFolder(path, async (inside) => {
    await emptyFolder(inside, OWNER_FILE);
    removeLast(path, inside);
  });
}

/** A browser that was ended in its start may write for so long, in steps of 100 ms and longer. */
const REMOVED_AFTER = 10;

/**
 * Removes a folder of this process at the end of its work, and never rejects: the work counts, and the
 * next start removes what is left. Answers what that is.
 */
export const removeScratch = (
  folder: string,
  clock?: Pick<Clock, 'sleep'>,
): Promise<readonly string[]> =>
  removeAll(folder, clock).then(
    () => [],
    (error: unknown) => [`${folder}: ${errorMessage(error)}`],
  );

async function removeAll(folder: string, clock: Pick<Clock, 'sleep'> = systemClock): Promise<void> {
  const all = { recursive: true, force: true, maxRetries: REMOVED_AFTER };
  for (let tries = 1; ; tries++) {
    for (const name of await readdir(folder).catch(() => []))
      if (name !== OWNER_FILE) await rm(join(folder, name), all);
    try {
      return removeLast(folder);
    } catch (error) {
      if (tries > REMOVED_AFTER || (error as NodeJS.ErrnoException).code !== 'ENOTEMPTY')
        throw error;
      await clock.sleep(100 * tries);
    }
  }
}

/**
 * Removes a folder that its owner alone is left in, at once: who is killed before leaves a folder that
 * the next start knows. Where somebody wrote into it meanwhile, it gets its owner back.
 */
function removeLast(folder: string, inside = folder): void {
  const file = join(inside, OWNER_FILE);
  const owner = existsSync(file) ? readFileSync(file) : undefined;
  rmSync(file, { force: true });
  try {
    rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    if (owner) writeFileSync(file, owner);
    throw error;
  }
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** A named pipe without a writer must not be waited for. */
const PLAIN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function enterFolder(path: string, act: (inside: string) => Promise<void>): Promise<void> {
  await using folder = await open(path, FOLDER);
  await act(`/proc/self/fd/${folder.fd}`);
}

async function emptyFolder(inside: string, kept?: string): Promise<void> {
  for (const entry of await readdir(inside, { withFileTypes: true })) {
    const child = join(inside, entry.name);
    if (entry.isDirectory()) {
      await enterFolder(child, (below) => emptyFolder(below));
      await rmdir(child);
    } else if (entry.name !== kept) await unlink(child);
  }
}

async function ownedAt(path: string): Promise<OwnedFolder | undefined> {
  if (!(await isOurs(path))) return undefined;
  const text = await smallFileOfOurs(join(path, OWNER_FILE)).catch(() => undefined);
  const owner = parseOwner(text);
  return owner && { path, owner, state: await ownerState(owner) };
}

/** A real folder of this user that nobody else can write, as `mkdtemp` makes them. */
async function isOurs(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && stats.isDirectory() && isPrivate(stats);
}

const WRITABLE_BY_OTHERS = 0o022;

/** True where the system knows no users. */
const isPrivate = ({ uid, mode }: Stats): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & WRITABLE_BY_OTHERS) === 0);

async function smallFileOfOurs(path: string): Promise<string | undefined> {
  await using file = await open(path, PLAIN_FILE);
  const stats = await file.stat();
  const isFit = stats.isFile() && stats.size <= OWNER_BYTES_MAX && isPrivate(stats);
  return isFit ? file.readFile('utf8') : undefined;
}
