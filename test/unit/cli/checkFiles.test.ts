// Files of `check` as they lie on the disk: each is read, or refused by one clear error.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeWindows } from '../../../harness/cli/actions/check.ts';
import { readCheckFiles } from '../../../harness/cli/checkFiles.ts';
import { capText } from '../../support/cap.ts';
import { folderForAll } from '../../support/folders.ts';

const folder = folderForAll();

const NOTICES = readFileSync('scenarios/changes/carrier-notices.ics');
const PLAN = readFileSync('scenarios/changes/autumn-2025.yaml', 'utf8');

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const read = (files: readonly string[], changes: { mapping?: string; design?: string } = {}) =>
  readCheckFiles({
    files,
    mapping: changes.mapping,
    design: changes.design,
    variant: undefined,
    zone: undefined,
    nowEpochMs: 0,
  });

const withMark = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('a plan', () => {
  test('is read with the notices that lie beside it', async () => {
    write('carrier-notices.ics', NOTICES);
    const { windows } = await read([write('plan.yaml', PLAN)]);
    const sources = windows.map(({ source }) => source);
    expect(sources.some((source) => source.includes('plan.yaml'))).toBe(true);
    expect(sources.some((source) => source.includes('carrier-notices.ics'))).toBe(true);
  });

  test('may be UTF-16 with its mark', async () => {
    write('carrier-notices.ics', NOTICES);
    const [wide, plain] = await Promise.all(
      [withMark(PLAN), PLAN].map((content, index) => read([write(`wide-${index}.yaml`, content)])),
    );
    expect(wide?.windows.map(({ name }) => name)).toEqual(plain?.windows.map(({ name }) => name));
  });

  test('whose notices are missing says which', async () => {
    const plan = PLAN.replace('carrier-notices.ics', 'lost.ics');
    await expect(read([write('lost.yaml', plan)])).rejects.toMatchObject({
      code: 'SCENARIO_INVALID',
      message: expect.stringMatching(
        /lost\.yaml:\d+:\d+ {2}calendars\[0\]\.file: cannot read .*lost\.ics: there is no such file$/,
      ) as string,
    });
  });

  test('may name notices wherever they are', async () => {
    const notices = write('elsewhere.ics', NOTICES);
    const plan = write('whole-path.yaml', PLAN.replace('carrier-notices.ics', notices));
    const { remarks = [] } = await read([plan]);
    expect(remarks.map(({ source }) => source).join()).toContain(`${notices}:`);
  });

  test('is judged alone', async () => {
    const plan = write('one.yaml', PLAN);
    const notices = write('notices.ics', NOTICES);
    await expect(read([notices, plan])).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      message: `${plan} is no notice: only notices are judged together`,
    });
  });
});

test('a scenario is read with the CAP file that lies beside it', async () => {
  write('alert.xml', capText());
  const night = readFileSync('scenarios/alerts/orange-2025-09-12.yaml', 'utf8')
    .replace(/^alerts:[^]*?(?=^recover)/m, 'alerts: [{ cap: alert.xml, carriage: cloud }]\n')
    .replace(/^variants:[^]*/m, '')
    .replace('count: 4', "count: 4\n  area: '76540'");
  const { windows } = await read([write('night.yaml', night)]);
  expect(windows.map(({ name }) => name)).toEqual(['connect-maintenance']);
});

describe('notices', () => {
  test('are read in the western code page of Windows as well', async () => {
    const text = NOTICES.toString('utf8').replace(/SUMMARY:/, 'SUMMARY:Op\u00e9ration ');
    const old = write('old.ics', Buffer.from(text, 'latin1'));
    const { windows, remarks = [] } = await read([old], { design: 'dual-access-bgp' });
    expect(windows.length + remarks.length).toBeGreaterThan(0);
    expect(JSON.stringify({ windows, remarks })).not.toContain('\uFFFD');
  });

  test('are judged on a design that is a file', async () => {
    const design = write('mine.yaml', readFileSync('scenarios/designs/dual-access-bgp.yaml'));
    const input = await read([write('on-mine.ics', NOTICES)], { design });
    expect(input.design.links.length).toBeGreaterThan(0);
  });
});

describe('what cannot be read is told with its reason and the exit code of bad input', () => {
  const notices = write('whole.ics', NOTICES);
  mkdirSync(join(folder, 'a-folder'));
  const missing = join(folder, 'missing');

  test.each([
    ['no such file', () => read([missing]), 'missing: there is no such file'],
    ['a folder', () => read([join(folder, 'a-folder')]), 'a-folder: it is a folder'],
    [
      'a file in place of a folder',
      () => read([join(notices, 'x.yaml')]),
      'x.yaml: a part of its path is no folder',
    ],
    [
      'a plan that is no UTF-8',
      () => read([write('old.yaml', Buffer.from('title: \u00e9t\u00e9\n', 'latin1'))]),
      'old.yaml: it is no UTF-8 text',
    ],
    [
      'a plan with zero bytes',
      () => read([write('zero.yaml', 'kind: change-plan\n\0')]),
      'zero.yaml: it is no text: it holds zero bytes',
    ],
    ['no such mapping', () => read([notices], { mapping: missing }), 'missing: there is no such'],
    [
      'no such design',
      () => read([notices], { design: join(folder, 'none.yaml') }),
      'none.yaml: there is no such file',
    ],
    [
      'a design that is a folder',
      () => read([notices], { design: join(folder, 'a-folder/') }),
      'it is a folder',
    ],
  ])('%s', async (_what, reading, message) => {
    await expect(reading()).rejects.toMatchObject({
      code: 'SCENARIO_INVALID',
      exitCode: 64,
      message: expect.stringContaining(message) as string,
    });
  });
});

test.each(['yesterday', '2025-02-30T00:00:00Z', '2025-09-01T00:00:00', '0001-01-01T00:00Z', '1'])(
  'the time of a check is an instant, and not %s',
  async (now) => {
    const files = { files: [write('now.ics', NOTICES)], mapping: undefined, zone: undefined };
    const call = judgeWindows({
      _: [],
      $0: 'ecran-noir',
      ...files,
      now,
      variant: undefined,
      design: 'dual-access-bgp',
      junit: undefined,
      json: true,
    });
    await expect(call).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      message: `--now ${now}: expected an instant`,
    });
  },
);
