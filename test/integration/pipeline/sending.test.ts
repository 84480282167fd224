// A playout whose far side does not take what it sends.

import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { PEER_IDLE_MS } from '../../../harness/pipeline/playout/sender.ts';
import { launchOf, MEDIA, PLAYOUT, startBench, type Bench } from './chain.ts';

let bench: Bench;
let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

async function farSide(onSocket: (socket: Socket) => void) {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 };
}

test('packets are dropped when the far side stops reading, and the programme keeps real time', async () => {
  bench = await startBench();
  const to = await farSide((socket) => socket.pause());
  const signal = new AbortController().signal;
  // 3 Mbit/s, so that the kernels' own buffers are full soon.
  const media = { ...MEDIA, contributionKbps: 3_000 };
  await bench.runtime.start(launchOf({ ...PLAYOUT, sendBufferMs: 300 }, to, media), signal);
  await waitFor({ ms: 30_000, what: 'dropped packets' }, () =>
    (bench.stats('playout').bytesDropped ?? 0) > 100_000 ? true : undefined,
  );
  const { programmeCounter: counter = 0, atEpochMs = 0, framesDropped } = bench.stats('playout');
  expect(Math.abs(counter - (Math.floor((atEpochMs * 25) / 1000) % 2 ** 28))).toBeLessThan(25);
  expect(framesDropped).toBe(0);
});

test('a peer that takes nothing for too long is given up and dialled again', async () => {
  bench = await startBench();
  const to = await farSide((socket) => socket.pause());
  await bench.runtime.start(launchOf(PLAYOUT, to), new AbortController().signal);
  await waitFor({ ms: PEER_IDLE_MS + 25_000, what: 'a second connection' }, () =>
    sockets.length > 1 ? true : undefined,
  );
  expect(bench.notes('playout').join('\n')).toContain(`nothing got through for ${PEER_IDLE_MS} ms`);
});

test('a far side that is not there is said once, and dialled until it is', async () => {
  bench = await startBench();
  const to = await farSide(() => undefined);
  await new Promise((resolve) => server?.close(resolve));
  await bench.runtime.start(launchOf(PLAYOUT, to), new AbortController().signal);
  await waitFor({ ms: 10_000, what: 'the refusal' }, () => bench.notes('playout')[0]);
  let bytesIn = 0;
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).on('data', (chunk) => (bytesIn += chunk.length));
  }).listen(to.port, to.host);
  await waitFor({ ms: 10_000, what: 'the contribution' }, () =>
    bytesIn > 50_000 ? true : undefined,
  );
  expect(bench.notes('playout').filter((note) => note.startsWith('cannot connect'))).toHaveLength(
    1,
  );
});
