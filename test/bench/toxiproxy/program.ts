// Starts a program that prints {"type":"ready","port":N} and ends with its standard input.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../../../harness/model/errors.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { runAtOnce } from '../../../harness/kernel/priority.ts';
import {
  SERVER_FLAGS,
  SERVER_NODE_FLAGS,
  serverEnvironment,
} from '../../../harness/toxiproxy/embedded.ts';

export interface BenchProcess extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  rssBytes(): number;
  /** Processor time so far, all threads. */
  cpuMs(): number;
}

export interface OfficialServer extends BenchProcess {
  /** The version as it says itself. */
  readonly version: string;
}

/** The embedded server, as `ecran-noir toxiproxy` runs it. */
export const startPlainServer = (): Promise<BenchProcess> =>
  startProgram('../../../harness/toxiproxy/program.ts', SERVER_FLAGS, SERVER_NODE_FLAGS);

/** The embedded server, as a rehearsal runs it: it does not wait for the processor. */
export async function startServerProgram(): Promise<BenchProcess> {
  const server = await startPlainServer();
  await runAtOnce(server.pid);
  return server;
}

const OFFICIAL_VERSION = /^toxiproxy-server version 2\./;
/** The port is asked for before it is taken: twice another program was quicker. */
const PORT_TRIES_MAX = 3;

/**
 * The official server that TOXIPROXY_OFFICIAL names; undefined where it names none. Rejects with what to
 * do where it is another program.
 */
export async function startOfficial(
  flags: readonly string[] = [],
): Promise<OfficialServer | undefined> {
  const program = process.env['TOXIPROXY_OFFICIAL'] ?? '';
  if (program === '') return undefined;
  const { stdout = '', error } = spawnSync(program, ['-version'], {
    encoding: 'utf8',
    timeout: ANSWER_MS_MAX,
  });
  const version = (stdout ?? '').trim();
  if (!OFFICIAL_VERSION.test(version)) {
    const why = error?.message ?? `it calls itself "${version.slice(0, 60)}"`;
    throw new HarnessError('ARGUMENT_INVALID', `it is no Toxiproxy server of version 2: ${why}`, {
      target: `TOXIPROXY_OFFICIAL=${program}`,
      hint: 'name the program toxiproxy-server, or leave the variable out',
    });
  }
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const args = ['-host', '127.0.0.1', '-port', String(port), ...flags];
    const child = spawn(program, args, {
      stdio: 'ignore',
      env: { ...process.env, LOG_LEVEL: 'error' },
    });
    if (await answers(port, child))
      return { version, ...benchProcess(child, port, () => child.kill()) };
    child.kill('SIGKILL');
    if (tries === PORT_TRIES_MAX) throw new Error(`${program} does not answer at port ${port}`);
  }
}

const ANSWER_MS_MAX = 10_000;

async function answers(port: number, child: ChildProcess): Promise<boolean> {
  const isUp = async () => {
    if (child.exitCode !== null) return false;
    return fetch(`http://127.0.0.1:${port}/version`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    );
  };
  const wait = { ms: ANSWER_MS_MAX, everyMs: 20, what: 'the official server to answer' };
  return waitFor(wait, isUp).catch(() => false);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Ticks a second in /proc, on every Linux that Node runs on. */
const TICK_MS = 10;

function benchProcess(child: ChildProcess, port: number, askToEnd: () => void): BenchProcess {
  const { pid = 0 } = child;
  return {
    port,
    pid,
    rssBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
    cpuMs: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit');
      askToEnd();
      await exited;
    },
  };
}

export async function startProgram(
  path: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<BenchProcess> {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: serverEnvironment(),
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return benchProcess(child, (JSON.parse(line) as { port: number }).port, () => child.stdin.end());
}

/** To the origin, with toxics that are there before the caller connects; the port it listens on. */
export async function createProxy(
  apiPort: number,
  originPort: number,
  name: string,
  toxics: readonly object[],
): Promise<number> {
  const url = `http://127.0.0.1:${apiPort}/proxies`;
  const upstream = `127.0.0.1:${originPort}`;
  const body = JSON.stringify({ name, listen: '127.0.0.1:0', upstream });
  const response = await fetch(url, { method: 'POST', body });
  const { listen } = (await response.json()) as { listen: string };
  for (const toxic of toxics) {
    await fetch(`${url}/${encodeURIComponent(name)}/toxics`, {
      method: 'POST',
      body: JSON.stringify(toxic),
    });
  }
  return Number(listen.split(':').at(-1));
}
