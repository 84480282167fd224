// One wall over several machines with real browsers: a worker in a network of its own shows viewers of
// a run here, and is killed in another one.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../harness/kernel/deadline.ts';
import type { Report } from '../../harness/model/report.ts';
import { ensureImages } from '../../harness/runtime/containers/images.ts';
import { BUILD_MS, engine, title } from '../support/engine.ts';
import { openFarMachine, startWorker, type FarMachine } from '../support/farMachine.ts';
import { expectPass, wasBusy } from '../support/playedRun.ts';
import { startRun } from '../support/startedRun.ts';
import { descendantsOf } from '../support/testWall.ts';
import { NAME, scenarioText } from '../torture/scenario.ts';

const TOKEN = 'a token of the test';
const env = { ECRAN_NOIR_WALL_TOKEN: TOKEN };

let dir = '';
let far: FarMachine;
const disposables: (() => unknown)[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ecran-noir-wall-'));
  far = await openFarMachine();
  return async () => {
    await far[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  };
});

afterEach(async () => {
  for (const dispose of disposables.splice(0).toReversed()) await dispose();
});

/** A run that waits for its workers; what still runs when the test is over is ended. */
async function startWaiting(name: string, viewers: number, workers: number, runtime = 'processes') {
  const scenario = join(dir, `${name}.yaml`);
  await writeFile(scenario, scenarioText('1s', '2s'));
  const run = startRun({
    scenario,
    name: NAME,
    out: join(dir, name),
    env,
    more: [
      ...['--runtime', runtime, '--viewers', String(viewers)],
      ...['--wall-workers', String(workers), '--wall-listen', `${far.host}:0`],
    ],
  });
  disposables.push(() => run.child.kill('SIGKILL'));
  const url = await waitFor({ ms: 30_000, what: 'the run to wait for workers' }, () => {
    if (run.child.exitCode !== null) throw new Error(run.said());
    return /--join (\S+)/.exec(run.said())?.[1];
  });
  const work = (worker: string, before: readonly string[] = []) => {
    const started = startWorker(['--join', url, '--name', worker], { before, env });
    disposables.push(() => started.child.kill('SIGKILL'));
    return started;
  };
  const report = async () =>
    JSON.parse(await readFile(join(run.dir()!, 'report.json'), 'utf8')) as Report;
  return { run, work, report };
}

async function playWithOne(name: string, runtime?: string) {
  const { run, work, report } = await startWaiting(name, 2, 1, runtime);
  const worker = work('studio-b', far.before);
  expect([0, 2], run.said()).toContain(await run.ended(90_000));
  expect(await worker.ended(), worker.said()).toBe(0);
  return { judged: await report(), workerSaid: worker.said() };
}

const onWorker = ({ viewers }: Report, worker: string) =>
  viewers.filter((viewer) => viewer.worker === worker);

describe('a wall over several machines', () => {
  it('shows viewers from a worker in a network of its own, with a control and a clock', async () => {
    let { judged, workerSaid } = await playWithOne('shown');
    if (wasBusy('shown', judged)) ({ judged, workerSaid } = await playWithOne('shown-again'));
    expectPass(judged);
    expect(workerSaid).toMatch(/the run ended: complete, pass$/);
    const seen = onWorker(judged, 'studio-b');
    expect(seen.map(({ id }) => id)).toEqual(['v1', 'v2', 'control-studio-b']);
    for (const viewer of seen.filter(({ control }) => !control)) {
      expect(viewer.ledger.programme).toBeGreaterThan(0);
      expect(viewer.blackScreenMs).toBeGreaterThan(1_000);
      expect(viewer.latencyMs).toBeGreaterThan(1_000);
    }
    expect(seen.at(-1)!.ledger.programme).toBeGreaterThan(0);
    const [told] = judged.workers!;
    expect(told).toMatchObject({ name: 'studio-b', viewers: 2 });
    // It is the same machine, whose clock differs from itself by nothing.
    const { offsetMs, uncertaintyMs } = told!.clock!;
    expect(Math.abs(offsetMs)).toBeLessThanOrEqual(uncertaintyMs);
  });

  it.skipIf(!engine)(
    title('shows from a worker what a chain in containers makes'),
    async () => {
      await ensureImages({
        engine: engine!,
        targets: ['stage'],
        signal: AbortSignal.timeout(BUILD_MS),
      });
      // Containers, two browsers and two chains are more than two processors carry at every moment:
      // what a control lost is unmeasured then.
      const { judged } = await playWithOne('contained', 'containers');
      expect(judged.verdict).not.toBe('fail');
      expect(judged.run.environment.runtime).toBe('containers');
      for (const viewer of onWorker(judged, 'studio-b').filter(({ control }) => !control)) {
        expect(viewer.ledger.programme).toBeGreaterThan(0);
        expect(viewer.blackScreenMs).toBeGreaterThan(1_000);
      }
    },
    BUILD_MS,
  );

  it('counts the viewers of a worker that is killed as unmeasured, and goes on', async () => {
    const { run, work, report } = await startWaiting('killed', 4, 2);
    const [lost, other] = [work('lost', far.before), work('other')];
    await run.recorded('"phase":"disrupt"');
    const browsers = await descendantsOf(lost.child.pid!);
    lost.child.kill('SIGKILL');
    expect(await run.ended(90_000), run.said()).toBe(2);
    expect(await other.ended(), other.said()).toBe(0);
    const judged = await report();
    expect(judged.verdict).toBe('inconclusive');
    expect(judged.run.ended).toBe('complete');
    expect(judged.audience.viewers).toBe(4);
    const finding = judged.findings.find(({ rule }) => rule === 'worker-lost');
    expect(finding?.text).toMatch(/^worker lost was lost .*: nothing is known of its 2 viewers/);
    const disruptedMs = judged.phases.find(({ phase }) => phase === 'disrupt')!.fromMs;
    expect(finding!.atMs).toBeGreaterThan(disruptedMs);
    for (const { ledger, leaveMs } of onWorker(judged, 'lost')) {
      expect(ledger.unmeasured).toBeGreaterThan(0);
      expect(leaveMs).toBe(judged.run.endedAtMs);
    }
    for (const { ledger, control, atMost } of onWorker(judged, 'other')) {
      expect(ledger.programme).toBeGreaterThan(0);
      if (!control) expect(atMost.blackScreenMs).toBeGreaterThan(500);
    }
    await waitFor({ ms: 10_000, what: 'the browser of the killed worker to end' }, () =>
      browsers.some(isAlive) ? undefined : true,
    );
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
