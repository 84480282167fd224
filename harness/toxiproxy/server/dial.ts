// The connection to the upstream that a client asks for by connecting.

import { connect, type Socket } from 'node:net';
import { parseAddress } from './address.ts';
import { createReusedBuffer, type ByteTaker } from './reusedBuffer.ts';

/** A socket whose bytes are read into memory of our own. */
export interface DialledSocket {
  readonly socket: Socket;
  /** Begins to read. */
  readonly readTo: (taker: ByteTaker) => void;
}

/** Connects on behalf of a client; rejects when it cannot, or when the client goes away. */
export function dial(client: Socket, upstream: string): Promise<DialledSocket> {
  return new Promise((resolve, reject) => {
    const dialled = open(upstream);
    const { socket } = dialled;
    const settle = (outcome: () => void) => () => {
      for (const one of [client, socket]) one.off('error', fail).off('close', fail);
      socket.off('connect', succeed);
      outcome();
    };
    const succeed = settle(() => resolve(dialled));
    const fail = settle(() => {
      socket.on('error', () => undefined).destroy();
      reject(socket.errored ?? new Error('client went away'));
    });
    for (const one of [client, socket]) one.once('error', fail).once('close', fail);
    socket.once('connect', succeed);
  });
}

function open(upstream: string): DialledSocket {
  const { host, port } = parseAddress(upstream, 'dial tcp: ');
  const buffer = createReusedBuffer();
  let taker: ByteTaker | undefined;
  const socket = connect({
    host: host === '' ? 'localhost' : host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    onread: {
      buffer: buffer.current,
      callback: (bytes) => {
        if (taker) buffer.read(bytes, taker);
        return true;
      },
    },
  });
  // It would begin to read by itself once it is connected, before anybody takes the bytes.
  socket.pause();
  socket.once('close', buffer.release);
  return {
    socket,
    readTo: (to) => {
      taker = to;
      socket.resume();
    },
  };
}
