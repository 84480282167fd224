// The contribution input: one connection at a time, the newest wins. It answers with a byte now
// and then, so that a sender can tell a quiet peer from a dead one.

import { createServer, type Socket } from 'node:net';
import type { Address } from '../../model/world.ts';
import { listenOn } from '../listen.ts';

export interface ReceiverHandlers {
  /** A new sender; what is returned takes its bytes until `end`. */
  readonly onConnection: () => ConnectionSink;
  readonly note: (detail: string) => void;
}

export interface ConnectionSink {
  /** False when it cannot keep up; `whenReady` is called once it can again. */
  readonly write: (chunk: Buffer, whenReady: () => void) => boolean;
  readonly end: () => void;
}

export interface Receiver {
  readonly port: number;
  readonly counters: { readonly bytesIn: number; readonly connections: number };
  readonly stop: () => void;
}

const KEEP_ALIVE_EVERY_MS = 1_000;

export async function startReceiver(
  listen: Address,
  handlers: ReceiverHandlers,
): Promise<Receiver> {
  const counters = { bytesIn: 0, connections: 0 };
  let active: Socket | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    counters.connections++;
    active?.destroy();
    active = socket;
    handlers.note(`contribution connected from ${socket.remoteAddress}:${socket.remotePort}`);
    receive(socket, handlers, counters);
  });
  const port = await listenOn(server, listen);
  return {
    port,
    counters,
    stop: () => {
      active?.destroy();
      server.close();
    },
  };
}

function receive(socket: Socket, handlers: ReceiverHandlers, counters: { bytesIn: number }): void {
  // Started by the first byte: a connection that never sends costs no decoder.
  let sink: ConnectionSink | undefined;
  const keepAlive = setInterval(() => socket.write('.'), KEEP_ALIVE_EVERY_MS);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    counters.bytesIn += chunk.length;
    sink ??= handlers.onConnection();
    if (!sink.write(chunk, () => socket.resume())) socket.pause();
  });
  socket.on('close', () => {
    clearInterval(keepAlive);
    sink?.end();
    handlers.note('contribution disconnected');
  });
}
