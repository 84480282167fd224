import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  portOf,
  soon,
  startApi,
  startForEach,
  talk,
  type TestApi,
  type TestServer,
} from './parties.ts';

let api: TestApi;
let echo: TestServer;
startForEach({ seed: 3 }, (startedApi, startedEcho) => {
  api = startedApi;
  echo = startedEcho;
});

const cut = (effect: string) => api.call('POST', '/proxies/a/cut', { effect });
const heal = () => api.call('DELETE', '/proxies/a/cut');

/** A connection that has already carried a byte. */
async function established(port: number) {
  const client = talk(port);
  client.socket.write('1');
  await client.receive(1);
  return client;
}

/** True when nothing came within a moment: long against loopback, short against a test. */
const isSilent = (client: ReturnType<typeof talk>, event: string): Promise<boolean> =>
  Promise.race([
    once(client.socket, event).then(() => false),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 300)),
  ]);

describe('a cut', () => {
  it('by hold keeps every byte and every connection, new ones too', async () => {
    const port = await api.proxy('a', echo.address);
    const client = await established(port);
    expect((await cut('hold')).json).toEqual({ effect: 'hold' });
    client.socket.write('2');
    const late = talk(port);
    await once(late.socket, 'connect');
    late.socket.write('3');
    expect(await isSilent(client, 'data')).toBe(true);
    expect((await heal()).status).toBe(204);
    expect((await client.receive(2)).toString()).toBe('12');
    expect((await late.receive(1)).toString()).toBe('3');
    for (const { socket } of [client, late]) socket.destroy();
  });

  it('by drop loses bytes, and resets who lost some when it is healed', async () => {
    const port = await api.proxy('a', echo.address);
    const [loser, idle] = [await established(port), await established(port)];
    await cut('drop');
    loser.socket.write('lost');
    expect(await isSilent(loser, 'data')).toBe(true);
    await heal();
    expect(await loser.outcome).toBe('ECONNRESET');
    idle.socket.write('2');
    expect((await idle.receive(2)).toString()).toBe('12');
    idle.socket.destroy();
  });

  it('by refuse ends connections, refuses new ones, and gives the same port back', async () => {
    const port = await api.proxy('a', echo.address);
    const client = await established(port);
    await cut('refuse');
    expect(['end', 'closed', 'ECONNRESET']).toContain(await client.outcome);
    expect(await talk(port).outcome).toBe('ECONNREFUSED');
    expect((await api.call('GET', '/proxies/a')).json).toMatchObject({ enabled: true });
    await heal();
    (await established(port)).socket.destroy();
  });

  it('by reset resets idle connections at once, and new ones', async () => {
    const port = await api.proxy('a', echo.address);
    const client = await established(port);
    await cut('reset');
    expect(await client.outcome).toBe('ECONNRESET');
    expect(await talk(port).outcome).toBe('ECONNRESET');
    await heal();
    (await established(port)).socket.destroy();
  });

  it.each(['127.0.0.1:0', '0.0.0.0:0', ':0'])(
    'by blackhole leaves a connect unanswered at %s, or says that this system cannot',
    async (listen) => {
      const port = await api.proxy('a', echo.address, { listen });
      const client = await established(port);
      const answer = await cut('blackhole');
      if (process.platform === 'linux') expect(answer.status).toBe(200);
      else expect([200, 501]).toContain(answer.status);
      if (answer.status === 200) {
        const lost = talk(port);
        expect(await isSilent(lost, 'connect')).toBe(true);
        lost.socket.destroy();
      }
      await heal();
      client.socket.write('2');
      expect((await client.receive(2)).toString()).toBe('12');
      (await established(port)).socket.destroy();
      client.socket.destroy();
    },
  );

  it('follows another, and ends with a reset of the server or when the proxy is disabled', async () => {
    const port = await api.proxy('a', echo.address);
    for (const effect of ['refuse', 'blackhole', 'reset', 'refuse', 'hold', 'drop'])
      await cut(effect);
    expect((await api.call('GET', '/proxies/a/cut')).json).toEqual({ effect: 'drop' });
    await api.call('POST', '/reset');
    expect((await api.call('GET', '/proxies/a/cut')).json).toEqual({ effect: null });
    (await established(port)).socket.destroy();
    await cut('refuse');
    await api.call('PATCH', '/proxies/a', { enabled: false });
    expect(await cut('hold')).toMatchObject({ status: 409 });
    await api.call('PATCH', '/proxies/a', { enabled: true });
    (await established(port)).socket.destroy();
  });

  it('of an unknown effect or proxy is refused', async () => {
    await api.proxy('a', echo.address);
    expect(await cut('sideways')).toMatchObject({ status: 400 });
    expect(await api.call('POST', '/proxies/none/cut', { effect: 'hold' })).toMatchObject({
      status: 404,
      json: { error: 'proxy not found' },
    });
  });
});

