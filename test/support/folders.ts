// Folders of the tests in a file, which go with them.

import { afterAll, afterEach, beforeEach } from 'vitest';
import { makeFolder } from './makeFolder.ts';

/** Makes one folder for all tests of a file. */
export function folderForAll(): string {
  const folder = makeFolder();
  afterAll(() => folder[Symbol.dispose]());
  return folder.path;
}

/** Makes a new folder for each test; `take` is told of it before the test begins. */
export function folderForEach(take: (path: string) => void): void {
  let folder: ReturnType<typeof makeFolder>;
  beforeEach(() => take((folder = makeFolder()).path));
  afterEach(() => folder[Symbol.dispose]());
}
