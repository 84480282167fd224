// Listening sockets with the error words of Toxiproxy.

import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { createServer, isIP, isIPv6, type AddressInfo, type Server } from 'node:net';
import { formatAddress, formatAddressInfo, parseAddress, type HostPort } from './address.ts';
import { systemRefused } from './apiError.ts';
import { handles } from './handles.ts';
import { SystemSocket } from './systemSocket.ts';
import type { TcpSocket } from './tcpSocket.ts';

/** Imports would load 2 MB for them. */
const { lookup } = process.getBuiltinModule('node:dns/promises');
const { setImmediate: nextTurn } = process.getBuiltinModule('node:timers/promises');

export interface Listener {
  /** The address that is really listened on, with its port. */
  readonly listen: string;
  /** Stops listening and frees the port; connections are the caller's. */
  close(): Promise<void>;
}

/** An empty address listens on a port of the system's choice on all interfaces. */
export async function listenTcp(
  listen: string,
  onConnection: (socket: TcpSocket) => void,
): Promise<Listener> {
  const { host, port } = await resolveListen(listen, 'tcp');
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    onConnection(socket.on('error', () => undefined)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(systemRefused(`listen tcp ${formatAddress(host, port)}: ${listenFailure(error)}`)),
    );
    server.listen(host === '' ? { port } : { host, port }, resolve);
  });
  server.removeAllListeners('error').on('error', () => undefined);
  acceptHandles(server, onConnection);
  return {
    listen: formatAddressInfo(server.address() as AddressInfo),
    close: () => closeServer(server),
  };
}

/** Takes connections before Node makes sockets of its own of them, where it lets go of their handles. */
function acceptHandles(server: Server, onConnection: (socket: TcpSocket) => void): void {
  const { _handle: handle } = server as { _handle?: unknown };
  if (!handles?.isTcp(handle)) return;
  const known = handles;
  handle.onconnection = (_error, client) => {
    if (!client) return;
    const socket = new SystemSocket(known, client);
    socket.readEarly();
    onConnection(socket);
  };
}

/** A name is listened on with its IPv4 address where it has one, as the official server does. */
function resolveListen(listen: string, protocol: 'tcp' | 'udp'): Promise<HostPort> {
  return resolveAddress(listen, `listen ${protocol}: `);
}

/** Gives an IP address for its host, or none for all interfaces; `doing` begins the error. */
export async function resolveAddress(listen: string, doing: string): Promise<HostPort> {
  const { host, port } = parseAddress(listen === '' ? ':0' : listen, doing);
  return { host: await resolveHost(host, doing), port };
}

export async function resolveHost(host: string, doing: string): Promise<string> {
  if (host === '' || isIP(host) !== 0) return host;
  try {
    return (await lookup(host, { order: 'ipv4first' })).address;
  } catch (error) {
    const why = listenFailure(error as NodeJS.ErrnoException);
    throw systemRefused(`${doing}lookup ${host}: ${why}`);
  }
}

export interface UdpListener extends Listener {
  readonly socket: UdpSocket;
}

export async function bindUdp(
  listen: string,
  onDatagram: (datagram: Buffer, from: RemoteInfo) => void,
): Promise<UdpListener> {
  const { host, port } = await resolveListen(listen, 'udp');
  const socket = createSocket(host === '' || isIPv6(host) ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(systemRefused(`listen udp ${formatAddress(host, port)}: ${listenFailure(error)}`)),
    );
    socket.bind(host === '' ? { port } : { address: host, port }, resolve);
  });
  socket.removeAllListeners('error').on('error', () => undefined);
  socket.on('message', onDatagram);
  return {
    listen: formatAddressInfo(socket.address()),
    socket,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** The port is free at once; the callback of `close` would wait for the connections too. */
async function closeServer(server: Server): Promise<void> {
  server.close();
  await nextTurn();
}

/** The reason in the words of Go's net package, which clients show and some match. */
export function listenFailure(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'bind: address already in use';
    case 'EACCES':
      return 'bind: permission denied';
    case 'EADDRNOTAVAIL':
      return 'bind: cannot assign requested address';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no such host';
    case undefined:
    default:
      return error.message;
  }
}
