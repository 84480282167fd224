// Measures how much longer a shard takes on a cluster than by `test --shard` on this machine: starting
// it, watching it, bringing its results back, joining them. Both shards play the same, at the same
// time, and each cluster is measured in turn with plain processes. CLUSTERS_ROUNDS says how often.

import { symlinkSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { aggregate } from '../../harness/measure/statistics.ts';
import { benchFolder } from '../support/benchFolder.ts';
import { ecranNoir } from '../support/cli.ts';
import { startKubernetes } from '../support/kubernetesApi.ts';
import { cannotRunSlurm, startSlurm } from '../support/slurm.ts';
import { makeSuiteImage } from '../support/suiteImage.ts';
import { cannotRunSwarm, docker, startSwarm } from '../support/swarm.ts';

const GOAL_S = 10;
const SHARDS = 2;
/** Runs of a shard. */
const RUNS_EACH = 1;
const ROUNDS = Number(process.env['CLUSTERS_ROUNDS'] ?? 3);
const WORK = [
  ...['test', 'scenarios/incidents/orange-2025-09-12.yaml', '--engine', 'virtual-player'],
  ...['--viewers', '2', '--repeat', String(SHARDS * RUNS_EACH), '--parallel', '1', '--quiet'],
];

interface Cluster extends AsyncDisposable {
  /** The words of a call that submits to it. */
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface Engine {
  readonly name: string;
  /** Undefined where it can be measured. */
  readonly cannotRun: string | undefined;
  /** `cwd` is the folder of the calls. */
  readonly open: (cwd: string) => Promise<Cluster>;
}

const ENGINES: readonly Engine[] = [
  {
    name: 'Slurm',
    cannotRun: cannotRunSlurm,
    open: async () => {
      const slurm = await startSlurm();
      const end = () => slurm[Symbol.asyncDispose]();
      return { words: ['--on', 'slurm'], env: slurm.env, [Symbol.asyncDispose]: end };
    },
  },
  {
    name: 'Docker Swarm',
    cannotRun: cannotRunSwarm,
    open: async () => {
      await using ends = new AsyncDisposableStack();
      const image = await makeSuiteImage();
      ends.defer(() => docker('image', 'rm', '--force', image).then(() => undefined));
      ends.use(await startSwarm());
      const kept = ends.move();
      const words = ['--on', 'swarm', '--image', image];
      return { words, [Symbol.asyncDispose]: () => kept.disposeAsync() };
    },
  },
  {
    name: 'Kubernetes (a stand-in: its pods are processes)',
    cannotRun: undefined,
    open: async (cwd) => {
      symlinkSync(join(process.cwd(), 'harness/cli/launch.js'), join(cwd, 'ecran-noir'));
      const api = await startKubernetes(cwd);
      const words = ['--on', 'kubernetes', '--image', 'none', '--collect-at', 'http://127.0.0.1:0'];
      return { words, env: api.env, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
    },
  },
];

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const cwd = folder.path;
  symlinkSync(join(process.cwd(), 'scenarios'), join(cwd, 'scenarios'));
  console.log(
    `${SHARDS} shards of ${RUNS_EACH} runs by virtual players, ${ROUNDS} rounds; load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  );
  const met: boolean[] = [];
  for (const engine of ENGINES)
    if (engine.cannotRun !== undefined)
      console.log(`${engine.name}: left out, ${engine.cannotRun}`);
    else met.push(await measure(engine, cwd));
  if (met.includes(false)) process.exitCode = 1;
}

async function measure({ name, open }: Engine, cwd: string): Promise<boolean> {
  await using cluster = await open(cwd);
  const over: number[] = [];
  const ratios: number[] = [];
  console.log(name);
  for (let round = 1; round <= ROUNDS; round++) {
    const place = `${name.replace(/\W.*/, '')}-${round}`;
    const own = await Promise.all(
      Array.from({ length: SHARDS }, (_, at) =>
        play(cwd, ['--shard', `${at + 1}/${SHARDS}`, '--out', `${place}-own/${at + 1}`]),
      ),
    );
    const words = [...cluster.words, '--shards', String(SHARDS), '--out', place];
    const wallS = await play(cwd, words, cluster.env);
    over.push(...own.map((ownS) => wallS - ownS));
    ratios.push(...own.map((ownS) => wallS / ownS));
    console.log(
      `  round ${round}: ${wallS.toFixed(1)} s; by test --shard ${own.map((s) => `${s.toFixed(1)} s`).join(' and ')}`,
    );
  }
  const [median, most] = (['p50', 'max'] as const).map((which) => aggregate(which, over));
  const isMet = (most ?? Infinity) < GOAL_S;
  console.log(
    `  a shard took longer by ${median?.toFixed(1)} s, at most ${most?.toFixed(1)} s (goal ${GOAL_S} s: ${isMet ? 'met' : 'MISSED'}); ${aggregate('p50', ratios).toFixed(2)} times, at most ${aggregate('max', ratios).toFixed(2)}`,
  );
  return isMet;
}

/** Answers the seconds from the call to its end. Throws what it said where it did not pass. */
async function play(
  cwd: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const fromMs = performance.now();
  const { exitCode, stderr } = await ecranNoir([...WORK, ...words], {
    cwd,
    env,
    timeoutMs: 300_000,
  });
  if (exitCode !== 0) throw new Error(`${words.join(' ')} ended with ${exitCode}: ${stderr}`);
  return (performance.now() - fromMs) / 1000;
}

if (import.meta.main) await main();
