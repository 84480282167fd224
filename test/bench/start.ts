// Measures a command before it does anything: processor time against that of a bare Node in the
// same minute, of this checkout and of the package as it is installed.

import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { benchFolder } from '../support/benchFolder.ts';

const NIGHT = 'scenarios/incidents/orange-2025-09-12.yaml';
const TIMES = 9;

/** Commands, and how many times a bare Node they may cost once their code is kept. */
const COMMANDS: readonly (readonly [words: string, ratioMax: number])[] = [
  ['--version', 5],
  ['--help', 5],
  ['run --help', 5],
  [`validate ${NIGHT}`, 15],
  [`plan ${NIGHT}`, 18],
];

/** The program that people start, and where from. */
interface Form {
  readonly name: string;
  readonly main: string;
}

export async function main(): Promise<void> {
  await using folder = await benchFolder();
  const forms = [
    { name: 'checkout', main: resolve('harness/cli/launch.js') },
    { name: 'package', main: join(installed(folder.path), 'harness/cli/launch.js') },
  ];
  for (const form of forms) measure(form, join(folder.path, 'cache', form.name));
}

function measure({ name, main: file }: Form, cache: string): void {
  const bareMs = cpuMs(['-e', '0'], cache);
  say(`${name}: node -e 0`, `${bareMs.toFixed(0)} ms of processor time`);
  for (const [words, ratioMax] of COMMANDS) {
    const ms = cpuMs([file, ...words.split(' ')], cache);
    const within = ms / bareMs <= ratioMax;
    const ratio = `${(ms / bareMs).toFixed(1)}x${within ? '' : `, more than ${ratioMax}x`}`;
    say(`${name}: ${words}`, `${ms.toFixed(0)} ms, ${ratio}`);
    if (!within) process.exitCode = 1;
  }
}

/** Packs and unpacks this package; what it depends on is what is installed here. */
function installed(folder: string): string {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { stdio: 'ignore' });
  const [archive = ''] = globSync(join(folder, '*.tgz'));
  const scope = join(folder, 'node_modules');
  mkdirSync(scope);
  execFileSync('tar', ['-xzf', archive, '-C', scope]);
  const root = join(scope, 'package');
  symlinkSync(realpathSync('node_modules'), join(root, 'node_modules'));
  return root;
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
