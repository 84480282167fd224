// A report.json that somebody brought: read, or refused with its reason.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readStoredReport } from '../../../harness/store/storedReport.ts';
import { renderJson } from '../../../reports/json.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { folderForAll } from '../../support/folders.ts';

const folder = folderForAll();

const read = (text: string) => {
  const file = join(folder, 'report.json');
  writeFileSync(file, text);
  return readStoredReport(file);
};

it('is read as it was written', () => {
  expect(read(renderJson(sampleReport()))).toMatchObject({ verdict: 'fail' });
});

const { viewers, run } = sampleReport();
it.each([
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['no run', { run: undefined }],
  ['a start that is no time', { run: { ...run, startedAt: 'yesterday' } }],
  ['a verdict of its own', { verdict: 'good' }],
  ['viewers by name', { viewers: {} }],
  ['a viewer without interruptions', { viewers: [{ ...viewers[0], interruptions: null }] }],
  ['a black screen in words', { viewers: [{ ...viewers[0], blackScreenMs: 'long' }] }],
  ['an audience without figures', { audience: {} }],
])('is refused where it is %s', (_, damage) => {
  const text =
    typeof damage === 'string' ? damage : JSON.stringify({ ...sampleReport(), ...damage });
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'RECORD_UNREADABLE' }));
});

it('is refused where it is a pipe, and not waited for', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(() => readStoredReport(pipe)).toThrow('it is no regular file');
});
