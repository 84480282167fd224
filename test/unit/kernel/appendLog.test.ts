import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenTo } from '../../../harness/runtime/stageVoice.ts';
import { openLog } from '../../../harness/kernel/appendLog.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'log-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const say = async (log: string, line: string): Promise<void> => {
  const voice = listenTo('origin', log, () => {});
  voice.stderr(line);
  await voice.close();
};

test('a log goes on where it was', async () => {
  const log = join(folder, 'origin.log');
  await say(log, 'one');
  await say(log, 'two');
  expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n');
});

test('a link in the place of a log leads nowhere, and ends nothing', async () => {
  const [outside, log] = [join(folder, 'outside'), join(folder, 'origin.log')];
  writeFileSync(outside, 'kept');
  symlinkSync(outside, log);
  await say(log, 'lost');
  expect(() => openLog(log)).toThrow('ELOOP');
  expect(readFileSync(outside, 'utf8')).toBe('kept');
});
