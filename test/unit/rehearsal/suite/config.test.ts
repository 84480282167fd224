// The file of settings, where it cannot be read.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSuiteConfig } from '../../../../harness/rehearsal/suite/config.ts';
import { folderForEach } from '../../../support/folders.ts';

let folder: string;
folderForEach((path) => (folder = path));
const FILE = 'ecran-noir.config.yaml';

test('none says nothing', () => {
  expect(readSuiteConfig(folder)).toEqual({});
  writeFileSync(join(folder, FILE), 'seed: 7\n');
  expect(readSuiteConfig(folder)).toEqual({ seed: 7 });
});

test.each([
  ['leads to itself', FILE, /it is a link that leads to itself/],
  ['leads to nothing', 'nothing.yaml', /there is no such file/],
])('one that is a link that %s is refused', (_, to, message) => {
  symlinkSync(to, join(folder, FILE));
  expect(() => readSuiteConfig(folder)).toThrow(message);
});

test('one that is a folder is refused', () => {
  mkdirSync(join(folder, FILE));
  expect(() => readSuiteConfig(folder)).toThrow(/it is a folder/);
});
