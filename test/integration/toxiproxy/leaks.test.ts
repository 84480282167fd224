import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { soon, startApi, startEcho, startTestServer, talk } from './parties.ts';

/** Open descriptors of this process: every leaked socket is one. */
const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** Awaits `count` runs of `work`, so many at once. */
async function inBatches(count: number, atOnce: number, work: () => Promise<unknown>) {
  for (let done = 0; done < count; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, work));
  }
}

describe('what stays behind', () => {
  it('is nothing after 10 000 connections, and memory does not grow with them', async () => {
    await using echo = await startEcho();
    await using api = await startApi();
    const port = await api.proxy('a', echo.address, {
      toxics: [
        { type: 'latency' },
        { type: 'slow_close', stream: 'upstream', attributes: { delay: 1 } },
      ],
    });
    const once64 = async () => {
      const client = talk(port);
      client.socket.end('x'.repeat(64));
      await client.outcome;
      expect(client.received().length).toBe(64);
      client.socket.destroy();
    };
    await inBatches(1_000, 50, once64);
    const files = openFiles();
    const before = heapAfterCollection();
    await inBatches(9_000, 50, once64);
    await soon('all sockets to close', () => echo.sockets.size === 0 && openFiles() <= files);
    // A third of what half a kilobyte a connection would be.
    expect(heapAfterCollection() - before).toBeLessThan(1.5e6);
    const { json } = await api.call('GET', '/proxies/a/stats');
    expect(json).toMatchObject({
      connections: { accepted: 10_000, open: 0, failed_dials: 0 },
      upstream: { received_bytes: 640_000, sent_bytes: 640_000 },
      downstream: { received_bytes: 640_000, sent_bytes: 640_000 },
      toxics: [
        { type: 'slow_close', active_links: 0, links: 10_000 },
        { type: 'latency', active_links: 0, held_bytes: 0, dropped_bytes: 0 },
      ],
    });
  });

  it('is nothing of clients that vanish with data under way', async () => {
    await using flood = await startTestServer((socket) => {
      const block = Buffer.alloc(64 * 1024);
      const more = () => {
        while (socket.write(block));
      };
      socket.on('drain', more);
      more();
    });
    await using api = await startApi();
    const port = await api.proxy('a', flood.address, {
      toxics: [{ type: 'latency', attributes: { latency: 20, jitter: 10 } }],
    });
    await inBatches(200, 20, async () => {
      const client = talk(port);
      await client.receive(1);
      client.socket.resetAndDestroy();
    });
    await soon('the upstream to be let go', () => flood.sockets.size === 0);
    expect((await api.call('GET', '/proxies/a/stats')).json).toMatchObject({
      connections: { open: 0 },
      toxics: [{ held_bytes: 0, active_links: 0 }],
    });
  });

  it('is nothing of a reset while the last bytes still wait for a reader that stalls', async () => {
    await using stalled = await startTestServer((socket) => socket.pause());
    await using api = await startApi();
    const port = await api.proxy('a', stalled.address);
    const client = talk(port);
    client.socket.end(Buffer.alloc(30_000_000));
    const stats = async () =>
      (await api.call('GET', '/proxies/a/stats')).json as {
        connections: { open: number };
        upstream: { received_bytes: number; sent_bytes: number };
      };
    let before = -1;
    await soon('the upstream to stall', async () => {
      const now = (await stats()).upstream.received_bytes;
      const isStalled = now > 0 && now === before;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return isStalled;
    });
    await api.call('POST', '/proxies/a/cut', { effect: 'reset' });
    await soon('the connection to go', async () => (await stats()).connections.open === 0);
    for (const socket of stalled.sockets) socket.resume();
    await soon('the upstream to be let go', () => stalled.sockets.size === 0);
    client.socket.destroy();
  });

  it('is nothing of a reset of a link that is ending', async () => {
    await using stalled = await startTestServer((socket) => socket.pause());
    await using api = await startApi();
    // Room for all of it in the toxic, so that the end arrives behind bytes that nobody reads.
    const port = await api.proxy('a', stalled.address, {
      toxics: [{ type: 'latency', stream: 'upstream', attributes: { latency: 60_000 } }],
    });
    const client = talk(port);
    client.socket.end(Buffer.alloc(12_000_000));
    const stats = async () =>
      (await api.call('GET', '/proxies/a/stats')).json as {
        connections: { open: number };
        upstream: { received_bytes: number };
      };
    await soon(
      'everything to be in the toxic',
      async () => (await stats()).upstream.received_bytes === 12_000_000,
    );
    // Taken out, it passes all on at once: more than the upstream takes, and the end behind it.
    await api.call('POST', '/proxies/a/toxics/latency_upstream', { toxicity: 0 });
    await api.call('POST', '/proxies/a/cut', { effect: 'reset' });
    await soon('the connection to go', async () => (await stats()).connections.open === 0);
    for (const socket of stalled.sockets) socket.resume();
    await soon('the upstream to be let go', () => stalled.sockets.size === 0);
    client.socket.destroy();
  });

  it('is nothing of upstreams that vanish', async () => {
    await using rude = await startTestServer((socket) => {
      socket.write('x');
      setTimeout(() => socket.resetAndDestroy(), 5);
    });
    await using api = await startApi();
    const port = await api.proxy('a', rude.address);
    await inBatches(200, 20, async () => {
      const client = talk(port);
      await client.outcome;
      client.socket.destroy();
    });
    await soon('all connections to close', async () => {
      const { json } = await api.call('GET', '/proxies/a/stats');
      return (json as { connections: { open: number } }).connections.open === 0;
    });
  });

  it('is nothing when a server ends with connections open and data held', async () => {
    await using echo = await startEcho();
    const files = openFiles();
    const api = await startApi();
    const port = await api.proxy('a', echo.address, {
      toxics: [{ type: 'bandwidth', attributes: { rate: 0 } }],
    });
    const clients = Array.from({ length: 20 }, () => talk(port));
    for (const { socket } of clients) {
      await once(socket, 'connect');
      socket.write('held');
    }
    await api[Symbol.asyncDispose]();
    for (const client of clients) {
      expect(['end', 'closed', 'ECONNRESET']).toContain(await client.outcome);
      client.socket.destroy();
    }
    await soon('all files to close', () => echo.sockets.size === 0 && openFiles() <= files);
  });
});

/** In bytes. The configuration of this room gives tests the collector. */
function heapAfterCollection(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
