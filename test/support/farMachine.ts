// Another machine on a network of its own, as far as this one can be two: a network namespace joined by
// a pair of virtual cables, where the rights are there (root on Linux); else this machine by loopback.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { waitFor } from '../../harness/kernel/deadline.ts';
import { MAIN } from './cli.ts';

export interface FarMachine extends AsyncDisposable {
  /** The address by which it reaches this machine. */
  readonly host: string;
  /** True where it is one of its own. */
  readonly isApart: boolean;
  /** The words that run a command there. */
  readonly before: readonly string[];
}

export async function openFarMachine(): Promise<FarMachine> {
  const id = process.pid % 65_536;
  const [space, near, far] = [`ecran-noir-${id}`, `en${id}a`, `en${id}b`];
  const net = `10.219.${id % 256}`;
  const inside = ['ip', 'netns', 'exec', space];
  const close = async () => {
    await execa('ip', ['netns', 'del', space], { reject: false });
    await execa('ip', ['link', 'del', near], { reject: false });
  };
  const steps = [
    ['ip', 'netns', 'add', space],
    ['ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far],
    ['ip', 'link', 'set', far, 'netns', space],
    ['ip', 'addr', 'add', `${net}.1/30`, 'dev', near],
    ['ip', 'link', 'set', near, 'up'],
    [...inside, 'ip', 'addr', 'add', `${net}.2/30`, 'dev', far],
    [...inside, 'ip', 'link', 'set', far, 'up'],
    [...inside, 'ip', 'link', 'set', 'lo', 'up'],
  ];
  try {
    for (const [program = '', ...words] of steps) await execa(program, words);
  } catch {
    await close();
    return {
      host: '127.0.0.1',
      isApart: false,
      before: [],
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  return { host: `${net}.1`, isApart: true, before: inside, [Symbol.asyncDispose]: close };
}

export interface StartedWorker {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Exit code, `null` when a signal ended it. */
  readonly ended: (ms?: number) => Promise<number | null>;
}

const ENDED_MS = 30_000;

/** A worker of the command line, on this machine or behind the words that run a command elsewhere. */
export function startWorker(
  words: readonly string[],
  { before = [], env = {} }: { before?: readonly string[]; env?: Record<string, string> } = {},
): StartedWorker {
  const [program = '', ...args] = [...before, process.execPath, MAIN, 'viewers', ...words];
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    said: () => lines.join('\n'),
    ended: async (ms = ENDED_MS) => {
      const what = `a worker to end; it said: ${lines.join('; ')}`;
      await waitFor({ ms, what, everyMs: 50 }, () => (hasEnded() ? true : undefined));
      return child.exitCode;
    },
  };
}
