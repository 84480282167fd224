// Nothing is left behind, ever: a harness that is killed, one of two, an engine that goes away.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../harness/kernel/deadline.ts';
import type { Address } from '../../harness/model/world.ts';
import { ensureImages } from '../../harness/runtime/containers/images.ts';
import { LABEL } from '../../harness/runtime/containers/runNetwork.ts';
import { findLeftovers, sweepLeftovers } from '../../harness/runtime/containers/sweep.ts';
import { createOwnedFolder } from '../../harness/runtime/ownedFolder.ts';
import { openEngineGate } from '../support/engineGate.ts';
import { BUILD_MS, engine, title } from '../support/engine.ts';

const HOLDER = fileURLToPath(new URL('containersHolder.ts', import.meta.url));

interface Said {
  readonly ready?: Address;
  readonly exited?: {
    readonly lastLines: readonly string[];
    readonly asked: boolean;
    readonly blame?: { readonly code: string };
  };
  readonly log?: string;
  readonly disposed?: string;
}

interface Holder {
  readonly child: ChildProcess;
  /** Waits for a line with this field. */
  readonly heard: <F extends keyof Said>(field: F) => Promise<NonNullable<Said[F]>>;
}

let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  if (!engine) return;
  await ensureImages({ engine, targets: ['stage'], signal: new AbortController().signal });
}, BUILD_MS);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecran-noir-test-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  if (engine) await sweepLeftovers(engine);
  await rm(folder, { recursive: true, force: true });
});

function hold(runId: string, env: NodeJS.ProcessEnv = {}): Holder {
  const child = spawn(process.execPath, [HOLDER, runId, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as Said);
  });
  return {
    child,
    heard: (field) =>
      waitFor({ ms: 40_000, what: `"${field}" from the holder of ${runId}` }, () =>
        said.map((line) => line[field]).find((value) => value !== undefined),
      ),
  };
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** `container alive`, `network dead`, … of a run. */
const stateOf = async (runId: string): Promise<string[]> =>
  (await findLeftovers(engine))
    .filter(({ run }) => run === runId)
    .map(({ kind, state }) => `${kind} ${state}`);

const stagesRunning = async (runId: string): Promise<number> => {
  const filters = JSON.stringify({ label: [`${LABEL.run}=${runId}`] });
  return (await engine!.api.listContainers({ filters })).length;
};

describe.runIf(engine)(title('what a killed harness leaves'), () => {
  test('ends by itself, and is gone after the next start; a run beside it goes on', async () => {
    const killed = hold('killed');
    const beside = hold('beside');
    const address = await beside.heard('ready');
    await killed.heard('ready');
    expect(await stateOf('killed')).toEqual(['container alive', 'network alive', 'volume alive']);
    await kill(killed.child);
    expect(await stateOf('killed')).toEqual(['container dead', 'network dead', 'volume dead']);
    await waitFor(
      { ms: 15_000, what: 'its stage to end without anybody', everyMs: 200 },
      async () => ((await stagesRunning('killed')) === 0 ? true : undefined),
    );
    const next = hold('next');
    await next.heard('ready');
    expect(await next.heard('log')).toMatch(/removed what a dead run left: .*killed/);
    expect(await stateOf('killed')).toEqual([]);
    expect(await stateOf('beside')).toEqual(['container alive', 'network alive', 'volume alive']);
    expect((await fetch(`http://${address.host}:${address.port}/x`)).status).toBe(404);
    for (const { child, heard } of [beside, next]) {
      child.stdin?.write('dispose\n');
      expect(await heard('disposed')).toBe('clean');
    }
  });

  test('in temporary folders goes, too; those of the living stay', async () => {
    const mine = await createOwnedFolder('mine');
    await sweepLeftovers();
    expect((await findLeftovers()).map(({ name }) => name)).toContain(mine);
    await rm(mine, { recursive: true });
  });
});

describe.runIf(engine)(title('an engine that goes away in the middle of a run'), () => {
  test('is said as such, and all of the run is removed as soon as it is back', async () => {
    const gate = await openEngineGate();
    try {
      const holder = hold('cut-off', gate.env);
      await holder.heard('ready');
      await gate.shut();
      const exited = await holder.heard('exited');
      expect(exited).toMatchObject({ asked: false, blame: { code: 'ENGINE_UNAVAILABLE' } });
      expect(exited.lastLines.join()).toMatch('the container engine does not answer any more');
      holder.child.stdin?.write('dispose\n');
      expect(await stateOf('cut-off')).not.toEqual([]);
      await gate.open();
      expect(await holder.heard('disposed')).toBe('clean');
      expect(await stateOf('cut-off')).toEqual([]);
    } finally {
      await gate.shut();
    }
  });
});
