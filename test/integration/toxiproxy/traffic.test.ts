import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import {
  soon,
  startApi,
  startForEach,
  startTestServer,
  talk,
  type Talk,
  type TestApi,
  type TestServer,
} from './parties.ts';

let api: TestApi;
let echo: TestServer;
startForEach({ seed: 1 }, (startedApi, startedEcho) => {
  api = startedApi;
  echo = startedEcho;
});

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that tell their place. */
const programme = (length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff;
  return bytes;
};

interface StatsJson {
  connections: { accepted: number; open: number; failed_dials: number };
  upstream: { received_bytes: number; sent_bytes: number };
  downstream: { received_bytes: number; sent_bytes: number };
  toxics: Record<string, number | string>[];
}

const stats = async (proxy: string): Promise<StatsJson> =>
  (await api.call('GET', `/proxies/${proxy}/stats`)).json as StatsJson;

describe('a proxy without toxics', () => {
  it('carries bytes both ways and half-closed streams, also to an upstream by name', async () => {
    for (const upstream of [echo.address, `localhost:${echo.port}`]) {
      const port = await api.proxy(upstream, upstream);
      const sent = programme(5_000_000);
      const client = talk(port);
      client.socket.end(sent);
      expect(await client.outcome).toBe('end');
      expect(sha(client.received())).toBe(sha(sent));
    }
  });

  it('counts bytes while the connection lives', async () => {
    const port = await api.proxy('a', echo.address);
    const client = talk(port);
    client.socket.write('hello');
    await client.receive(5);
    expect(await stats('a')).toMatchObject({
      connections: { accepted: 1, open: 1 },
      upstream: { received_bytes: 5, sent_bytes: 5 },
      downstream: { received_bytes: 5, sent_bytes: 5 },
    });
    client.socket.destroy();
  });

  it('closes the client of a dead upstream and counts it', async () => {
    const port = await api.proxy('a', '127.0.0.1:1');
    expect(['end', 'closed', 'ECONNRESET']).toContain(await talk(port).outcome);
    await soon('the failed dial', async () => (await stats('a')).connections.failed_dials === 1);
    const nowhere = await api.proxy('b', 'no port here');
    expect(['end', 'closed', 'ECONNRESET']).toContain(await talk(nowhere).outcome);
  });

  it('reaches an upstream by name and by a port alone, from all interfaces', async () => {
    const talkThrough = async (name: string, upstream: string, listen: string) => {
      const client = talk(await api.proxy(name, upstream, { listen }));
      client.socket.end('through');
      const outcome = await client.outcome;
      return `${client.received().toString()} ${outcome}`;
    };
    for (const [at, host] of ['localhost', ''].entries())
      expect(await talkThrough(`a${at}`, `${host}:${echo.port}`, ':0')).toBe('through end');
    expect(['end', 'closed', 'ECONNRESET']).toContain(
      (await talkThrough('b', 'localhost:1', '127.0.0.1:0')).trim(),
    );
    await soon('the failed dial', async () => (await stats('b')).connections.failed_dials === 1);
  });

  it('resets a client that has sent bytes to an upstream that never answers, and counts them', async () => {
    const hole = await api.proxy('hole', echo.address);
    await api.call('POST', '/proxies/hole/cut', { effect: 'blackhole' });
    const port = await api.proxy('a', `127.0.0.1:${hole}`);
    const [sender, silent] = [talk(port), talk(port)];
    const sent = 300_000;
    await new Promise((resolve) => sender.socket.write(programme(sent), resolve));
    await soon('both clients', async () => (await stats('a')).connections.accepted === 2);
    await api.call('POST', '/proxies/a', { enabled: false });
    expect(await sender.outcome).toBe('ECONNRESET');
    expect(await silent.outcome).toBe('end');
    const { upstream } = await stats('a');
    expect(upstream).toEqual({ received_bytes: sent, sent_bytes: 0 });
  });

  it('keeps the pace of a reader that stalls, without filling its memory', async () => {
    const sent = { bytes: 0 };
    await using flood = await startTestServer((socket) => {
      const block = Buffer.alloc(256 * 1024);
      const more = () => {
        while (sent.bytes < 1e9 && socket.write(block)) sent.bytes += block.length;
      };
      socket.on('drain', more);
      more();
    });
    const port = await api.proxy('a', flood.address);
    await api.toxic('a', { type: 'latency', attributes: { latency: 1 } });
    const client = talk(port);
    client.socket.pause();
    // It has stalled once nothing moves any more between two looks.
    let before = -1;
    await soon('the flood to stall', async () => {
      const { received_bytes: now } = (await stats('a')).downstream;
      const stalled = now > 0 && now === before;
      before = now;
      if (!stalled) await new Promise((resolve) => setTimeout(resolve, 200));
      return stalled;
    });
    expect(before).toBeLessThan(60e6);
    client.socket.destroy();
  });
});

