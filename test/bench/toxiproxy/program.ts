// Starts a program that prints {"type":"ready","port":N} and ends with its standard input.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SERVER_FLAGS, SERVER_NODE_FLAGS } from '../../../harness/toxiproxy/embedded.ts';

export interface BenchProcess extends AsyncDisposable {
  readonly port: number;
  rssBytes(): number;
}

/** The embedded server, as the harness starts it. */
export const startServerProgram = (): Promise<BenchProcess> =>
  startProgram('../../../harness/toxiproxy/program.ts', SERVER_FLAGS, SERVER_NODE_FLAGS);

export async function startProgram(
  path: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<BenchProcess> {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return {
    port: (JSON.parse(line) as { port: number }).port,
    rssBytes: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}
