// One short rehearsal through the command line, and what it took: time until it was steady, memory
// of the harness and of everything it started, looked at once a second.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { systemClock } from '../../../harness/kernel/clock.ts';
import type { Report } from '../../../harness/model/report.ts';
import type { Engine } from '../../../harness/runtime/containers/engine.ts';
import { LABEL } from '../../../harness/runtime/containers/runNetwork.ts';
import type { RuntimeKind } from '../../../harness/runtime/select.ts';
import { parseOwner } from '../../../harness/runtime/owner.ts';
import { descendantsOf } from '../../support/processTree.ts';
import { textOf } from '../../support/textOf.ts';

export interface Played {
  /** From the start of the command, and from the start of the run, to the first fault's phase. */
  readonly commandToSteadyMs: number;
  readonly provisionToSteadyMs: number;
  readonly harnessMbMax: number;
  /** The most of everything else that belongs to the run, the browser included. */
  readonly restMbMax: number;
  /** By part, each at its own largest. */
  readonly mbMaxByPart: ReadonlyMap<string, number>;
  readonly report: Report;
}

export interface PlayOptions {
  readonly file: string;
  /** Name of the scenario. */
  readonly name: string;
  readonly out: string;
  readonly runtime: RuntimeKind;
  readonly engine: Engine;
}

/** Memory by part at one moment. */
type Look = ReadonlyMap<string, number>;

const LOOK_EVERY_MS = 1_000;
const RUN_MS_MAX = 180_000;
const MB = 2 ** 20;

export async function play(options: PlayOptions): Promise<Played> {
  const { file, name, out, runtime, engine } = options;
  const startedAtEpochMs = systemClock.epochMs();
  const wishes = [
    '--runtime',
    runtime,
    '--browser',
    runtime === 'containers' ? 'container' : 'host',
  ];
  const args = ['harness/cli/launch.js', 'run', file, ...wishes, '--toxiproxy', 'embedded'];
  const child = execa(process.execPath, [...args, '--out', out, '--quiet'], {
    timeout: RUN_MS_MAX,
    forceKillAfterDelay: 20_000,
    reject: false,
    stdin: 'ignore',
  });
  const over = new AbortController();
  const looking = lookAt(child.pid ?? 0, { runtime, engine }, over.signal);
  const { stderr, exitCode } = await child;
  over.abort();
  const { harness, rest } = await looking;
  if (exitCode === undefined || exitCode > 2) throw new Error(`${runtime}: ${stderr}`);
  const latest = join(out, name, 'latest');
  const report = JSON.parse(await readFile(join(latest, 'report.json'), 'utf8')) as Report;
  const steadyAtMs = report.phases.find(({ phase }) => phase === 'disrupt')?.fromMs ?? NaN;
  return {
    commandToSteadyMs: Date.parse(report.run.startedAt) + steadyAtMs - startedAtEpochMs,
    provisionToSteadyMs: steadyAtMs,
    harnessMbMax: Math.max(...harness),
    restMbMax: Math.max(...rest.map((look) => [...look.values()].reduce((sum, mb) => sum + mb, 0))),
    mbMaxByPart: largest(rest),
    report,
  };
}

async function lookAt(
  pid: number,
  { runtime, engine }: Pick<PlayOptions, 'runtime' | 'engine'>,
  over: AbortSignal,
): Promise<{ readonly harness: readonly number[]; readonly rest: readonly Look[] }> {
  const harness: number[] = [];
  const rest: Look[] = [];
  while (!over.aborted) {
    harness.push(Number(/VmRSS:\s+(\d+) kB/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);
    rest.push(runtime === 'processes' ? ofProcesses(pid) : await ofContainers(engine, pid));
    await systemClock.sleep(LOOK_EVERY_MS, over).catch(() => undefined);
  }
  return { harness, rest };
}

/** Shared pages are shared out (PSS), so that a sum counts each once. */
function ofProcesses(pid: number): Look {
  const look = new Map<string, number>();
  for (const { pid: of, command } of descendantsOf(pid)) {
    const kb = Number(/^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${of}/smaps_rollup`))?.[1] ?? 0);
    const part = partOf(command);
    look.set(part, (look.get(part) ?? 0) + kb / 1024);
  }
  return look;
}

function partOf(command: string): string {
  if (/chrom/.test(command)) return 'browser';
  if (/toxiproxy/.test(command)) return 'toxiproxy';
  return 'stages';
}

/** Reads memory as the engine counts it, without the files that the kernel could forget at once. */
async function ofContainers(engine: Engine, pid: number): Promise<Look> {
  const filters = JSON.stringify({ label: [LABEL.owner] });
  const all = await engine.api.listContainers({ filters });
  const ours = all.filter(({ Labels }) => parseOwner(Labels[LABEL.owner])?.pid === pid);
  const sizes = await Promise.all(
    ours.map(async ({ Id, Labels }) => {
      const name = Labels[LABEL.instance] ?? '';
      const part = ['browser', 'toxiproxy'].find((it) => it === name) ?? 'stages';
      return [part, await memoryMb(engine, Id)] as const;
    }),
  );
  const look = new Map<string, number>();
  for (const [part, mb] of sizes) look.set(part, (look.get(part) ?? 0) + mb);
  return look;
}

interface MemoryStats {
  readonly usage?: number;
  /** cgroup v1 and v2 name it differently. */
  readonly stats?: { readonly total_inactive_file?: number; readonly inactive_file?: number };
}

/** 0 for a container that has just gone. */
async function memoryMb(engine: Engine, id: string): Promise<number> {
  const asked = { stream: false, 'one-shot': true } as const;
  const answer = await engine.api
    .getContainer(id)
    .stats(asked)
    .catch(() => undefined);
  const { usage = 0, stats } = (answer?.memory_stats ?? {}) as MemoryStats;
  return (usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0)) / MB;
}

function largest(looks: readonly Look[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const look of looks)
    for (const [part, mb] of look) most.set(part, Math.max(most.get(part) ?? 0, mb));
  return most;
}
