// Measures what the night at full length costs in virtual time, judging and reports included:
// viewer-seconds for each second of processor, and memory. Beside it, for the ratio, four times as
// many viewers: what every viewer costs shows as four times the work, what the chain costs does not.
// Last a crowd, in parts on two threads, by the clock: SESSIONS=N viewers, 300 when not said.

import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from '../../harness/model/report.ts';
import { makeFolder } from '../support/makeFolder.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const VIEWERS = { few: 6, many: 24, crowd: Number(process.env['SESSIONS'] ?? 300) };
/** The goal for six viewers, for memory, and for the crowd by the clock. */
const GOAL = { viewerSecondsPerCpuSecond: 3500, memoryMb: 400, crowdS: 240 };
const WORKERS = 2;

export function main(): Promise<void> {
  using code = makeFolder();
  const simulated = simulating(code.path);
  const few = simulated(VIEWERS.few);
  const many = simulated(VIEWERS.many);
  const ratio = (many.cpuMs / few.cpuMs).toFixed(1);
  say(`work, ${VIEWERS.many} viewers / ${VIEWERS.few}`, ratio);
  const startedMs = performance.now();
  simulated(VIEWERS.crowd);
  const crowdS = (performance.now() - startedMs) / 1000;
  say('  by the clock', `${crowdS.toFixed(0)} s on ${WORKERS} workers`);
  const { viewerSecondsPerCpuSecond: speed, memoryMb } = GOAL;
  const isReached = few.speed >= speed && few.memoryMb <= memoryMb && crowdS <= GOAL.crowdS;
  if (!isReached) process.exitCode = 1;
  const goal = `${speed} a second, ${memoryMb} MB, ${GOAL.crowdS} s`;
  say('goal', `${isReached ? 'reached' : 'NOT REACHED'}: ${goal}`);
  return Promise.resolve();
}

interface Cost {
  readonly cpuMs: number;
  readonly memoryMb: number;
  /** Viewer-seconds for each second of processor. */
  readonly speed: number;
}

/** Compiles first what all processes load, as it is on a machine that has simulated before. */
function simulating(code: string): (viewers: number) => Cost {
  const env = { ...process.env, NODE_COMPILE_CACHE: code };
  using out = makeFolder();
  usedBy(['--compress', '60', '--out', out.path], env);
  return (viewers) => simulated(viewers, env);
}

/** Simulates in a process of its own, which says what it used as it ends. */
function usedBy(said: readonly string[], env: NodeJS.ProcessEnv) {
  const args = ['simulate', NIGHT, '--engine', 'virtual-player', ...said];
  const text = execFileSync(
    'sh',
    ['-c', '"$0" "$@" 2>&1 >/dev/null', process.execPath, '--import', PRELOAD, LAUNCH, ...args],
    { encoding: 'utf8', env },
  );
  const [, cpuUs, memoryKb] = /used (\d+) (\d+)/.exec(text)?.map(Number) ?? [];
  if (cpuUs === undefined || memoryKb === undefined) throw new Error(`it said:\n${text}`);
  return { cpuUs, memoryKb };
}

function simulated(viewers: number, env: NodeJS.ProcessEnv): Cost {
  using out = makeFolder();
  const said = ['--viewers', String(viewers), '--workers', String(WORKERS), '--out', out.path];
  const { cpuUs, memoryKb } = usedBy(said, env);
  const [file = ''] = globSync(join(out.path, '*', '*', 'report.json'));
  const { run, audience } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const viewerSeconds = (viewers * run.endedAtMs) / 1000;
  const cost = {
    cpuMs: cpuUs / 1000,
    memoryMb: memoryKb / 1024,
    speed: viewerSeconds / (cpuUs / 1e6),
  };
  say('viewers', `${viewers} for ${(run.endedAtMs / 60_000).toFixed(1)} min`);
  say('  processor', `${(cost.cpuMs / 1000).toFixed(1)} s`);
  say('  viewer-seconds a second', cost.speed.toFixed(0));
  say('  memory at its peak', `${cost.memoryMb.toFixed(0)} MB`);
  say('  black screen p50', `${(audience.blackScreenMs.p50 / 60_000).toFixed(2)} min`);
  return cost;
}

const LAUNCH = resolve('harness/cli/launch.js');
const PRELOAD = `data:text/javascript,${encodeURIComponent(
  "import{writeSync}from'node:fs';import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>{const{userCPUTime:u,systemCPUTime:s,maxRSS}=process.resourceUsage();writeSync(2,`\\nused ${u+s} ${maxRSS}\\n`)})",
)}`;

const say = (what: string, value: string): void => console.log(`${what.padEnd(28)} ${value}`);
