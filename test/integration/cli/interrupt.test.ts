// Ways out: Ctrl-C in any phase, twice, and SIGKILL. Nothing may live on.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { MAIN } from '../../support/cli.ts';
import { allGone, descendantsOf, type ProcessId } from '../../support/processTree.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const PHASE_MS = 60_000;
const END_MS = 40_000;
/** "No child lives longer than a few seconds." */
const GONE_MS = 8_000;

let folder: string;
let child: ChildProcess | undefined;
let tree: readonly ProcessId[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecran-noir-test-'));
  tree = [];
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the night and resolves when it has come to the phase, as its journal says. */
async function startUntil(phase: string): Promise<ChildProcess> {
  const args = [
    MAIN,
    'run',
    NIGHT,
    '--compress',
    '60',
    '--runtime',
    'processes',
    '--viewers',
    '2',
    '--out',
    folder,
  ];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  child = started;
  const said: string[] = [];
  createInterface({ input: started.stderr }).on('line', (line) => said.push(line));
  await waitFor({ ms: PHASE_MS, what: `phase ${phase}`, everyMs: 50 }, () => {
    if (started.exitCode !== null) throw new Error(`it ended first:\n${said.join('\n')}`);
    return journal().includes(`"phase":"${phase}"`) ? true : undefined;
  });
  tree = descendantsOf(started.pid ?? 0);
  return started;
}

function runDir(): string | undefined {
  const parent = join(folder, 'orange-2025-09-12');
  const name = existsSync(parent)
    ? readdirSync(parent).find((entry) => entry !== 'latest')
    : undefined;
  return name === undefined ? undefined : join(parent, name);
}

function journal(): string {
  const file = join(runDir() ?? '', 'journal.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function exitCodeOf(process: ChildProcess): Promise<number | null> {
  await waitFor({ ms: END_MS, what: 'the harness to end', everyMs: 50 }, () =>
    process.exitCode !== null || process.signalCode !== null ? true : undefined,
  );
  return process.exitCode;
}

describe('Ctrl-C', () => {
  it.each(['provision', 'steady', 'disrupt'])(
    'in the %s phase heals, stops everything, writes the partial report and exits 130',
    async (phase) => {
      const running = await startUntil(phase);
      running.kill('SIGINT');
      expect(await exitCodeOf(running)).toBe(130);
      await allGone(tree, GONE_MS);
      const records = journal().trim().split('\n');
      expect(JSON.parse(records.at(-1) ?? '')).toMatchObject({
        type: 'end',
        reason: 'interrupted',
      });
      const report = JSON.parse(
        readFileSync(join(runDir() ?? '', 'report.json'), 'utf8'),
      ) as object;
      expect(report).toMatchObject({ verdict: 'inconclusive', run: { ended: 'interrupted' } });
    },
  );

  it('a second time does not leave processes either', async () => {
    const running = await startUntil('steady');
    running.kill('SIGINT');
    running.kill('SIGINT');
    expect(await exitCodeOf(running)).toBe(130);
    await allGone(tree, GONE_MS);
  });
});

describe('SIGKILL of the harness', () => {
  it('leaves no child after a few seconds, and a journal that can be judged', async () => {
    const running = await startUntil('disrupt');
    expect(tree.length).toBeGreaterThan(10);
    running.kill('SIGKILL');
    await allGone(tree, GONE_MS);
    expect(journal()).toContain('"type":"frames"');
    expect(journal()).not.toContain('"type":"end"');
  });
});
