// The connection to the upstream that a client asks for by connecting. Thousands may be open, so nothing
// of the dialling stays behind.

import { isIP, Socket } from 'node:net';
import { parseAddress, type HostPort } from './address.ts';
import { handles, type Handles } from './handles.ts';
import { ReusedBuffer, type ByteTaker } from './reusedBuffer.ts';
import { SystemSocket } from './systemSocket.ts';
import type { Dialled, TcpSocket } from './tcpSocket.ts';

/** An import would load more than is needed of it. */
const { getSystemErrorName } = process.getBuiltinModule('node:util');

/** A socket of Node to an upstream, whose bytes are read into memory of our own, which it is. */
class NodeDialled extends ReusedBuffer implements Dialled {
  readonly socket: Socket;
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
  client: TcpSocket,
  upstream: string,
  onConnected: (dialled: Dialled) => void,
  onFailed: (error: Error) => void,
): void {
  let address: Upstream;
  try {
    address = readUpstream(upstream);
  } catch (error) {
    return onFailed(error as Error);
  }
  let isSettled = false;
  const settle = (error?: Error) => {
    if (isSettled) return;
    isSettled = true;
    whenClosed(client, undefined);
    if (!error) return onConnected(dialled);
    dialled.socket.destroy();
    dialled.release();
    onFailed(error);
  };
  const dialled = connect(address, settle);
  whenClosed(client, () => settle(new Error('client went away')));
}

type Settle = (error?: Error) => void;

/** A name is looked up, and its addresses are tried one after the other, by Node. */
const connect = (address: Upstream, settle: Settle): Dialled =>
  handles && address.family !== 0
    ? connectHandle(handles, address, settle)
    : connectNode(address, settle);

function connectHandle(known: Handles, address: Upstream, settle: Settle): Dialled {
  const socket = new SystemSocket(known, known.createTcp(), true);
  socket.connect(address, (error) => {
    if (error === 0) return settle();
    const { host, port } = address;
    settle(new Error(`connect ${getSystemErrorName(error)} ${host}:${port}`));
  });
  return socket;
}

function connectNode({ host, port }: Upstream, settle: Settle): Dialled {
  const dialled = new NodeDialled();
  const { socket } = dialled;
  const succeed = () => {
    socket.off('close', fail);
    settle();
  };
  const fail = () => settle(socket.errored ?? new Error('connection closed'));
  socket.once('connect', succeed).once('close', fail).on('error', ignore);
  socket.connect({ host: host === '' ? 'localhost' : host, port });
  return dialled;
}

const ignore = () => undefined;

interface DiallingSocket extends Socket {
  [ON_CLOSED]?: (() => void) | undefined;
}
const ON_CLOSED = Symbol('on closed');

/** Calls back when a client that waits for its upstream is closed; undefined forgets it. */
function whenClosed(client: TcpSocket, onClosed: (() => void) | undefined): void {
  if (client instanceof SystemSocket) {
    client.events = onClosed && { closed: onClosed, ended: ignore, drained: ignore };
    return;
  }
  const socket = client as DiallingSocket;
  const before = socket[ON_CLOSED];
  if (before) socket.off('close', before);
  if (onClosed) socket.on('close', onClosed);
  socket[ON_CLOSED] = onClosed;
}

interface Upstream extends HostPort {
  /** 0: a name. */
  readonly family: number;
}

let lastRead: { readonly text: string; readonly upstream: Upstream } | undefined;

/** Most dials are to the upstream of the dial before. */
function readUpstream(text: string): Upstream {
  if (lastRead?.text === text) return lastRead.upstream;
  const { host, port } = parseAddress(text, 'dial tcp: ');
  const upstream = { host, port, family: isIP(host) };
  lastRead = { text, upstream };
  return upstream;
}
