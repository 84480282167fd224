// The contribution input of a transcoder, and who connects to it besides its sender.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startReceiver } from '../../../harness/pipeline/transcoder/receiver.ts';

/** An input, with what came in of each connection that sent, in the order in which they began. */
async function listenToAll() {
  const heard: string[] = [];
  const ended: number[] = [];
  const onConnection = () => {
    const at = heard.push('') - 1;
    const write = (chunk: Buffer) => {
      heard[at] += chunk.toString();
      return true;
    };
    return { write, end: () => void ended.push(at) };
  };
  const receiver = await startReceiver({ host: '127.0.0.1', port: 0 }, [], {
    onConnection,
    note: () => {},
  });
  const sockets: Socket[] = [];
  onTestFinished(() => {
    receiver.stop();
    sockets.forEach((socket) => socket.destroy());
  });
  /** Resolves when the input has taken the connection: it says the time then. */
  const dial = async () => {
    const socket = connect(receiver.port, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'data');
    return socket;
  };
  return { heard, ended, dial };
}

test('who connects and says nothing ends no contribution; the newest that sends does', async () => {
  const { heard, ended, dial } = await listenToAll();
  const sender = await dial();
  sender.write('one');
  await expect.poll(() => heard).toEqual(['one']);
  const scan = await dial();
  sender.write(' two');
  await expect.poll(() => heard).toEqual(['one two']);
  const next = await dial();
  next.write('three');
  await once(sender, 'close');
  await expect.poll(() => heard).toEqual(['one two', 'three']);
  expect(ended).toEqual([0]);
  expect(scan.closed).toBe(false);
});
