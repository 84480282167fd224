// A new fault is one file and one line of the catalogue: a made-up one is added to a copy of the
// product, which then reads, checks and plans it; a real one is counted.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const CATALOGUE = 'harness/faults/catalogue.ts';

/** Makes a copy of the product with one more file, and one more line. */
function copyWithFault(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ecran-noir-kinds-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['harness', 'reports', 'players', 'scenarios', 'package.json'])
    cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const text = readFileSync('test/repo/kinds/fault.ts', 'utf8')
    .replaceAll('../../../harness/faults/', './')
    .replaceAll('../../../harness/', '../');
  writeFileSync(join(folder, 'harness/faults/limit.ts'), text);
  appendFileSync(join(folder, CATALOGUE), "export { limit } from './limit.ts';\n");
  return folder;
}

function planIn(folder: string, fault: string) {
  const text = [
    'name: s\ntitle: t\nkind: drill\ndesign: single-access\nfaults:',
    `  - { name: f, at: 0s, for: 10s, links: [connect-up], ${fault} }`,
    'expect: [recovered == 100%]\n',
  ];
  writeFileSync(join(folder, 's.yaml'), text.join('\n'));
  const arguments_ = ['harness/cli/main.ts', 'plan', 's.yaml', '--json'];
  return spawnSync(process.execPath, arguments_, { cwd: folder, encoding: 'utf8' });
}

describe('a fault that nobody knew before', () => {
  it('is read, checked and planned, with its words and its steps', () => {
    const folder = copyWithFault();
    const { stdout } = planIn(folder, 'limit: 1000, ramp: { over: 4s, steps: 2 }');
    expect(JSON.parse(stdout)).toMatchObject({
      actions: [
        { id: 'f:inject', effect: '2000 bytes', verb: { verb: 'limited', told: true } },
        { id: 'f:heal' },
        {
          fault: { kind: 'limit', bytesMax: 1000, links: ['connect-up'] },
          expect: 'connect-up (one, two) closes after 1000 bytes',
        },
        { expect: 'connect-up (one, two) carries everything again' },
      ],
    });
    expect(planIn(folder, 'limit: 0').stderr).toContain(
      's.yaml:6:62  faults[0].limit: expected a whole number from 1 to 1000000000, got 0',
    );
  });
});

it.each([
  ['slice', ['slice.ts']],
  ['fullDisk', ['fullDisk.ts']],
  ['clockSkew', ['clockSkew.ts']],
])('%s is known to its own file and to the catalogue', (name, own) => {
  const files = execFileSync('git', ['ls-files', 'harness', 'reports', 'players'], {
    encoding: 'utf8',
  });
  const importing = files
    .trim()
    .split('\n')
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => readFileSync(file, 'utf8').includes(`faults/${own[0]}'`));
  expect(importing).toEqual([]);
  expect(readFileSync(CATALOGUE, 'utf8').match(new RegExp(`\\b${name}\\b`, 'g'))).toHaveLength(2);
});