describe('a proxy created with its toxics', () => {
  it('has them before its first connection, or is not created at all', async () => {
    const port = await api.proxy('a', echo.address, {
      toxics: [{ type: 'limit_data', attributes: { bytes: 2 } }],
    });
    const client = talk(port);
    client.socket.write('1234');
    await client.outcome;
    expect(client.received().toString()).toBe('12');
    const body = {
      name: 'b',
      upstream: echo.address,
      toxics: [{ type: 'latency' }, { type: 'x' }],
    };
    expect((await api.call('POST', '/proxies', body)).status).toBe(400);
    expect((await api.call('GET', '/proxies/b')).status).toBe(404);
  });
});

describe('a udp proxy', () => {
  let server: UdpSocket;
  let client: UdpSocket;
  let port: number;
  let received: string[];

  beforeEach(async () => {
    received = [];
    server = createSocket('udp4', (datagram, from) =>
      server.send(datagram, from.port, from.address),
    );
    client = createSocket('udp4', (datagram) => received.push(datagram.toString()));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const { json } = await api.call('POST', '/proxies', {
      name: 'a',
      protocol: 'udp',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${server.address().port}`,
    });
    expect(json).toMatchObject({ protocol: 'udp' });
    port = portOf((json as { listen: string }).listen);
  });

  afterEach(() => {
    server.close();
    client.close();
  });

  /** Sends letters one by one and gives what came back once `isDone`. */
  const exchange = async (text: string, isDone: () => boolean): Promise<string> => {
    received.length = 0;
    for (const letter of text) client.send(letter, port, '127.0.0.1');
    await soon(`answers, not only ${received.join('')}`, isDone);
    return received.join('');
  };
  const all = (text: string) => () => received.length >= text.length;

  it('carries datagrams both ways and counts them', async () => {
    expect(await exchange('abc', all('abc'))).toBe('abc');
    expect((await api.call('GET', '/proxies/a/stats')).json).toMatchObject({
      protocol: 'udp',
      connections: { accepted: 1, open: 1 },
      upstream: { received_bytes: 3, sent_bytes: 3 },
      downstream: { received_bytes: 3, sent_bytes: 3 },
    });
  });

  it('loses, duplicates and reorders datagrams', async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    await api.toxic('a', { name: 't', type: 'packet_loss', attributes: { loss_rate: 0.5 } });
    client.send('x', port, '127.0.0.1');
    await exchange(letters, () => received.length > 3);
    await api.call('DELETE', '/proxies/a/toxics/t');
    // Order is kept, so nothing of before comes after this.
    await exchange('!', () => received.includes('!'));
    await api.toxic('a', { name: 't', type: 'duplicate', attributes: { rate: 1 } });
    const twice = await exchange(letters, () => received.length >= 2 * letters.length);
    expect(twice).toContain('aabbcc');
    await api.call('DELETE', '/proxies/a/toxics/t');
    await exchange('!', () => received.includes('!'));
    await api.toxic('a', { name: 't', type: 'reorder', attributes: { rate: 0.3 } });
    const mixed = await exchange(letters, all(letters));
    expect(mixed).not.toBe(letters);
    expect([...mixed].sort().join('')).toBe(letters);
  });

  it('is cut by drop and refuse, and refuses what makes no sense without connections', async () => {
    await exchange('a', all('a'));
    for (const effect of ['hold', 'reset']) expect((await cut(effect)).status).toBe(400);
    for (const effect of ['drop', 'blackhole', 'refuse']) {
      expect((await cut(effect)).status).toBe(200);
      received.length = 0;
      client.send('lost', port, '127.0.0.1');
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(received).toEqual([]);
      await heal();
      expect(await exchange('b', all('b'))).toBe('b');
    }
    expect((await api.toxic('a', { type: 'slicer' })).json).toMatchObject({
      error: 'invalid toxic type',
    });
  });

  it('ends its sessions with it, and listens on all interfaces where none is named', async () => {
    await exchange('ab', all('ab'));
    await api.call('PATCH', '/proxies/a', { enabled: false });
    expect((await api.call('GET', '/proxies/a/stats')).json).toMatchObject({
      connections: { accepted: 1, open: 0 },
      upstream: { received_bytes: 2, sent_bytes: 2 },
    });
    const upstream = `:${server.address().port}`;
    await api.call('PATCH', '/proxies/a', { listen: ':0', upstream });
    const { json } = await api.call('PATCH', '/proxies/a', { enabled: true });
    port = portOf((json as { listen: string }).listen);
    expect((json as { listen: string }).listen).toBe(`[::]:${port}`);
    expect(await exchange('c', all('c'))).toBe('c');
    expect((await api.call('GET', '/proxies/a/stats')).json).toMatchObject({
      connections: { accepted: 2, open: 1, failed_dials: 0 },
    });
  });

  it('ends a session that a toxic closes, and starts another', async () => {
    await exchange('a', all('a'));
    await api.toxic('a', { name: 't', type: 'timeout', attributes: { timeout: 1 } });
    const isClosed = async () => {
      const { json } = await api.call('GET', '/proxies/a/stats');
      return (json as { connections: { open: number } }).connections.open === 0;
    };
    await soon('the session to end', isClosed);
    await api.call('DELETE', '/proxies/a/toxics/t');
    expect(await exchange('b', all('b'))).toBe('b');
  });

  it.each(['no port here', '127.0.0.1:0', 'localhost:'])(
    'counts and logs that it reaches nobody at %s, and carries on once it does',
    async (upstream) => {
      const lines: unknown[] = [];
      const log = (...line: readonly unknown[]) => void lines.push(line);
      await using logging = await startApi({ log });
      const path = '/proxies/nobody';
      const body = { name: 'nobody', protocol: 'udp', listen: '127.0.0.1:0', upstream };
      const { json } = await logging.call('POST', '/proxies', body);
      port = portOf((json as { listen: string }).listen);
      client.send('lost', port, '127.0.0.1');
      const failed = async () =>
        (await logging.call('GET', `${path}/stats`)).text.includes('"failed_dials":1');
      await soon('the failed dial', failed);
      const why = expect.stringMatching(/^dial udp: /) as string;
      const told = { name: 'nobody', upstream, error: why };
      expect(lines).toContainEqual(['error', 'Unable to open connection to upstream', told]);
      await logging.call('PATCH', path, { upstream: `localhost:${server.address().port}` });
      expect(await exchange('a', all('a'))).toBe('a');
    },
  );

  it('says which address is taken', async () => {
    const taken = `127.0.0.1:${server.address().port}`;
    const body = { name: 'b', protocol: 'udp', listen: taken, upstream: taken };
    expect(await api.call('POST', '/proxies', body)).toMatchObject({
      status: 500,
      json: { error: `listen udp ${taken}: bind: address already in use` },
    });
  });
});
