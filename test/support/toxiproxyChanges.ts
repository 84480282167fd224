// Random changes of the toxics of a proxy that carries full traffic. The toxics delay, slice and hold,
// but lose nothing, so that every byte must arrive.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../harness/kernel/clock.ts';
import { seededRandom } from '../../harness/kernel/random.ts';
import type { StreamReport } from './toxiproxyStream.ts';

export interface Call {
  /** Method, path and body. */
  readonly asked: string;
  readonly ms: number;
}

export interface ChangesReport extends StreamReport {
  readonly calls: readonly Call[];
  /** Calls that answered with a server error. */
  readonly failures: number;
}

export interface ChangesOptions {
  readonly apiPort: number;
  readonly changes: number;
  readonly seed: number;
}

const TOXICS: readonly (readonly [string, (chance: number) => object])[] = [
  ['latency', (chance) => ({ latency: Math.floor(chance * 20), jitter: 5 })],
  ['bandwidth', (chance) => ({ rate: chance < 0.1 ? 0 : Math.floor(chance * 500_000) })],
  ['shared_bandwidth', (chance) => ({ rate: Math.floor(chance * 500_000) })],
  ['slicer', (chance) => ({ average_size: 1 + Math.floor(chance * 20_000), delay: 10 })],
  ['slow_close', () => ({ delay: 10 })],
  ['noop', () => ({})],
];
const NAMES = 4;
/** An answer that takes longer is none. */
const CALL_MS_MAX = 30_000;

export async function playChanges({
  apiPort,
  changes,
  seed,
}: ChangesOptions): Promise<ChangesReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const stream = await startStream();
  const calls: Call[] = [];
  let failures = 0;
  const call = async (method: string, path: string, body?: object) => {
    const startedAtMs = systemClock.epochMs();
    const { status, text } = await send(agent, apiPort, method, path, body);
    const asked = `${calls.length}: ${method} ${path} ${JSON.stringify(body ?? {})}`;
    calls.push({ asked, ms: systemClock.epochMs() - startedAtMs });
    if (status >= 500) failures += 1;
    return text;
  };
  const listen = '127.0.0.1:0';
  const upstream = `127.0.0.1:${stream.port}`;
  const created = await call('POST', '/proxies', { name: 'changes', listen, upstream });
  stream.begin(portOf(created));
  const random = seededRandom(seed);
  const pick = (count: number) => Math.floor(random.next() * count);
  for (let change = 0; change < changes; change++) {
    const [type, attributesOf] = TOXICS[pick(TOXICS.length)] ?? ['noop', () => ({})];
    const attributes = attributesOf(random.next());
    const name = `t${pick(NAMES)}`;
    const path = `/proxies/changes/toxics`;
    const choice = random.next();
    if (choice < 0.5) await call('POST', path, { name, type, attributes, stream: 'downstream' });
    else if (choice < 0.7) await call('PATCH', `${path}/${name}`, { attributes });
    else if (choice < 0.99) await call('DELETE', `${path}/${name}`);
    else await call('POST', '/reset');
  }
  await call('POST', '/reset');
  const report = await stream.end();
  await call('DELETE', '/proxies/changes');
  agent.destroy();
  return { ...report, calls, failures };
}

const portOf = (text: string): number =>
  Number((JSON.parse(text) as { listen: string }).listen.split(':').at(-1));

function send(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  body: object | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const options = { agent, host: '127.0.0.1', port, method, path, timeout: CALL_MS_MAX };
    const asked = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.once('error', reject);
    asked.once('timeout', () => asked.destroy(new Error(`${method} ${path} is not answered`)));
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function startStream() {
  const program = fileURLToPath(new URL('./toxiproxyStream.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const nextLine = async () => JSON.parse(((await once(lines, 'line')) as [string])[0]) as unknown;
  const { port } = (await nextLine()) as { port: number };
  return {
    port,
    begin: (proxyPort: number) => child.stdin.write(`${proxyPort}\n`),
    end: async () => {
      const said = nextLine();
      child.stdin.end();
      return (await said) as StreamReport;
    },
  };
}
