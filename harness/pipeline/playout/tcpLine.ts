// A connection of a sender over TCP.

import { connect, type Socket } from 'node:net';
import type { Address } from '../../model/world.ts';
import { kernelQueueBytes } from './kernelQueue.ts';
import type { Line } from './sender.ts';

const CONNECT_WITHIN_MS = 3_000;

/** Resolves with the connection, or with why there is none. */
export function dialTcp({ host, port }: Address, signal: AbortSignal): Promise<Line | Error> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, signal });
    socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy(new Error('no answer')));
    socket.on('error', resolve);
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(lineOver(socket));
    });
  });
}

function lineOver(socket: Socket): Line {
  const ended = new Promise<string>((resolve) => {
    let why = 'closed by the far side';
    socket.on('error', (error) => (why = error.message));
    socket.once('close', () => resolve(why));
  });
  return {
    write: (bytes) => void socket.write(bytes),
    waitingBytes: () => socket.writableLength,
    handedOverBytes: () => socket.bytesWritten - socket.writableLength,
    inKernelBytes: () => kernelQueueBytes(socket),
    onData: (listener) => void socket.on('data', listener),
    ended,
    close: () => void socket.destroy(),
  };
}
