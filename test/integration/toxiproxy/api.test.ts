import fc from 'fast-check';
import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ask } from '../../support/strangeRequest.ts';
import { portOf, startApi, startForEach, talk, type TestApi, type TestServer } from './parties.ts';

let api: TestApi;
let echo: TestServer;
startForEach({}, (startedApi, startedEcho) => {
  api = startedApi;
  echo = startedEcho;
});

describe('a stranger', () => {
  it('is refused under a foreign name and from a page, and nobody else', async () => {
    const url = `${api.url}/proxies`;
    expect(await ask(url, { host: 'example.org' })).toBe(403);
    expect(await ask(url, { origin: 'http://127.0.0.1' }, 'POST')).toBe(403);
    expect(await ask(url, { host: 'toxiproxy:8474' })).toBe(200);
  });

  it('is refused without the token of a server that asks for one', async () => {
    await using guarded = await startApi({ token: 'secret' });
    const url = `${guarded.url}/proxies`;
    expect(await ask(url, {})).toBe(401);
    expect(await ask(url, { authorization: 'Bearer secret' })).toBe(200);
  });
});

describe('proxies', () => {
  it('are created with defaults, listed by name, shown, and deleted', async () => {
    const created = await api.call('POST', '/proxies', {
      name: 'a b',
      listen: 'localhost:0',
      upstream: echo.address,
    });
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      name: 'a b',
      listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d+$/) as string,
      upstream: echo.address,
      enabled: true,
      toxics: [],
    });
    expect(created.headers.get('content-type')).toBe('application/json');
    expect(created.headers.get('x-toxiproxy-request-id')).toBeTruthy();
    expect((await api.call('GET', '/proxies')).json).toEqual({ 'a b': created.json });
    expect((await api.call('GET', '/proxies/a%20b')).json).toEqual(created.json);
    expect(await api.call('DELETE', '/proxies/a%20b')).toMatchObject({ status: 204, text: '' });
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  it('answer with the error form, its status and the words of Toxiproxy', async () => {
    await api.proxy('a', echo.address);
    const cases: readonly [string, string, unknown, number, string][] = [
      ['GET', '/proxies/none', undefined, 404, 'proxy not found'],
      ['DELETE', '/proxies/none', undefined, 404, 'proxy not found'],
      ['PATCH', '/proxies/none', {}, 404, 'proxy not found'],
      ['GET', '/proxies/none/toxics', undefined, 404, 'proxy not found'],
      ['GET', '/proxies/a/toxics/none', undefined, 404, 'toxic not found'],
      ['DELETE', '/proxies/a/toxics/none', undefined, 404, 'toxic not found'],
      ['PATCH', '/proxies/a/toxics/none', {}, 404, 'toxic not found'],
      ['POST', '/proxies', { name: 'a', upstream: 'b:1' }, 409, 'proxy already exists'],
      ['POST', '/proxies', { upstream: 'b:1' }, 400, 'missing required field: name'],
      ['POST', '/proxies/a/toxics', { type: 'none' }, 400, 'invalid toxic type'],
      [
        'POST',
        '/proxies/a/toxics',
        { type: 'latency', stream: 'up' },
        400,
        'stream was invalid, can be either upstream or downstream',
      ],
      ['POST', '/proxies', '', 400, 'bad request body: EOF'],
    ];
    for (const [method, path, body, status, error] of cases) {
      const answer = await api.call(method, path, body);
      expect(answer, `${method} ${path}`).toMatchObject({ status, json: { error, status } });
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    }
  });

  it('say which address is taken, and are not kept then', async () => {
    const body = { name: 'a', listen: echo.address, upstream: echo.address };
    const answer = await api.call('POST', '/proxies', body);
    expect(answer).toMatchObject({
      status: 500,
      json: { error: `listen tcp ${echo.address}: bind: address already in use`, status: 500 },
    });
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  it('created disabled do not listen until they are enabled, with PATCH or POST', async () => {
    const answer = await api.call('POST', '/proxies', {
      name: 'a',
      listen: '127.0.0.1:0',
      upstream: echo.address,
      enabled: false,
    });
    expect(answer.json).toMatchObject({ enabled: false, listen: '127.0.0.1:0' });
    for (const method of ['PATCH', 'POST']) {
      const { json } = await api.call(method, '/proxies/a', { enabled: true });
      const { listen } = json as { listen: string };
      expect(json).toMatchObject({ enabled: true });
      const client = talk(portOf(listen));
      client.socket.write('hi');
      expect((await client.receive(2)).toString()).toBe('hi');
      expect((await api.call(method, '/proxies/a', { enabled: false })).json).toMatchObject({
        enabled: false,
        listen,
      });
      expect(['end', 'closed', 'ECONNRESET']).toContain(await client.outcome);
      expect(await talk(portOf(listen)).outcome).toBe('ECONNREFUSED');
    }
  });

  it('move to another upstream or port while they run, dropping connections', async () => {
    const port = await api.proxy('a', '127.0.0.1:1');
    expect(['end', 'closed', 'ECONNRESET']).toContain(await talk(port).outcome);
    await api.call('PATCH', '/proxies/a', { upstream: echo.address });
    const client = talk(port);
    client.socket.write('hi');
    await client.receive(2);
    const { json } = await api.call('PATCH', '/proxies/a', { listen: '127.0.0.1:0' });
    const moved = portOf((json as { listen: string }).listen);
    expect(['end', 'closed', 'ECONNRESET']).toContain(await client.outcome);
    expect(moved).not.toBe(port);
    expect(await talk(port).outcome).toBe('ECONNREFUSED');
    const other = talk(moved);
    other.socket.end('again');
    expect((await other.receive(5)).toString()).toBe('again');
  });

  it('keep their connections when an update changes nothing', async () => {
    const port = await api.proxy('a', echo.address);
    const client = talk(port);
    client.socket.write('1');
    await client.receive(1);
    await api.call('PATCH', '/proxies/a', { listen: `localhost:${port}`, upstream: echo.address });
    client.socket.write('2');
    expect((await client.receive(2)).toString()).toBe('12');
    client.socket.destroy();
  });

  it('never change their name', async () => {
    await api.proxy('a', echo.address);
    expect((await api.call('PATCH', '/proxies/a', { name: 'b' })).json).toMatchObject({
      name: 'a',
    });
    expect((await api.call('GET', '/proxies/b')).status).toBe(404);
  });
});

describe('toxics', () => {
  it('are created with defaults, changed, listed upstream first, and removed', async () => {
    await api.proxy('a', echo.address);
    const created = await api.toxic('a', { type: 'latency', attributes: { latency: 5 } });
    const latency = {
      attributes: { latency: 5, jitter: 0 },
      name: 'latency_downstream',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
    };
    expect(created).toMatchObject({ status: 200, json: latency });
    expect((await api.toxic('a', { type: 'latency' })).json).toEqual({
      error: 'toxic already exists',
      status: 409,
    });
    await api.toxic('a', { name: 'slow', type: 'bandwidth', stream: 'upstream', toxicity: 0.5 });
    const names = async () =>
      ((await api.call('GET', '/proxies/a/toxics')).json as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names()).toEqual(['slow', 'latency_downstream']);
    for (const method of ['POST', 'PATCH']) {
      const body = { attributes: { jitter: 2 }, stream: 'upstream', type: 'timeout', name: 'x' };
      expect((await api.call(method, '/proxies/a/toxics/latency_downstream', body)).json).toEqual({
        ...latency,
        attributes: { latency: 5, jitter: 2 },
      });
    }
    expect((await api.call('DELETE', '/proxies/a/toxics/slow')).status).toBe(204);
    expect(await names()).toEqual(['latency_downstream']);
  });

  it('outlive a disabled proxy and end with a reset, which also enables it', async () => {
    await api.proxy('a', echo.address);
    await api.toxic('a', { type: 'latency' });
    await api.call('PATCH', '/proxies/a', { enabled: false });
    expect((await api.call('GET', '/proxies/a')).json).toMatchObject({
      enabled: false,
      toxics: [{ name: 'latency_downstream' }],
    });
    expect(await api.call('POST', '/reset')).toMatchObject({ status: 204, text: '' });
    expect((await api.call('GET', '/proxies/a')).json).toMatchObject({ enabled: true, toxics: [] });
  });
});

describe('populate', () => {
  it('creates, replaces what differs, and leaves the rest alone', async () => {
    const body = [
      { name: 'a', listen: '127.0.0.1:0', upstream: echo.address },
      { name: 'b', listen: '127.0.0.1:0', upstream: echo.address, enabled: false },
    ];
    const first = await api.call('POST', '/populate', body);
    expect(first.status).toBe(201);
    const { proxies } = first.json as { proxies: { name: string; listen: string }[] };
    expect(proxies.map(({ name }) => name)).toEqual(['a', 'b']);
    await api.toxic('a', { type: 'latency' });
    const listen = proxies[0]?.listen;
    const again = await api.call('POST', '/populate', [
      { name: 'a', listen, upstream: echo.address },
    ]);
    expect(again.json).toMatchObject({ proxies: [{ listen, toxics: [{ type: 'latency' }] }] });
    const moved = await api.call('POST', '/populate', [
      { name: 'a', listen, upstream: '127.0.0.1:1' },
    ]);
    expect(moved.json).toMatchObject({
      proxies: [{ listen, upstream: '127.0.0.1:1', toxics: [] }],
    });
  });

  it('creates nothing when a field is missing', async () => {
    const body = [{ name: 'a', listen: '127.0.0.1:0', upstream: echo.address }, { name: 'b' }];
    expect(await api.call('POST', '/populate', body)).toMatchObject({
      status: 400,
      json: { error: 'missing required field: upstream at proxy 2', status: 400, proxies: null },
    });
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  it('answers what it made beside what stopped it', async () => {
    const body = [
      { name: 'a', listen: '127.0.0.1:0', upstream: echo.address },
      { name: 'b', listen: echo.address, upstream: echo.address },
      { name: 'c', listen: '127.0.0.1:0', upstream: echo.address },
    ];
    expect(await api.call('POST', '/populate', body)).toMatchObject({
      status: 500,
      json: {
        error: expect.stringContaining('address already in use') as string,
        proxies: [{ name: 'a' }],
      },
    });
    expect(Object.keys((await api.call('GET', '/proxies')).json as object)).toEqual(['a']);
  });
});

describe('bodies that other clients send', () => {
  it('are understood: Go and toxiproxy-cli, Ruby, Python, Java, .NET', async () => {
    // The Go client names every field, with toxics that are null, and floats without a fraction.
    const go = {
      name: 'go',
      listen: 'localhost:0',
      upstream: echo.address,
      enabled: true,
      toxics: null,
    };
    const created = await api.call('POST', '/proxies', go);
    expect(created).toMatchObject({ status: 201, json: { toxics: [] } });
    const { listen } = created.json as { listen: string };
    const withToxic = {
      name: '',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
      attributes: { latency: 1e3, jitter: null },
    };
    expect((await api.toxic('go', withToxic)).json).toMatchObject({
      name: 'latency_downstream',
      attributes: { latency: 1000, jitter: 0 },
    });
    // Saving a proxy sends back what was read, toxics included: they must stay as they are.
    const saved = await api.call('POST', '/proxies/go', {
      ...go,
      listen,
      toxics: [{ name: 'other', type: 'timeout' }],
    });
    expect(saved.json).toMatchObject({ toxics: [{ name: 'latency_downstream' }] });
    // .NET writes property names with a capital letter; others leave most fields out.
    const dotNet = { Name: 'net', Listen: '127.0.0.1:0', Upstream: echo.address, Enabled: true };
    expect((await api.call('POST', '/proxies', dotNet)).status).toBe(201);
    expect((await api.call('POST', '/proxies/net', { enabled: false })).json).toMatchObject({
      enabled: false,
    });
    const ruby = [{ name: 'ruby', listen: '127.0.0.1:0', upstream: echo.address }];
    expect((await api.call('POST', '/populate', ruby)).status).toBe(201);
  });
});

describe('reset', () => {
  const listens = (names: readonly string[]) =>
    Promise.all(
      names.map(
        async (name) =>
          (await api.call('GET', `/proxies/${name}`)).json as {
            enabled: boolean;
            toxics: object[];
          },
      ),
    );

  it('resets every proxy, and then tells of the one that cannot start', async () => {
    const broken = { name: 'b', listen: 'nope', upstream: echo.address, enabled: false };
    await api.proxy('a', echo.address, { enabled: false });
    expect((await api.call('POST', '/proxies', broken)).status).toBe(201);
    await api.proxy('c', echo.address);
    for (const name of ['a', 'b', 'c']) await api.toxic(name, { type: 'latency' });
    expect(await api.call('POST', '/reset')).toMatchObject({
      status: 500,
      json: { error: 'listen tcp: address nope: missing port in address', status: 500 },
    });
    expect(await listens(['a', 'b', 'c'])).toMatchObject([
      { enabled: true, toxics: [] },
      { enabled: false, toxics: [] },
      { enabled: true, toxics: [] },
    ]);
    await api.call('PATCH', '/proxies/b', { listen: '127.0.0.1:0' });
    expect((await api.call('POST', '/reset')).status).toBe(204);
    expect(await listens(['b'])).toMatchObject([{ enabled: true }]);
  });

  it('starts 999 of a thousand proxies of which one cannot start', async () => {
    const proxies = Array.from({ length: 1_000 }, (_, at) => ({
      name: `p${at}`,
      listen: at === 500 ? echo.address : '127.0.0.1:0',
      upstream: echo.address,
      enabled: false,
    }));
    expect((await api.call('POST', '/populate', proxies)).status).toBe(201);
    const reset = await api.call('POST', '/reset');
    expect(reset.json).toMatchObject({ error: expect.stringContaining('in use') as string });
    const { json } = await api.call('GET', '/proxies');
    const all = Object.values(json as Record<string, { enabled: boolean }>);
    expect(all.filter(({ enabled }) => enabled)).toHaveLength(999);
  });
});

describe('clients that keep the API waiting', () => {
  it('with half a request keep nobody else waiting', async () => {
    const slow = talk(api.port);
    slow.socket.write('POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"name":');
    const begun = talk(api.port);
    begun.socket.write('POST /prox');
    await once(begun.socket, 'connect');
    expect((await api.call('GET', '/version')).status).toBe(200);
    for (const { socket } of [slow, begun]) socket.destroy();
    expect((await api.call('GET', '/proxies')).json).toEqual({});
  });

  it('with a body for longer than a request may take are told so', async () => {
    await using hasty = await startApi({ readMsMax: 20 });
    const slow = talk(hasty.port);
    slow.socket.write('POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    expect((await slow.receive(12)).toString()).toMatch(/^HTTP\/1.1 408/);
  });
});

describe('the rest of the API', () => {
  it('answers its version as Toxiproxy 2.12 does', async () => {
    const { status, text, headers } = await api.call('GET', '/version');
    expect({ status, text }).toEqual({ status: 200, text: '{"version": "2.12.0"}\n' });
    expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
  });

  it('refuses browsers', async () => {
    const answer = await fetch(`${api.url}/version`, { headers: { 'User-Agent': 'Mozilla/5.0' } });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toBe('User agent not allowed\n');
  });

  it('has no metrics unless asked for', async () => {
    expect((await api.call('GET', '/metrics')).status).toBe(404);
  });

  it('has metrics where they are asked for, and logs where it listens', async () => {
    const lines: unknown[] = [];
    const log = (...line: readonly unknown[]) => void lines.push(line);
    await using measured = await startApi({ proxyMetrics: true, log });
    expect(lines).toEqual([
      ['info', 'Starting Toxiproxy HTTP server', { address: `127.0.0.1:${measured.port}` }],
    ]);
    await measured.proxy('a', echo.address);
    const { status, text, headers } = await measured.call('GET', '/metrics');
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(text).toContain('toxiproxy_proxy_connections_accepted_total{proxy="a"} 0\n');
    await using running = await startApi({ runtimeMetrics: true });
    expect((await running.call('GET', '/metrics')).text).toMatch(/^# HELP go_info/);
  });

  it('listens on loopback unless told otherwise', async () => {
    const socket = connect({ port: api.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('survives whatever is thrown at it, always in the error form', async () => {
    await api.proxy('a', echo.address);
    const part = fc.oneof(
      fc.constantFrom('proxies', 'populate', 'reset', 'version', 'toxics', 'a', 'stats', 'cut'),
      fc.string().map(encodeURIComponent),
      fc.constantFrom('%', '%zz', '..', '%00', '', '__proto__', 'constructor'),
    );
    const body = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc
        .record({
          name: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', '../x', 'a')),
          listen: fc.constantFrom('', 'x', ':', '127.0.0.1:0', '127.0.0.1:x', '[', 'a:1:2'),
          upstream: fc.constantFrom('', 'x', ':0', '127.0.0.1:1'),
          enabled: fc.constantFrom(true, false, null, 'yes'),
          toxics: fc.constantFrom(undefined, null, [], {}, [1], [{ type: 'latency' }]),
          type: fc.constantFrom('latency', 'slicer', 'timeout', 1, null),
          attributes: fc.constantFrom({}, null, [], { latency: 'x' }, { latency: 1e300 }),
        })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS', 'PROPFIND'),
        fc.array(part, { maxLength: 5 }),
        fc.option(body, { nil: undefined }),
        async (method, path, sent) => {
          const answer = await api.call(
            method,
            `/${path.join('/')}`,
            method === 'GET' ? undefined : sent,
          );
          const isOfPath = [400, 404, 405].includes(answer.status) && answer.json === undefined;
          if (answer.status < 400 || isOfPath) return;
          expect(answer.json).toMatchObject({ status: answer.status });
          expect((answer.json as { error: unknown }).error).toBeTypeOf('string');
        },
      ),
      { numRuns: 600 },
    );
    expect((await api.call('GET', '/version')).status).toBe(200);
  });

  it('refuses a body that never seems to end', async () => {
    const answer = await api
      .call('POST', '/proxies', 'x'.repeat(17 * 1024 * 1024))
      .catch(() => undefined);
    if (answer) expect(answer).toMatchObject({ status: 413, json: { status: 413 } });
    expect((await api.call('GET', '/version')).status).toBe(200);
  });

  it('survives clients that speak no HTTP', async () => {
    for (const bytes of [
      '\0\0\0\0',
      'GET /version HTTP/9.9\r\n\r\n',
      `GET /${'x'.repeat(100_000)}`,
    ]) {
      const client = talk(api.port);
      client.socket.write(bytes);
      client.socket.end();
      await client.outcome;
      client.socket.destroy();
    }
    expect((await api.call('GET', '/version')).status).toBe(200);
  });
});
