// Drills of what is done to stages and by them, played for real: each fault and each healing has a
// witness, and what a runtime cannot do is refused before anything starts.

import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../../harness/model/report.ts';
import { ecranNoir } from '../../support/cli.ts';
import { engine, title } from '../runtime/containersBench.ts';

const RUN_MS = 200_000;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const argsOf = (drill: string, ...wishes: readonly string[]) => [
  ...['run', `scenarios/drills/${drill}.yaml`, '--viewers', '2', '--out', folder, ...wishes],
];

async function play(drill: string, runtime: string): Promise<Report> {
  await ecranNoir(argsOf(drill, '--runtime', runtime), { timeoutMs: RUN_MS });
  const parent = join(folder, drill);
  const file = join(parent, readlinkSync(join(parent, 'latest')), 'report.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** What a reader of a failure wants to see. */
const told = ({ verdict, expectations, faults }: Report) => ({
  verdict,
  unmet: expectations
    .filter((one) => one.verdict !== 'pass')
    .map(({ text, observed }) => `${text}: observed ${observed}`),
  unproven: faults
    .flatMap(({ name, proofs }) => proofs.map((proof) => ({ name, ...proof })))
    .filter(({ proven }) => !proven)
    .map(({ name, does, witness, observed }) => `${name} ${does}: ${witness}: ${observed}`),
});

const PASS = { verdict: 'pass', unmet: [], unproven: [] };

describe('a drill as processes', () => {
  // The faults of the other drills have their stages and witnesses in ../pipeline/content.test.ts.
  it(
    'restart-during-loss does what it says, and each fault is proven',
    async () => expect(told(await play('restart-during-loss', 'processes'))).toEqual(PASS),
    RUN_MS + 10_000,
  );

  it('that needs containers is refused before anything starts', async () => {
    const args = argsOf('squeezed-then-unplugged', '--runtime', 'processes');
    const { exitCode, stderr } = await ecranNoir(args);
    expect(exitCode).toBe(69);
    expect(stderr).toContain('starved: the processes runtime (asked for) cannot limit');
    expect(stderr).toContain('--runtime containers');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.runIf(engine)(title('a drill in containers'), () => {
  it(
    'squeezed-then-unplugged does what it says, and each fault is proven',
    async () => expect(told(await play('squeezed-then-unplugged', 'containers'))).toEqual(PASS),
    RUN_MS + 10_000,
  );
});
