// The example of the library in the README, played: a plan is printed, a verdict, and files that exist.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { makeFolder } from '../support/makeFolder.ts';

const RUN_MS = 100_000;

/** The example compresses it sixty times: a cut of two seconds. */
const SCENARIO = `
name: my
title: A link that is cut
kind: drill
design: single-access
viewers: { count: 1 }
steady: { hold: 1s }
faults: [{ name: cut, at: 1m, for: 2m, links: [connect-up], cut: drop }]
expect: [recovered == 100%]
`;

test(
  'the example of the README plays a scenario and names its files',
  async () => {
    using folder = makeFolder();
    writeFileSync(join(folder.path, 'my.yaml'), SCENARIO);
    const { stdout } = await execa(
      process.execPath,
      [`${process.cwd()}/test/support/readmeExample.ts`],
      { cwd: folder.path, timeout: RUN_MS },
    );
    const [, verdict, list = '[]'] = /^(pass|fail|inconclusive) (\[[^]*\])$/m.exec(stdout) ?? [];
    const files = JSON.parse(list.replaceAll("'", '"').replace(/,\s*\]/, ']')) as string[];
    expect(stdout).toContain('A link that is cut');
    expect(verdict).toBe('pass');
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(folder.path, file)))).toEqual([]);
  },
  RUN_MS + 10_000,
);
