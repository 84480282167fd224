// Drills of what is done to stages and by them, played for real: each fault and each healing has a
// witness, and what a runtime cannot do is refused before anything starts.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ecranNoir } from '../../support/cli.ts';
import { outcomeOf, PASS, playRun } from '../../support/playedRun.ts';
import { engine, title } from '../runtime/containersBench.ts';

const RUN_MS = 200_000;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (drill: string): string => `scenarios/drills/${drill}.yaml`;

async function play(drill: string, runtime: string) {
  const wishes = ['--viewers', '2', '--runtime', runtime];
  const run = { file: fileOf(drill), out: folder, wishes, timeoutMs: RUN_MS };
  return outcomeOf((await playRun(run)).report);
}

describe('a drill as processes', () => {
  // The faults of the other drills have their stages and witnesses in ../pipeline/content.test.ts.
  it(
    'restart-during-loss does what it says, and each fault is proven',
    async () => expect(await play('restart-during-loss', 'processes')).toEqual(PASS),
    RUN_MS + 10_000,
  );

  it('that needs containers is refused before anything starts', async () => {
    const args = ['run', fileOf('squeezed-then-unplugged'), '--runtime', 'processes'];
    const { exitCode, stderr } = await ecranNoir([...args, '--out', folder]);
    expect(exitCode).toBe(69);
    expect(stderr).toContain('starved: the processes runtime (asked for) cannot limit');
    expect(stderr).toContain('--runtime containers');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.runIf(engine)(title('a drill in containers'), () => {
  it(
    'squeezed-then-unplugged does what it says, and each fault is proven',
    async () => expect(await play('squeezed-then-unplugged', 'containers')).toEqual(PASS),
    RUN_MS + 10_000,
  );
});
