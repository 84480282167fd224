// Measures a command before it does anything: processor time against that of a bare Node, in the
// same minute; and how many files of ours and of others it reads to say its version.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = 'harness/cli/main.ts';
const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const TIMES = 7;

/** Commands, and how many times a bare Node they may cost once their code is kept. */
const COMMANDS: readonly (readonly [words: string, ratioMax: number])[] = [
  ['--version', 6],
  ['--help', 6],
  ['run --help', 45],
  [`validate ${NIGHT}`, 18],
  [`plan ${NIGHT}`, 18],
];

export async function main(): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), 'ecran-noir-bench-'));
  try {
    const bareMs = cpuMs(['-e', '0'], cache);
    say('node -e 0', `${bareMs.toFixed(0)} ms of processor time`);
    for (const [words, ratioMax] of COMMANDS) {
      const ms = cpuMs([MAIN, ...words.split(' ')], cache);
      const within = ms / bareMs <= ratioMax;
      say(
        words,
        `${ms.toFixed(0)} ms, ${(ms / bareMs).toFixed(1)}x${within ? '' : `, more than ${ratioMax}x`}`,
      );
      if (!within) process.exitCode = 1;
    }
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** User and system time of the process, the least of several: others use the machine too. */
function cpuMs(args: readonly string[], cache: string): number {
  const measured = Array.from({ length: TIMES }, () => once(args, cache));
  return Math.min(...measured);
}

/** Printed by the process itself as it ends. */
const REPORT =
  "process.on('exit',()=>{const{user,system}=process.cpuUsage();require('node:fs').writeSync(2,`\\ncpu ${user+system}\\n`)})";

function once(args: readonly string[], cache: string): number {
  const preload = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('/');${encodeURIComponent(REPORT)}`;
  const text = execFileSync(
    'sh',
    ['-c', '"$0" "$@" 2>&1 >/dev/null', process.execPath, '--import', preload, ...args],
    { encoding: 'utf8', env: { ...process.env, NODE_COMPILE_CACHE: cache } },
  );
  return Number(/cpu (\d+)/.exec(text)?.[1]) / 1000;
}

const say = (what: string, value: string): void => console.log(`${what.padEnd(60)} ${value}`);

if (import.meta.main) await main();
