// A LinkControl over our own server, started as a process of its own that ends with this one.

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { openLog } from '../kernel/appendLog.ts';
import { waitFor, withDeadline } from '../kernel/deadline.ts';
import { runAtOnce } from '../kernel/priority.ts';
import { HarnessError } from '../model/errors.ts';
import type { LinkControl } from '../model/world.ts';
import { createLinkControl, type LinkControlOptions } from './linkControl.ts';
import { freshToken, TOKEN_VARIABLE } from '../kernel/token.ts';
import { TOXIPROXY_VERSION } from './server/version.ts';
import { programAt } from '../kernel/programAt.ts';

export interface EmbeddedOptions extends LinkControlOptions {
  /** The file of the server's log. Default: none. */
  readonly logFile?: string;
  /** Same seed, same connections: same random decisions. Default: drawn. */
  readonly seed?: number;
  /** The program to run instead of the one beside this file. */
  readonly program?: string;
}

/**
 * A small young generation takes 7 MB less under thousands of connections, and one thread that clears
 * it up does not wait for others to be given a processor.
 */
export const SERVER_NODE_FLAGS = ['--max-semi-space-size=1', '--single-threaded-gc'] as const;
/** Loopback, a port of the system's choice, and nothing left behind. */
export const SERVER_FLAGS = [
  ...['-host', '127.0.0.1', '-port', '0'],
  ...['-proxy-metrics', '-announce', '-end-with-stdin'],
] as const;
/** Threads that compile keep no memory of their own back (glibc), which is 4 MB. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  MALLOC_ARENA_MAX: '1',
  ...process.env,
});
const START_MS_MAX = 10_000;
/** The time between SIGTERM and SIGKILL. */
const END_MS_MAX = 3_000;

export async function startEmbeddedToxiproxy(options: EmbeddedOptions = {}): Promise<LinkControl> {
  const token = freshToken();
  const child = spawnServer(options, token);
  try {
    const port = await readyPort(child);
    if (child.pid !== undefined) await runAtOnce(child.pid);
    return createLinkControl(
      {
        url: `http://127.0.0.1:${port}`,
        description: `embedded, Toxiproxy ${TOXIPROXY_VERSION} API`,
        ended: new Promise((resolve) => {
          child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
        }),
        onDispose: () => end(child),
      },
      { ...options, disposable: true, token },
    );
  } catch (error) {
    await end(child);
    throw error;
  }
}

function spawnServer(
  { logFile, seed, program = programAt(import.meta.url, './program') }: EmbeddedOptions,
  token: string,
): ChildProcess {
  if (logFile !== undefined) mkdirSync(dirname(logFile), { recursive: true });
  const log = logFile === undefined ? undefined : openLog(logFile);
  try {
    const args = [...SERVER_NODE_FLAGS, program, ...SERVER_FLAGS];
    if (seed !== undefined) args.push('-seed', String(seed));
    return spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', log ?? 'ignore'],
      env: { ...serverEnvironment(), [TOKEN_VARIABLE]: token },
    });
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

async function readyPort(child: ChildProcess): Promise<number> {
  const hint = 'see the log of the embedded Toxiproxy server among the logs of the run';
  const failed = (message: string) =>
    new HarnessError('LINK_CONTROL_FAILED', message, { target: 'embedded Toxiproxy', hint });
  const options = {
    ms: START_MS_MAX,
    what: 'the embedded Toxiproxy server to start',
    code: 'LINK_CONTROL_FAILED',
    hint,
  } as const;
  return withDeadline(options, async () => {
    const gone = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(failed(`cannot start it: ${error.message}`)));
      child.once('exit', (code, signal) => reject(failed(`it ended at once (${code ?? signal})`)));
    });
    return Promise.race([gone, firstPort(child)]);
  });
}

async function firstPort({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) return new Promise<never>(() => undefined);
  for await (const line of createInterface({ input: stdout })) {
    const port = (JSON.parse(line) as { port?: number }).port;
    if (port !== undefined) return port;
  }
  return new Promise<never>(() => undefined);
}

async function end(child: ChildProcess): Promise<void> {
  const gone = () => (child.exitCode ?? child.signalCode) !== null || child.pid === undefined;
  const wait = { ms: END_MS_MAX, everyMs: 10, what: 'the embedded Toxiproxy server to end' };
  child.kill('SIGTERM');
  await waitFor(wait, () => gone() || undefined).catch(() => {
    child.kill('SIGKILL');
    return waitFor(wait, () => gone() || undefined);
  });
}
