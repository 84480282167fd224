// The connection to the upstream that a client asks for by connecting. Thousands may be open, so nothing
// of the dialling stays behind.

import { Socket } from 'node:net';
import { parseAddress, type HostPort } from './address.ts';
import { ReusedBuffer, type ByteTaker } from './reusedBuffer.ts';

/** A socket to an upstream, whose bytes are read into memory of our own, which it is. */
export class DialledSocket extends ReusedBuffer {
  readonly socket: Socket;
  /** Gets the bytes; set as soon as the socket is connected, before it begins to read by itself. */
  taker: ByteTaker | undefined;

  constructor() {
    super();
    this.socket = new Socket({
      allowHalfOpen: true,
      noDelay: true,
      onread: {
        buffer: () => this.current,
        callback: (bytes) => {
          if (this.taker) this.read(bytes, this.taker);
          return true;
        },
      },
    });
  }
}

/**
 * Connects on behalf of a client; calls `onFailed` when it cannot, or when the client goes away. Errors
 * of the client are its owner's to listen to. Who gets the socket releases it when it is closed.
 */
export function dial(
  client: Socket,
  upstream: string,
  onConnected: (dialled: DialledSocket) => void,
  onFailed: (error: Error) => void,
): void {
  const dialled = takeSocket();
  const { socket } = dialled;
  try {
    const { host, port } = readUpstream(upstream);
    socket.connect({ host: host === '' ? 'localhost' : host, port });
  } catch (error) {
    socket.destroy();
    dialled.release();
    return onFailed(error as Error);
  }
  const settle = () => {
    client.off('close', fail);
    socket.off('close', fail).off('connect', succeed);
  };
  const fail = () => {
    settle();
    socket.destroy();
    dialled.release();
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

/** The socket of the next dial: it is made while the connect before is under way, and nobody waits. */
let spare: DialledSocket | undefined;

function takeSocket(): DialledSocket {
  const taken = spare ?? new DialledSocket();
  spare = undefined;
  setImmediate(makeSpare);
  return taken;
}

function makeSpare(): void {
  spare ??= new DialledSocket();
}
