// Folders are made with those above them, and what cannot be made ends in an error.

import { writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from '../../../harness/kernel/makeFolders.ts';
import { folderForAll } from '../../support/folders.ts';

const folder = folderForAll();

test('are made, also when they are there and by some at once, each a step behind the other', async () => {
  for (let i = 0; i < 20; i++) {
    const path = join(folder, `a${i}`, 'b', 'c');
    const behind = async (steps: number) => {
      for (let step = 0; step < steps; step++) await stat(folder);
      await makeFolders(path);
    };
    await Promise.all([0, 1, 2, 3].map(behind));
    await makeFolders(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  }
});

test('are not made where a file stands', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(makeFolders(file)).rejects.toThrow('EEXIST');
  await expect(makeFolders(join(file, 'below', 'it'))).rejects.toThrow('ENOTDIR');
});

test('end in an error in a folder that takes no others, where Node tries for ever', async () => {
  await expect(makeFolders('/proc/nothing/below')).rejects.toThrow('ENOENT');
});
