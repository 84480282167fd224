// Looking at what waits in the kernel of a real connection.

import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { kernelQueueBytes } from '../../../harness/pipeline/playout/kernelQueue.ts';

test('a connection that closes while it is looked at has nothing waiting', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = connect({ host: '127.0.0.1', port });
  await new Promise((resolve) => socket.once('connect', resolve));
  expect(await kernelQueueBytes(socket)).toBe(0);
  const looking = kernelQueueBytes(socket);
  socket.destroy();
  expect(await looking).toBe(0);
  expect(await kernelQueueBytes(socket)).toBe(0);
  server.close();
});
