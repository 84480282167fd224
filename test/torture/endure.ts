// One loop for all: starts a run, waits for the moment, lets it happen, waits for the end, and looks
// at what is left.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../harness/kernel/clock.ts';
import type { Engine } from '../../harness/runtime/containers/engine.ts';
import { descendantsOf, type ProcessId } from '../support/processTree.ts';
import { startRun, type StartedRun } from '../support/startedRun.ts';
import { aftermathOf, type Aftermath } from './aftermath.ts';
import type { Harm, Moment, Prepared, Runtime } from './harms.ts';
import { NAME, scenarioText } from './scenario.ts';

export interface Ordeal {
  readonly harm: Harm;
  readonly moment: Moment;
  /** After the beginning of that phase. */
  readonly afterMs: number;
  readonly runtime: Runtime;
  readonly engine?: Engine | undefined;
}

export interface Outcome extends Aftermath {
  readonly ordeal: Ordeal;
  readonly tookMs: number;
}

const ENDED_MS = 90_000;
/** Processes that come and go are seen so often. */
const LOOK_MS = 250;

export async function endure(ordeal: Ordeal): Promise<Outcome> {
  const { harm, runtime, engine } = ordeal;
  const fromMs = systemClock.epochMs();
  const folder = mkdtempSync(join(tmpdir(), 'torture-'));
  const prepared: Prepared = (await harm.prepare?.({ folder, runtime })) ?? { env: {} };
  const scenario = join(folder, `${NAME}.yaml`);
  writeFileSync(scenario, scenarioText('1s', '2s'));
  const beside = runtime === 'containers' ? BESIDE_CONTAINERS : (prepared.more ?? []);
  const { name, command } = prepared.instead ?? { name: NAME };
  const more = command ? [] : ['--runtime', runtime, ...beside];
  const run = startRun({ scenario, name, out: folder, more, command, env: prepared.env });
  const seen = watchTree(run);
  try {
    await prepared.beside?.(run);
    const early = !(await come(run, ordeal));
    if (!early) await harm.befall(run, prepared);
    const code = await run.ended(ENDED_MS);
    const tree = await seen.all();
    const after = await aftermathOf({
      run,
      harm,
      code,
      early,
      tree,
      engine,
      prepared,
    });
    return { ordeal, ...after, tookMs: systemClock.epochMs() - fromMs };
  } finally {
    run.child.kill('SIGKILL');
    await prepared.shut?.();
    await seen.all();
    rmSync(folder, { recursive: true, force: true });
  }
}

const BESIDE_CONTAINERS = ['--toxiproxy', 'embedded', '--browser', 'host'];

/** Waits for the moment; false when the run was over before. */
async function come(run: StartedRun, { moment, afterMs }: Ordeal): Promise<boolean> {
  const isOver = () => run.child.exitCode !== null || run.child.signalCode !== null;
  if (moment !== 'start')
    await run.recorded(`"phase":"${moment}"`, ENDED_MS).catch((error: unknown) => {
      if (!isOver()) throw error;
    });
  await systemClock.sleep(afterMs);
  return !isOver();
}

interface SeenProcesses {
  /** Ends the watch. */
  readonly all: () => Promise<readonly ProcessId[]>;
}

/** A child whose parent ended is nobody's child: it is only known to who saw it before. */
function watchTree({ child }: StartedRun): SeenProcesses {
  const found = new Map<string, ProcessId>();
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      if (existsSync(`/proc/${child.pid}`))
        for (const one of descendantsOf(child.pid ?? 0))
          found.set(`${one.pid} ${one.startTime}`, one);
      await systemClock.sleep(LOOK_MS, over.signal).catch(() => undefined);
    }
  })();
  return {
    all: async () => {
      over.abort();
      await watching;
      return [...found.values()];
    },
  };
}
