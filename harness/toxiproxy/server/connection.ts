// One client of a TCP proxy: its socket, the socket to the upstream, and the two links between them.
//
//   client ==upstream link==> upstream
//   client <==downstream link== upstream

import type { Socket } from 'node:net';
import type { Random } from '../../kernel/random.ts';
import { Link, type Gate, type LinkOwner } from './link.ts';
import { SystemSocket } from './systemSocket.ts';
import type { SocketEvents, TcpSocket } from './tcpSocket.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { StageClock } from './toxics/stage.ts';

/** A peer that does not take its last bytes within this is cut off. */
const FAREWELL_MS_MAX = 10_000;

/** The proxy that has the connection. */
export interface ConnectionOwner {
  readonly clock: StageClock;
  readonly random: Random;
  readonly toxics: Readonly<Record<Stream, readonly Toxic[]>>;
  /** Called once, when both sockets are closed. */
  onClosed(connection: Connection): void;
}

export interface ConnectionEnds {
  readonly client: TcpSocket;
  /** The socket to the upstream. */
  readonly server: TcpSocket;
  /** The number of the connection: it has a stream of chance of its own. */
  readonly ordinal: number;
}

/** Listeners are the same functions for all sockets of Node, and find the connection at the socket. */
interface ConnectedSocket extends Socket {
  [CONNECTION]: Connection;
}
const CONNECTION = Symbol('connection');

export class Connection implements LinkOwner, SocketEvents {
  /** The two links, each by its stream. */
  readonly upstream: Link;
  readonly downstream: Link;
  private readonly owner: ConnectionOwner;
  private readonly ordinal: number;
  private readonly client: TcpSocket;
  private readonly server: TcpSocket;
  private farewell: NodeJS.Timeout | undefined;
  private open = 2;

  constructor(owner: ConnectionOwner, { client, server, ordinal }: ConnectionEnds) {
    const { toxics } = owner;
    this.owner = owner;
    this.ordinal = ordinal;
    this.client = client;
    this.server = server;
    this.upstream = new Link(this, {
      stream: 'upstream',
      source: client,
      destination: server,
      toxics: toxics.upstream,
    });
    this.downstream = new Link(this, {
      stream: 'downstream',
      source: server,
      destination: client,
      toxics: toxics.downstream,
    });
    watch(client, this);
    watch(server, this);
  }

  get clock(): StageClock {
    return this.owner.clock;
  }

  randomFor(stream: Stream, purpose: string): Random {
    return this.owner.random.fork(`connection ${this.ordinal}`).fork(`${stream} ${purpose}`);
  }

  /** The first call lets bytes flow, or holds them from the start. */
  setGate(gate: Gate): void {
    this.upstream.setGate(gate);
    this.downstream.setGate(gate);
  }

  hasLostBytes(): boolean {
    return this.upstream.hasLostBytes() || this.downstream.hasLostBytes();
  }

  /** Delivers what was sent, then closes both sides. */
  close(): void {
    this.upstream.destinationLost();
    this.downstream.destinationLost();
    this.client.destroySoon();
    this.server.destroySoon();
    this.farewell ??= setTimeout(() => this.destroy(), FAREWELL_MS_MAX);
  }

  /** Closes both sides with a TCP reset. */
  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  /** Closes both sides at once. */
  destroy(): void {
    this.client.destroy();
    this.server.destroy();
  }

  /** Gives the link that reads one of the two sockets. */
  findReader(socket: TcpSocket): Link {
    return socket === this.client ? this.upstream : this.downstream;
  }

  ended(socket: TcpSocket): void {
    this.findReader(socket).end();
  }

  drained(socket: TcpSocket): void {
    this.findWriter(socket).drained();
  }

  closed(socket: TcpSocket): void {
    this.findReader(socket).end();
    this.findWriter(socket).destinationLost();
    this.open -= 1;
    if (this.open === 0) this.leave();
  }

  private findWriter(socket: TcpSocket): Link {
    return socket === this.client ? this.downstream : this.upstream;
  }

  private leave(): void {
    clearTimeout(this.farewell);
    this.upstream.destroy();
    this.downstream.destroy();
    this.owner.onClosed(this);
  }
}

function watch(socket: TcpSocket, connection: Connection): void {
  if (!(socket instanceof SystemSocket)) return watchNode(socket as ConnectedSocket, connection);
  socket.events = connection;
  socket.taker = connection.findReader(socket);
}

/**
 * Node listens to the end as well, for sockets that must not be half open, which these may: without it
 * a socket needs no list of listeners.
 */
function watchNode(socket: ConnectedSocket, connection: Connection): void {
  socket[CONNECTION] = connection;
  for (const listener of socket.listeners('end')) socket.off('end', listener as () => void);
  socket.on('data', onData).on('end', onEnd).on('drain', onDrain).on('close', onClose);
}

function onData(this: ConnectedSocket, chunk: Buffer): void {
  this[CONNECTION].findReader(this).take(chunk);
}

function onEnd(this: ConnectedSocket): void {
  this[CONNECTION].ended(this);
}

function onDrain(this: ConnectedSocket): void {
  this[CONNECTION].drained(this);
}

function onClose(this: ConnectedSocket): void {
  this[CONNECTION].closed(this);
}