describe('toxics on the wire', () => {
  it('reset_peer is a reset for both peers, with data under way', async () => {
    const outcomes: string[] = [];
    await using server = await startTestServer((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => outcomes.push(error.code ?? 'error'));
      socket.resume();
    });
    const port = await api.proxy('a', server.address);
    const client = talk(port);
    await once(client.socket, 'connect');
    client.socket.write('before');
    await soon('the first bytes', async () => (await stats('a')).upstream.sent_bytes === 6);
    await api.toxic('a', { type: 'reset_peer', stream: 'upstream' });
    client.socket.write('x');
    expect(await client.outcome).toBe('ECONNRESET');
    await soon('the reset of the upstream', () => outcomes.includes('ECONNRESET'));
  });

  it('limit_data delivers exactly its bytes before it closes', async () => {
    const port = await api.proxy('a', echo.address);
    await api.toxic('a', { type: 'limit_data', attributes: { bytes: 100_000 } });
    const client = talk(port);
    client.socket.write(programme(500_000));
    await client.outcome;
    expect(sha(client.received())).toBe(sha(programme(500_000).subarray(0, 100_000)));
  });

  it('timeout drops what comes and closes when it is removed', async () => {
    const port = await api.proxy('a', echo.address);
    await api.toxic('a', { type: 'timeout', stream: 'upstream', attributes: { timeout: 0 } });
    const client = talk(port);
    client.socket.write('lost');
    await soon('the loss', async () => (await stats('a')).toxics[0]?.['dropped_bytes'] === 4);
    expect(client.received().length).toBe(0);
    expect((await api.call('DELETE', '/proxies/a/toxics/timeout_upstream')).status).toBe(204);
    expect(['end', 'closed', 'ECONNRESET']).toContain(await client.outcome);
    expect(
      echo.sockets.size === 0 || (await soon('the upstream', () => echo.sockets.size === 0)),
    ).toBe(true);
  });

  it('bandwidth of 0 holds without loss, also what was sent before the client left', async () => {
    const received: Buffer[] = [];
    let ended = false;
    await using sink = await startTestServer((socket) => {
      socket
        .on('data', (chunk) => received.push(chunk))
        .once('end', () => {
          ended = true;
          socket.end();
        });
    });
    const port = await api.proxy('a', sink.address);
    await api.toxic('a', { type: 'bandwidth', stream: 'upstream', attributes: { rate: 0 } });
    const client = talk(port);
    client.socket.end(programme(300_000));
    await soon(
      'bytes to be held',
      async () => Number((await stats('a')).toxics[0]?.['held_bytes']) > 0,
    );
    expect(received.length).toBe(0);
    await api.call('DELETE', '/proxies/a/toxics/bandwidth_upstream');
    await soon('the end', () => ended);
    expect(sha(Buffer.concat(received))).toBe(sha(programme(300_000)));
  });

  it('act on links that are open already, and by stream', async () => {
    const port = await api.proxy('a', echo.address);
    const client = talk(port);
    client.socket.write('1');
    await client.receive(1);
    await api.toxic('a', { type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } });
    client.socket.write('2');
    await soon('the loss', async () => (await stats('a')).toxics[0]?.['dropped_bytes'] === 1);
    expect((await stats('a')).upstream.sent_bytes).toBe(2);
    expect(client.received().toString()).toBe('1');
    client.socket.destroy();
  });

  it('take the same decisions again with the same seed and the same connections', async () => {
    const play = async (seed: number) => {
      await using again = await startApi({ seed });
      const port = await again.proxy('a', echo.address, {
        toxics: [
          { type: 'timeout', toxicity: 0.5, stream: 'upstream', attributes: { timeout: 1 } },
        ],
      });
      const passed: boolean[] = [];
      for (let at = 0; at < 24; at++) {
        const client = talk(port);
        client.socket.end('x');
        await client.outcome;
        passed.push(client.received().length === 1);
      }
      return passed.map(Number).join('');
    };
    const first = await play(7);
    expect(await play(7)).toBe(first);
    expect(await play(8)).not.toBe(first);
    expect(first).toMatch(/01|10/);
  });
});

