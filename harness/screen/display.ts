// A display without a monitor: Xvfb, of the size of the wall. It ends with the harness, however
// that ends, because the kernel is asked to end it then.

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '../kernel/deadline.ts';
import { preferSession } from '../kernel/priority.ts';
import { HarnessError } from '../model/errors.ts';
import { freshToken } from '../kernel/token.ts';
import type { DisplayEnv, Size } from '../model/screen.ts';

export interface Display extends AsyncDisposable {
  /** `:7`, as programs want it in DISPLAY. */
  readonly name: string;
  /** The variables with which programs may reach it. */
  readonly env: DisplayEnv;
  readonly size: Size;
}

interface Place {
  readonly xvfb: string;
  /** A folder that nobody else can list. */
  readonly folder: string;
  readonly size: Size;
}

const START_MS_MAX = 10_000;
const STOP_MS_MAX = 3_000;

/** Errors: SCREEN_FAILED. */
export async function startDisplay(
  { xvfb, folder, size }: Place,
  signal: AbortSignal,
): Promise<Display> {
  const { server, clients } = await writeKeys(folder);
  const child = await startOwned(
    xvfb,
    [
      ...['-displayfd', '3', '-screen', '0', `${size.width}x${size.height}x24`],
      ...['-nolisten', 'tcp', '-auth', server],
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const said = lastWords(child);
  try {
    const name = await withDeadline(
      { ms: START_MS_MAX, what: 'the display (Xvfb) to start', code: 'SCREEN_FAILED', signal },
      () => displayName(child, said),
    );
    const env = { DISPLAY: name, XAUTHORITY: clients };
    return { name, env, size, [Symbol.asyncDispose]: () => displayEnd(child, 'SIGTERM') };
  } catch (error) {
    await displayEnd(child, 'SIGKILL');
    throw error;
  }
}

/**
 * Writes the key to a display, without which every user of the machine could see it and type into the
 * browser on it: once for the server, whose command line everybody reads, and once under a name that
 * nobody can guess for its clients, because the browser of a run by root is another user.
 */
async function writeKeys(folder: string) {
  const [server, clients] = [join(folder, 'display'), join(folder, freshToken())];
  const key = xauthority(randomBytes(16));
  await writeFile(server, key, { mode: 0o600 });
  await writeFile(clients, key, { mode: 0o600 });
  await chmod(clients, 0o644);
  return { server, clients };
}

/** The file of one key for every display of every machine: an address family of its own, then texts with their lengths. */
function xauthority(key: Buffer): Buffer {
  const counted = (text: Buffer) => Buffer.concat([Buffer.from([0, text.length]), text]);
  const parts = [Buffer.of(), Buffer.of(), Buffer.from('MIT-MAGIC-COOKIE-1'), key];
  return Buffer.concat([Buffer.from([0xff, 0xff]), ...parts.map(counted)]);
}

/** Xvfb writes the number of the display when it takes clients. */
async function displayName(child: ChildProcess, said: () => string): Promise<string> {
  const numbers = child.stdio[3] as Readable;
  const ended = once(child, 'exit').then(() => {
    throw new HarnessError('SCREEN_FAILED', `the display (Xvfb) did not start: ${said()}`, {
      target: 'Xvfb',
      hint: 'start it by hand to see why: Xvfb -displayfd 1',
    });
  });
  const told = once(numbers, 'data') as Promise<[Buffer]>;
  const [number] = await Promise.race([told, ended]);
  ended.catch(() => undefined);
  return `:${number.toString().trim()}`;
}

/**
 * Starts a program that the kernel ends with this process (prctl(2), PR_SET_PDEATHSIG, which
 * setpriv of util-linux sets), in a session of its own that goes before others: an eye that waits
 * for the processor sees nothing.
 */
export async function startOwned(
  program: string,
  args: readonly string[],
  { stdio, env }: { readonly stdio: readonly ('ignore' | 'pipe')[]; readonly env?: DisplayEnv },
): Promise<ChildProcess> {
  const command = ['--pdeathsig', 'KILL', program, ...args];
  const spawned = { stdio: [...stdio], env: { ...process.env, ...env } };
  const child = spawn('setpriv', command, { ...spawned, detached: true });
  await Promise.race([once(child, 'spawn'), once(child, 'error')]);
  if (child.pid === undefined)
    throw new HarnessError('SCREEN_FAILED', `setpriv cannot be started, which starts ${program}`, {
      target: 'setpriv',
      hint: 'install util-linux',
    });
  await preferSession(child.pid);
  return child;
}

/** The end of what a program wrote to its standard error. */
export function lastWords({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2_000)));
  return () => text.trim().split('\n').slice(-3).join('; ') || 'it said nothing';
}

/** Asks it to end, ends it when it does not, and waits until it is gone. */
export async function displayEnd(
  child: ChildProcess,
  by: NodeJS.Signals,
  withinMs = STOP_MS_MAX,
): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(by);
  await withDeadline({ ms: withinMs, what: 'a program of the display to end' }, () => gone).catch(
    () => child.kill('SIGKILL'),
  );
  await gone;
}
