// A run of the command line that goes on while the test looks at it, and can be ended in any way.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '../../harness/kernel/deadline.ts';
import { MAIN } from './cli.ts';

export interface StartedRun {
  readonly child: ChildProcess;
  /** The run's folder, once there is one. */
  readonly dir: () => string | undefined;
  /** Gives the journal so far. */
  readonly journal: () => string;
  /** Gives the words to the user so far. */
  readonly said: () => string;
  /** Waits until its journal holds the text; fails when the run ends before. */
  readonly recorded: (text: string, ms?: number) => Promise<void>;
  /** Exit code, `null` when a signal ended it. */
  readonly ended: (ms?: number) => Promise<number | null>;
}

export interface StartRunOptions {
  readonly scenario: string;
  /** Name of the scenario, which is the name of its folder. */
  readonly name: string;
  /** Nobody else's. */
  readonly out: string;
  readonly more: readonly string[];
  /** Words in place of `run` and the scenario. */
  readonly command?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const RECORDED_MS = 60_000;
const ENDED_MS = 40_000;

export function startRun({ scenario, name, out, env = {}, ...words }: StartRunOptions): StartedRun {
  const { command = ['run', scenario], more } = words;
  const args = [MAIN, ...command, ...more, '--out', out];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const said = () => lines.join('\n');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const dir = () => {
    const parent = join(out, name);
    const found = existsSync(parent) && readdirSync(parent).find((entry) => entry !== 'latest');
    return found ? join(parent, found) : undefined;
  };
  const journal = () => {
    const file = join(dir() ?? '', 'journal.ndjson');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  return {
    child,
    dir,
    journal,
    said,
    recorded: async (text, ms = RECORDED_MS) => {
      await waitFor({ ms, what: `"${text}" in the journal of ${name}`, everyMs: 50 }, () => {
        if (journal().includes(text)) return true;
        if (hasEnded()) throw new Error(`${name} ended first:\n${said()}`);
        return undefined;
      });
    },
    ended: async (ms = ENDED_MS) => {
      const what = `${name} to end`;
      await waitFor({ ms, what, everyMs: 50 }, () => (hasEnded() ? true : undefined));
      return child.exitCode;
    },
  };
}
