// The connection to the upstream that a client asks for by connecting. Thousands may be open, so nothing
// of the dialling stays behind.

import { connect, type Socket } from 'node:net';
import { parseAddress, type HostPort } from './address.ts';
import { ReusedBuffer, type ByteTaker } from './reusedBuffer.ts';

/** A socket whose bytes are read into memory of our own. */
export interface DialledSocket {
  readonly socket: Socket;
  /** Released by whoever has the socket, when it is closed. */
  readonly buffer: ReusedBuffer;
  /** Gets the bytes; set as soon as the socket is connected, before it begins to read by itself. */
  taker: ByteTaker | undefined;
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
    dialled = open(readUpstream(upstream));
  } catch (error) {
    return onFailed(error as Error);
  }
  const { socket, buffer } = dialled;
  const settle = () => {
    client.off('close', fail);
    socket.off('close', fail).off('connect', succeed);
  };
  const fail = () => {
    settle();
    socket.destroy();
    buffer.release();
    onFailed(socket.errored ?? new Error('client went away'));
  };
  const succeed = () => {
    settle();
    onConnected(dialled);
  };
  socket.on('close', fail).on('error', ignore).on('connect', succeed);
  client.on('close', fail);
}

const ignore = () => undefined;

let lastRead: { readonly text: string; readonly address: HostPort } | undefined;

/** Most dials are to the upstream of the dial before. */
function readUpstream(text: string): HostPort {
  if (lastRead?.text !== text) lastRead = { text, address: parseAddress(text, 'dial tcp: ') };
  return lastRead.address;
}

function open({ host, port }: HostPort): DialledSocket {
  const buffer = new ReusedBuffer();
  const socket = connect({
    host: host === '' ? 'localhost' : host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    onread: {
      buffer: () => buffer.current,
      callback: (bytes) => {
        if (dialled.taker) buffer.read(bytes, dialled.taker);
        return true;
      },
    },
  });
  const dialled: DialledSocket = { socket, buffer, taker: undefined };
  return dialled;
}
