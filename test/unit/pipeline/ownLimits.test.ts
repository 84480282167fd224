import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readOwnLimits } from '../../../harness/pipeline/ownLimits.ts';
import { folderForEach } from '../../support/folders.ts';

let folder: string;
folderForEach((path) => (folder = path));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('limits are read from a control group of the second version', () => {
  write('cpu.stat', 'usage_usec 5\nnr_throttled 3\nthrottled_usec 1234567\n');
  write('memory.max', '67108864\n');
  expect(readOwnLimits(folder)).toEqual({ throttledMs: 1235, memoryLimitMb: 64 });
});

test('and of the first', () => {
  write('cpu/cpu.stat', 'nr_periods 9\nnr_throttled 3\nthrottled_time 1234567890\n');
  write('memory/memory.limit_in_bytes', '67108864\n');
  expect(readOwnLimits(folder)).toEqual({ throttledMs: 1235, memoryLimitMb: 64 });
});

test('no limit is none, in the words of both', () => {
  write('memory.max', 'max\n');
  expect(readOwnLimits(folder)).toEqual({});
  write('memory.max', '9223372036854771712\n');
  expect(readOwnLimits(folder)).toEqual({});
});

test('a stage without a control group of its own has nothing to say', () => {
  expect(readOwnLimits(undefined)).toEqual({});
  expect(readOwnLimits(join(folder, 'nowhere'))).toEqual({});
});
