// The HTTP face over a stream in memory, with proxies that are not started.

import type { Server } from 'node:http';
import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { badRequestBody } from '../../../harness/toxiproxy/server/apiError.ts';
import { createApi } from '../../../harness/toxiproxy/server/api.ts';
import { createCollection } from '../../../harness/toxiproxy/server/collection.ts';
import { noLog, type Log } from '../../../harness/toxiproxy/server/log.ts';
import { TEXT } from '../../../harness/toxiproxy/server/router.ts';
import { apiRoutes, type Route } from '../../../harness/toxiproxy/server/routes.ts';
import { virtualClock } from './bench.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends the bytes of one request, and gives the answer once the server closes the stream. */
async function send(server: Server, request: string): Promise<Answer> {
  const [ours, theirs] = duplexPair();
  server.emit('connection', theirs);
  ours.write(request);
  let text = '';
  for await (const chunk of ours.setEncoding('latin1')) text += String(chunk);
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]),
  ) as Record<string, string>;
  return { status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

const request = (method: string, path: string, body = '', headers = '') =>
  `${method} ${path} HTTP/1.0\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function startApi() {
  const collection = createCollection({
    clock: virtualClock(),
    random: seededRandom(1),
    log: noLog,
  });
  const server = createApi(apiRoutes(collection), noLog, () => undefined);
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await send(server, request(method, path, body && JSON.stringify(body)));
    const { status, headers, body: text } = answer;
    const isJson = headers['content-type'] === 'application/json' || status >= 400;
    return [status, ...(text === '' ? [] : [isJson ? (JSON.parse(text) as unknown) : text])];
  };
  return { collection, ask };
}

const fields = (name: string) => ({
  name,
  listen: '127.0.0.1:1',
  upstream: 'u:1',
  enabled: false,
});
const shown = (name: string) => ({ ...fields(name), toxics: [] });

describe('the API', () => {
  it('makes, shows, changes and removes proxies', async () => {
    const { ask } = startApi();
    expect(await ask('POST', '/proxies', fields('a'))).toEqual([201, shown('a')]);
    expect(await ask('POST', '/proxies', fields('b c'))).toEqual([201, shown('b c')]);
    expect(await ask('GET', '/proxies')).toEqual([200, { a: shown('a'), 'b c': shown('b c') }]);
    expect(await ask('GET', '/proxies/b%20c')).toEqual([200, shown('b c')]);
    for (const [method, upstream] of [
      ['POST', 'v:1'],
      ['PATCH', 'w:1'],
    ] as const) {
      const changed = { ...shown('a'), upstream };
      expect(await ask(method, '/proxies/a', { name: 'other', upstream })).toEqual([200, changed]);
    }
    expect(await ask('DELETE', '/proxies/a')).toEqual([204]);
    const none = { error: 'proxy not found', status: 404 };
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
      expect(await ask(method, '/proxies/a', {})).toEqual([404, none]);
    expect(await ask('PATCH', '/proxies/a', [])).toEqual([404, none]);
  });

  it('makes, shows, changes and removes toxics', async () => {
    const { ask } = startApi();
    await ask('POST', '/proxies', fields('a'));
    const late = {
      attributes: { latency: 5, jitter: 0 },
      name: 'late',
      type: 'latency',
      stream: 'upstream',
      toxicity: 1,
    };
    expect(await ask('POST', '/proxies/a/toxics', late)).toEqual([200, late]);
    expect(await ask('POST', '/proxies/a/toxics', late)).toEqual([
      409,
      { error: 'toxic already exists', status: 409 },
    ]);
    expect(await ask('GET', '/proxies/a/toxics')).toEqual([200, [late]]);
    expect(await ask('GET', '/proxies/a/toxics/late')).toEqual([200, late]);
    for (const [method, latency] of [
      ['POST', 6],
      ['PATCH', 7],
    ] as const) {
      const changed = { ...late, attributes: { latency, jitter: 0 } };
      const change = { attributes: { latency } };
      expect(await ask(method, '/proxies/a/toxics/late', change)).toEqual([200, changed]);
    }
    expect(await ask('DELETE', '/proxies/a/toxics/late')).toEqual([204]);
    const none = { error: 'toxic not found', status: 404 };
    for (const method of ['GET', 'POST', 'PATCH', 'DELETE'])
      expect(await ask(method, '/proxies/a/toxics/late', {})).toEqual([404, none]);
  });

  it('answers what a populate made beside what stopped it', async () => {
    const { ask } = startApi();
    const both = [fields('a'), fields('b')];
    expect(await ask('POST', '/populate', both)).toEqual([
      201,
      { proxies: [shown('a'), shown('b')] },
    ]);
    expect(await ask('POST', '/populate', [])).toEqual([201, { proxies: null }]);
    const unreadable = { ...fields('c'), listen: 'c', enabled: true };
    expect(await ask('POST', '/populate', [fields('a'), unreadable])).toEqual([
      500,
      {
        error: 'listen tcp: address c: missing port in address',
        status: 500,
        proxies: [shown('a')],
      },
    ]);
    expect(await ask('POST', '/populate', [{}])).toEqual([
      400,
      { error: 'missing required field: name at proxy 1', status: 400, proxies: null },
    ]);
  });

  it('tells of cuts and numbers, and cuts nothing that is disabled', async () => {
    const { ask } = startApi();
    await ask('POST', '/proxies', fields('a'));
    expect(await ask('GET', '/proxies/a/cut')).toEqual([200, { effect: null }]);
    expect(await ask('GET', '/proxies/a/stats')).toMatchObject([200, { name: 'a' }]);
    const disabled = { error: 'proxy is disabled', status: 409 };
    expect(await ask('POST', '/proxies/a/cut', { effect: 'hold' })).toEqual([409, disabled]);
    expect(await ask('DELETE', '/proxies/a/cut')).toEqual([409, disabled]);
  });

  it('resets what there is, and says its version', async () => {
    const { ask } = startApi();
    expect(await ask('POST', '/reset')).toEqual([204]);
    expect(await ask('GET', '/version')).toEqual([200, '{"version": "2.12.0"}\n']);
  });
});

describe('an answer', () => {
  const routes = (answer: Route['methods'][string]): readonly Route[] => [
    { path: '/x', methods: { GET: answer } },
  ];
  const lines: unknown[] = [];
  const log: Log = (level, message, fields) => lines.push([level, message, fields]);

  it('is JSON with all digits of large numbers', async () => {
    const server = createApi(
      routes(() => ({ status: 200, body: { large: 9007199254740993n, text: 'a' } })),
      log,
      () => undefined,
    );
    lines.length = 0;
    const { status, headers, body } = await send(
      server,
      request('GET', '/x', '', 'User-Agent: cli\r\n'),
    );
    expect([status, body]).toEqual([200, '{"large":9007199254740993,"text":"a"}']);
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    expect(headers['x-toxiproxy-request-id']).toMatch(/^[0-9a-z]+$/);
    expect(headers).not.toHaveProperty('x-content-type-options');
    const asked = { client: undefined, method: 'GET', url: '/x', user_agent: 'cli', status: 200 };
    expect(lines).toEqual([['debug', '', asked]]);
  });

  it('is an error of the server where a route fails, which is logged', async () => {
    const server = createApi(
      routes(() => Promise.reject(new Error('broken'))),
      log,
      () => undefined,
    );
    lines.length = 0;
    const { status, headers, body } = await send(server, request('GET', '/x'));
    expect([status, body]).toEqual([500, '{"error":"broken","status":500}\n']);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect(lines[0]).toEqual(['warn', 'Error did not include status code', { error: 'broken' }]);
  });

  it('has no body, and the length of none, where nothing is to be said', async () => {
    const server = createApi(
      routes(() => ({ status: 200 })),
      noLog,
      () => undefined,
    );
    const { status, headers, body } = await send(server, request('GET', '/x'));
    expect([status, body, headers['content-length']]).toEqual([200, '', '0']);
    const wrong = await send(server, request('POST', '/x'));
    expect([wrong.status, wrong.body, wrong.headers['content-length']]).toEqual([405, '', '0']);
  });

  it('is followed by others on the same connection', async () => {
    const server = createApi(
      routes(() => ({ status: 200, body: 'text', contentType: 'text/x' })),
      noLog,
      () => undefined,
    );
    const kept = request('GET', '/x').replace('HTTP/1.0', 'HTTP/1.1\r\nHost: x');
    const { headers, body } = await send(server, kept + request('GET', '/x'));
    expect(headers).toMatchObject({ connection: 'keep-alive', 'content-type': 'text/x' });
    expect(body.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
  });

  it('says of a wrong request that it is text, which no browser must take for more', async () => {
    const { headers } = await send(
      createApi(
        routes(() => Promise.reject(badRequestBody('x'))),
        log,
        () => undefined,
      ),
      request('GET', '/x'),
    );
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    const fine = await send(
      createApi(
        routes(() => ({ status: 200, body: 'x', contentType: TEXT })),
        log,
        () => undefined,
      ),
      request('GET', '/x'),
    );
    expect(fine.headers).not.toHaveProperty('x-content-type-options');
  });

  it('is one of 204 without a length', async () => {
    const server = createApi(
      routes(() => ({ status: 204 })),
      noLog,
      () => undefined,
    );
    const { status, headers } = await send(server, request('GET', '/x'));
    expect(status).toBe(204);
    expect(headers).not.toHaveProperty('content-length');
  });

  it('refuses who is not let in before anything else, and pages of a browser', async () => {
    const refused = { status: 401, body: 'no\n', contentType: 'text/plain; charset=utf-8' };
    const reached: string[] = [];
    const open = routes(({ body }) => (reached.push(body), { status: 204 }));
    const closed = createApi(open, noLog, (headers) =>
      headers.authorization === 'yes' ? undefined : refused,
    );
    expect(await send(closed, request('GET', '/nowhere'))).toMatchObject({
      status: 401,
      body: 'no\n',
    });
    const page = 'Authorization: yes\r\nUser-Agent: Mozilla/5.0\r\n';
    expect(await send(closed, request('GET', '/x', '', page))).toMatchObject({
      status: 403,
      body: 'User agent not allowed\n',
    });
    expect(reached).toEqual([]);
    const program = 'Authorization: yes\r\nUser-Agent: a Mozilla/5.0\r\n';
    expect(await send(closed, request('GET', '/x', 'b\xff', program))).toMatchObject({
      status: 204,
    });
    expect(reached).toEqual(['b\xc3\xbf']);
  });

  it('to a body that never seems to end is 413, and the last one of its connection', async () => {
    const server = createApi(
      routes(() => ({ status: 204 })),
      noLog,
      () => undefined,
    );
    const bytes = 16 * 1024 * 1024;
    const kept = (length: number) =>
      request('GET', '/x', 'x'.repeat(length)).replace('HTTP/1.0', 'HTTP/1.1\r\nHost: x');
    expect(await send(server, kept(bytes + 1))).toMatchObject({
      status: 413,
      headers: { connection: 'close' },
      body: expect.stringContaining(
        `{"error":"request body is larger than ${bytes} bytes","status":413}\n`,
      ) as string,
    });
  });
});
