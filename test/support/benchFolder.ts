// A folder of a benchmark, which a later start removes where this one is killed.

import { rm } from 'node:fs/promises';
import { createOwnedFolder } from '../../harness/runtime/ownedFolder.ts';

/** Makes a new folder, which goes when it is disposed of. */
export async function benchFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await createOwnedFolder('bench');
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
