// Makes a folder and those above it. Node's own way (`recursive`) never ends where a folder is there
// and takes no others, as /proc does.

import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A folder that is there already is no error. Throws the system's error where one cannot be made. */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(path);
    if (code === 'EEXIST' && (await isFolder(path))) return;
    if (code !== 'ENOENT' || above === path) throw error;
    // Somebody else may have made it meanwhile: asking whether it is there would be too late.
    await makeFolders(above);
    await mkdir(path).catch(async (failed: unknown) => {
      if (!(await isFolder(path))) throw failed;
    });
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
