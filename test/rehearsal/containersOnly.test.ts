// A drill of what only an engine does to stages, played for real: each fault and each healing has a
// witness, and on a runtime that cannot do it, it is refused before anything starts.

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ecranNoir } from '../support/cli.ts';
import { expectPass, playRun } from '../support/playedRun.ts';
import { engine, title } from '../support/engine.ts';
import { folderForEach } from '../support/folders.ts';

const RUN_MS = 200_000;

let folder: string;
folderForEach((path) => (folder = path));

const fileOf = (drill: string): string => `scenarios/drills/${drill}.yaml`;

it('what needs containers is refused as processes, before anything starts', async () => {
  const args = ['run', fileOf('squeezed-then-unplugged'), '--runtime', 'processes'];
  const { exitCode, stderr } = await ecranNoir([...args, '--out', folder]);
  expect(exitCode).toBe(69);
  expect(stderr).toContain('starved: the processes runtime (asked for) cannot limit');
  expect(stderr).toContain('--runtime containers');
  expect(readdirSync(folder)).toEqual([]);
});

// The faults of other drills have their stages and witnesses in ../integration/pipeline.
describe.runIf(engine)(title('a drill in containers'), () => {
  it(
    'squeezed-then-unplugged does what it says, and each fault is proven',
    async () => {
      const wishes = ['--viewers', '2', '--runtime', 'containers'];
      const run = { file: fileOf('squeezed-then-unplugged'), out: folder, wishes };
      const { report } = await playRun({ ...run, timeoutMs: RUN_MS });
      expectPass(report);
    },
    RUN_MS + 10_000,
  );
});
