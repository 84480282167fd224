// Calls of the Toxiproxy API, several in a row: each gets a valid status and, where it says so, JSON.
// What the server then has can be put into another one, and is the same there.

import { Agent, request } from 'node:http';
import { startServer, type StartedServer } from '../../../harness/toxiproxy/server/server.ts';
import { Mistake, requireSame, type Target } from '../target.ts';
import { mutantsOf } from '../textMutants.ts';

const call = (first: string, body?: unknown): string =>
  body === undefined ? `${first}\n` : `${first}\n${JSON.stringify(body)}\n`;
const proxy = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:9', enabled: true };
const toxic = (type: string, attributes: object) =>
  call('POST /proxies/a/toxics', { type, stream: 'upstream', toxicity: 0.5, attributes });
const created = call('POST /proxies', proxy);

const SCRIPTS: readonly (readonly string[])[] = [
  [created, call('GET /proxies'), call('PATCH /proxies/a', { upstream: '127.0.0.1:10' })],
  [created, toxic('latency', { latency: 10, jitter: 5 }), call('GET /proxies/a/toxics')],
  [created, toxic('bandwidth', { rate: 100 }), toxic('slicer', { average_size: 9, delay: 1 })],
  [created, toxic('limit_data', { bytes: 100 }), toxic('timeout', { timeout: 10 })],
  [
    created,
    toxic('slow_close', { delay: 10 }),
    call('PATCH /proxies/a/toxics/slow_close_upstream', { toxicity: 1 }),
    call('DELETE /proxies/a/toxics/slow_close_upstream'),
  ],
  [call('POST /populate', [proxy, { ...proxy, name: 'b', enabled: false }]), call('POST /reset')],
  [created, call('POST /proxies/a/cut', { effect: 'drop' }), call('GET /proxies/a/cut')],
  [call('POST /proxies', { ...proxy, protocol: 'udp' }), toxic('packet_loss', { rate: 0.5 })],
  [created, call('GET /proxies/a/stats'), call('DELETE /proxies/a'), call('GET /version')],
];

/** Words of an engine that met something it did not expect. */
const BUG =
  /not a function|Cannot (?:read|convert|access)|undefined|out of range|Invalid |call stack/;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const servers = new Map<'asked' | 'copy', Promise<StartedServer>>();
const server = (which: 'asked' | 'copy'): Promise<StartedServer> => {
  const started = servers.get(which) ?? startServer();
  servers.set(which, started);
  return started;
};

async function ask(port: number, method: string, path: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // A client would leave it out of some methods, and the body would be another request.
    const headers = { 'Content-Length': Buffer.byteLength(body) };
    const options = { agent, host: '127.0.0.1', port, method, path, headers };
    const asked = request(options, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          text: Buffer.concat(pieces).toString(),
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Nothing for a call that no client can write. */
async function answerTo(port: number, text: string): Promise<Answer | undefined> {
  const [first = '', ...body] = text.split('\n');
  const [, method = 'GET', path = '/'] = /^(\S+)\s+(\S*)/.exec(first) ?? [];
  if (!/^[A-Z]{1,20}$/.test(method) || method === 'CONNECT' || !/^\/[!-~]*$/.test(path))
    return undefined;
  const answer = await ask(port, method, path, body.join('\n'));
  const { status, type, text: told } = answer;
  const isJson = type.startsWith('application/json') || told.startsWith('{');
  if (isJson && method !== 'HEAD') JSON.parse(told);
  if (status < 200 || status > 599) throw new Mistake(`status ${status}`);
  if (status === 500 && BUG.test(told)) throw new Mistake(`${first}: ${told}`);
  return answer;
}

/** Ports are chosen by the system, so that the copy can have its own. */
async function requireCopy(asked: StartedServer, copy: StartedServer): Promise<void> {
  const proxiesOf = async ({ port }: StartedServer) =>
    JSON.parse((await ask(port, 'GET', '/proxies', '')).text) as Record<string, typeof proxy>;
  const anywhere = (proxies: Record<string, typeof proxy>) =>
    Object.values(proxies).map((one) => ({ ...one, listen: '127.0.0.1:0' }));
  const has = anywhere(await proxiesOf(asked));
  const { status, text } = await ask(copy.port, 'POST', '/populate', JSON.stringify(has));
  if (status !== 201) throw new Mistake(`the copy answers ${status} ${text}`);
  requireSame(has, anywhere(await proxiesOf(copy)), 'in another server');
}

async function empty({ collection }: StartedServer): Promise<void> {
  for (const { name } of collection.list()) await collection.remove(name);
}

export const API: Target = {
  name: 'api',
  share: 10,
  seeds: SCRIPTS.map((calls) => calls.join('\n')),
  mutants: mutantsOf,
  feed: async (script) => {
    const [asked, copy] = [await server('asked'), await server('copy')];
    try {
      for (const text of script.split('\n\n')) await answerTo(asked.port, text);
      await requireCopy(asked, copy);
    } finally {
      await empty(asked);
      await empty(copy);
    }
    return '';
  },
};
