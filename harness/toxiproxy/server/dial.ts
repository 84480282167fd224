// The connection to the upstream that a client asks for by connecting. Thousands may be open, so nothing
// of the dialling stays behind.

import { isIP, Socket } from 'node:net';
import { parseAddress, type HostPort } from './address.ts';
import { handles, type Handles, type TcpHandle } from './handles.ts';
import { SystemSocket } from './systemSocket.ts';
import type { TcpSocket } from './tcpSocket.ts';

/** An import would load more than is needed of it. */
const { getSystemErrorName } = process.getBuiltinModule('node:util');

/**
 * Connects on behalf of a client; calls `onFailed` when it cannot, or when the client goes away. Errors
 * of the client are its owner's to listen to. Both sockets are of Node, or both are of our own.
 */
export function dial(
  client: TcpSocket,
  upstream: string,
  onConnected: (socket: TcpSocket) => void,
  onFailed: (error: Error) => void,
): void {
  let address: Upstream;
  try {
    address = readUpstream(upstream);
  } catch (error) {
    return onFailed(error as Error);
  }
  let isSettled = false;
  const settle = (outcome: TcpSocket | Error) => {
    if (isSettled) return;
    isSettled = true;
    whenClosed(client, undefined);
    if (!(outcome instanceof Error)) return onConnected(outcome);
    dialling.destroy();
    onFailed(outcome);
  };
  const dialling = connect(client, address, settle);
  whenClosed(client, () => settle(new Error('client went away')));
}

/** Gets the socket that is connected, or why there is none. */
type Settle = (outcome: TcpSocket | Error) => void;

function connect(client: TcpSocket, address: Upstream, settle: Settle): TcpSocket {
  if (!handles || !(client instanceof SystemSocket)) return connectNode(address, settle);
  const known = handles;
  if (address.family !== 0) return connectHandle(known, address, settle);
  return connectNode(address, (outcome) =>
    settle(outcome instanceof Socket ? takeHandle(known, outcome) : outcome),
  );
}

function connectHandle(known: Handles, address: Upstream, settle: Settle): TcpSocket {
  const socket = new SystemSocket(known, known.createTcp());
  socket.connect(address, (error) => {
    if (error === 0) return settle(socket);
    const { host, port } = address;
    settle(new Error(`connect ${getSystemErrorName(error)} ${host}:${port}`));
  });
  return socket;
}

/** A name is looked up, and its addresses are tried one after the other, by Node. */
function connectNode({ host, port }: Upstream, settle: Settle): Socket {
  const socket = new Socket({ allowHalfOpen: true, noDelay: true });
  const succeed = () => {
    socket.off('close', fail);
    settle(socket.pause());
  };
  const fail = () => settle(socket.errored ?? new Error('connection closed'));
  socket.once('connect', succeed).once('close', fail).on('error', ignore);
  return socket.connect({ host: host === '' ? 'localhost' : host, port });
}

/** Leaves a socket of Node, which has read nothing yet, without its handle. */
function takeHandle(known: Handles, socket: Socket): SystemSocket | Error {
  const owner = socket as { _handle?: TcpHandle | null };
  const { _handle: handle } = owner;
  if (!known.isTcp(handle)) return new Error('the socket has no handle');
  owner._handle = null;
  return new SystemSocket(known, handle);
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
