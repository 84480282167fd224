// The connection to the upstream that a client asks for by connecting.

import { connect, type Socket } from 'node:net';
import { parseAddress } from './address.ts';
import { ReusedBuffer, type ByteTaker } from './reusedBuffer.ts';

/** A socket whose bytes are read into memory of our own. */
export interface DialledSocket {
  readonly socket: Socket;
  /** Reads to it; called as soon as the socket is connected, before it begins to read by itself. */
  readonly readTo: (taker: ByteTaker) => void;
}

/**
 * Connects on behalf of a client; calls `onFailed` when it cannot, or when the client goes away. Errors
 * of the client are its owner's to listen to.
 */
export function dial(
  client: Socket,
  upstream: string,
  onConnected: (dialled: DialledSocket) => void,
  onFailed: (error: Error) => void,
): void {
  let dialled: DialledSocket;
  try {
    dialled = open(upstream);
  } catch (error) {
    return onFailed(error as Error);
  }
  const { socket } = dialled;
  const settle = () => {
    client.off('close', fail);
    socket.off('close', fail);
  };
  const fail = () => {
    settle();
    socket.destroy();
    onFailed(socket.errored ?? new Error('client went away'));
  };
  socket.on('close', fail).on('error', ignore);
  client.on('close', fail);
  socket.on('connect', () => {
    settle();
    onConnected(dialled);
  });
}

const ignore = () => undefined;

function open(upstream: string): DialledSocket {
  const { host, port } = parseAddress(upstream, 'dial tcp: ');
  const buffer = new ReusedBuffer();
  let taker: ByteTaker | undefined;
  const socket = connect({
    host: host === '' ? 'localhost' : host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    onread: {
      buffer: () => buffer.current,
      callback: (bytes) => {
        if (taker) buffer.read(bytes, taker);
        return true;
      },
    },
  });
  socket.on('close', () => buffer.release());
  return {
    socket,
    readTo: (to) => {
      taker = to;
    },
  };
}
