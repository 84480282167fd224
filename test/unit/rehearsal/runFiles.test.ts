// The files of a run may lie in a folder that came from somebody else: nothing is written or read
// through a link in it.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeRunFile } from '../../../harness/rehearsal/runFolder.ts';
import { writeReports } from '../../../harness/rehearsal/writeReports.ts';
import { FILE_REPORTS } from '../../../reports/registry.ts';
import { sampleReport } from '../../support/sampleReport.ts';

let parent: string;
let dir: string;
let precious: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ecran-noir-files-'));
  dir = join(parent, 'run');
  precious = join(parent, 'precious.png');
  mkdirSync(dir);
  writeFileSync(precious, 'precious');
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

const report = () => {
  const sample = sampleReport();
  return { ...sample, screenshots: [{ ...sample.screenshots[0]!, file: 'screenshots/a.png' }] };
};
const embedded = Buffer.from('precious').toString('base64');
const page = () => readFileSync(join(dir, 'report.html'), 'utf8');

describe('files of a run', () => {
  test('replace links that stand in their place, and leave what these point at', async () => {
    for (const { file } of FILE_REPORTS) symlinkSync(precious, join(dir, file));
    const files = await writeReports(dir, sampleReport());
    expect(readFileSync(precious, 'utf8')).toBe('precious');
    expect(files).toHaveLength(FILE_REPORTS.length);
    for (const file of files) expect(readFileSync(file, 'utf8')).not.toBe('precious');
  });

  test('leave nothing beside them, also when they cannot be written', async () => {
    mkdirSync(join(dir, 'report.json'));
    await expect(writeRunFile(join(dir, 'report.json'), '{}')).rejects.toMatchObject({
      code: 'CANNOT_WRITE',
    });
    await writeRunFile(join(dir, 'a', 'b.txt'), 'b');
    expect(readdirSync(dir)).toEqual(['a', 'report.json']);
    expect(readdirSync(join(dir, 'a'))).toEqual(['b.txt']);
  });
});

describe('a picture of a run', () => {
  test('is embedded when it is a file of the folder', async () => {
    mkdirSync(join(dir, 'screenshots'));
    writeFileSync(join(dir, 'screenshots', 'a.png'), 'precious');
    await writeReports(dir, report());
    expect(page()).toContain(embedded);
  });

  test.each([
    ['a link out of it', () => linkInside(() => symlinkSync(precious, picture()))],
    ['in a folder that is a link', () => symlinkSync(foreign(), join(dir, 'screenshots'))],
    ['no file', () => linkInside(() => mkdirSync(picture()))],
  ])('is left out when it is %s', async (_what, put) => {
    put();
    await writeReports(dir, report());
    expect(page()).not.toContain(embedded);
  });
});

const picture = () => join(dir, 'screenshots', 'a.png');

function linkInside(put: () => void): void {
  mkdirSync(join(dir, 'screenshots'));
  put();
}

function foreign(): string {
  const folder = join(parent, 'foreign');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.png'), 'precious');
  return folder;
}
