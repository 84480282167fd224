// Ways out: Ctrl-C in any phase, twice, and SIGKILL. Nothing may live on.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allGone, descendantsOf, type ProcessId } from '../../support/processTree.ts';
import { startRun, type StartedRun } from '../../support/startedRun.ts';

/** "No child lives longer than a few seconds." */
const GONE_MS = 8_000;

let folder: string;
let running: StartedRun | undefined;
let tree: readonly ProcessId[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
  tree = [];
});
afterEach(() => {
  running?.child.kill('SIGKILL');
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the night and resolves when it has come to the phase, as its journal says. */
async function startUntil(phase: string): Promise<StartedRun> {
  const started = startRun({
    scenario: 'scenarios/incidents/orange-2025-09-12.yaml',
    name: 'orange-2025-09-12',
    out: folder,
    more: ['--compress', '60', '--runtime', 'processes', '--viewers', '2'],
  });
  running = started;
  await started.recorded(`"phase":"${phase}"`);
  tree = descendantsOf(started.child.pid ?? 0);
  return started;
}

describe('Ctrl-C', () => {
  it.each(['provision', 'steady', 'disrupt'])(
    'in the %s phase heals, stops everything, writes the partial report and exits 130',
    async (phase) => {
      const { child, ended, journal, dir } = await startUntil(phase);
      child.kill('SIGINT');
      expect(await ended()).toBe(130);
      await allGone(tree, GONE_MS);
      const records = journal().trim().split('\n');
      expect(JSON.parse(records.at(-1) ?? '')).toMatchObject({
        type: 'end',
        reason: 'interrupted',
      });
      const report = JSON.parse(readFileSync(join(dir() ?? '', 'report.json'), 'utf8')) as object;
      expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'interrupted' } });
    },
  );

  it('a second time does not leave processes either', async () => {
    const { child, ended } = await startUntil('steady');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended()).toBe(130);
    await allGone(tree, GONE_MS);
  });
});

describe('SIGKILL of the harness', () => {
  it('leaves no child after a few seconds, and a journal that can be judged', async () => {
    const { child, journal } = await startUntil('disrupt');
    expect(tree.length).toBeGreaterThan(10);
    child.kill('SIGKILL');
    await allGone(tree, GONE_MS);
    expect(journal()).toContain('"type":"frames"');
    expect(journal()).not.toContain('"type":"end"');
  });
});
