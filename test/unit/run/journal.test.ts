// A journal that cannot be read, with the reason.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linesIn } from '../../../harness/run/journal.ts';
import { folderForAll } from '../../support/folders.ts';
import { refusal } from '../../support/refusal.ts';

const folder = folderForAll();
mkdirSync(join(folder, 'folder'));
writeFileSync(join(folder, 'file'), '');
symlinkSync('loop', join(folder, 'loop'));

test.each([
  ['none', 'there is no such file'],
  ['file/journal.ndjson', 'a part of its path is no folder'],
  ['folder', 'it is a folder'],
  ['loop', 'it is a link that leads to itself'],
])('%s: %s', (name, why) => {
  const file = join(folder, name);
  const { code, message } = refusal(() => [...linesIn(file)]);
  expect([code, message]).toEqual(['RECORD_UNREADABLE', `cannot read the journal ${file}: ${why}`]);
});