describe('change under traffic', () => {
  const lossless = fc.oneof(
    fc.record({
      type: fc.constant('latency'),
      attributes: fc.record({ latency: fc.nat(5), jitter: fc.nat(5) }),
    }),
    fc.record({
      type: fc.constant('bandwidth'),
      attributes: fc.record({ rate: fc.constantFrom(0, 500, 50_000) }),
    }),
    fc.record({
      type: fc.constant('slicer'),
      attributes: fc.record({
        average_size: fc.integer({ min: 500, max: 5_000 }),
        size_variation: fc.nat(400),
        delay: fc.nat(200),
      }),
    }),
    fc.record({ type: fc.constant('slow_close'), attributes: fc.record({ delay: fc.nat(20) }) }),
  );
  const stream = fc.constantFrom('upstream', 'downstream');
  const call = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('add' as const), fc.nat(5), lossless, stream) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('remove' as const), fc.nat(5), lossless, stream) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('change' as const), fc.nat(5), lossless, stream) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('hold' as const), fc.nat(5), lossless, stream) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('heal' as const), fc.nat(5), lossless, stream) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('reset' as const), fc.nat(5), lossless, stream) },
  );

  const perform = async ([action, index, toxic, on]: typeof call extends fc.Arbitrary<infer T>
    ? T
    : never) => {
    const path = `/proxies/a/toxics/t${index}`;
    switch (action) {
      case 'add':
        return api.toxic('a', { name: `t${index}`, stream: on, ...toxic });
      case 'remove':
        return api.call('DELETE', path);
      case 'change':
        return api.call('PATCH', path, { attributes: toxic.attributes, toxicity: index / 5 });
      case 'hold':
        return api.call('POST', '/proxies/a/cut', { effect: 'hold' });
      case 'heal':
        return api.call('DELETE', '/proxies/a/cut');
      case 'reset':
        return api.call('POST', '/reset');
    }
  };

  it('loses and swaps no byte under any sequence of API calls', async () => {
    const port = await api.proxy('a', echo.address);
    const sent = programme(1_000_000);
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 25 }), async (calls) => {
        const clients = [talk(port), talk(port)];
        for (const { socket } of clients) socket.end(sent);
        for (const one of calls) expect((await perform(one)).status).toBeLessThan(500);
        await api.call('POST', '/reset');
        for (const client of clients) {
          expect(await client.outcome).toBe('end');
          expect(sha(client.received())).toBe(sha(sent));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('never hangs over thousands of adds, changes and removals under load', async () => {
    const port = await api.proxy('a', echo.address);
    const random = seededRandom(5);
    const kinds = [
      'latency',
      'bandwidth',
      'slicer',
      'timeout',
      'limit_data',
      'reset_peer',
      'slow_close',
      'packet_loss',
    ];
    let running = true;
    const load = async () => {
      while (running) {
        const client: Talk = talk(port);
        client.socket.on('error', () => undefined).end(programme(200_000));
        const patience = setTimeout(() => client.socket.destroy(), 300);
        await client.outcome;
        clearTimeout(patience);
        client.socket.destroy();
      }
    };
    const loads = Array.from({ length: 4 }, load);
    for (let at = 0; at < 2_000; at++) {
      const kind = kinds[Math.floor(random.next() * kinds.length)];
      const name = `t${Math.floor(random.next() * 4)}`;
      const value = Math.floor(random.next() * 50);
      const attributes = Object.fromEntries(
        ['latency', 'jitter', 'rate', 'average_size', 'delay', 'timeout', 'bytes'].map((key) => [
          key,
          value,
        ]),
      );
      const choice = random.next();
      const answer =
        choice < 0.5
          ? await api.toxic('a', {
              name,
              type: kind,
              attributes,
              stream: random.next() < 0.5 ? 'upstream' : 'downstream',
            })
          : choice < 0.75
            ? await api.call('PATCH', `/proxies/a/toxics/${name}`, { attributes })
            : await api.call('DELETE', `/proxies/a/toxics/${name}`);
      expect(answer.status).toBeLessThan(500);
    }
    running = false;
    await Promise.all(loads);
    await api.call('POST', '/reset');
    const client = talk(port);
    client.socket.end('alive');
    expect((await client.receive(5)).toString()).toBe('alive');
  });
});
