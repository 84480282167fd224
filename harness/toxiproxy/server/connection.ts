// One client of a TCP proxy: its socket, the socket to the upstream, and the two links between them.
//
//   client ==upstream link==> upstream
//   client <==downstream link== upstream

import type { Socket } from 'node:net';
import type { Random } from '../../kernel/random.ts';
import type { DialledSocket } from './dial.ts';
import { Link, type Gate, type LinkOwner } from './link.ts';
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
  readonly client: Socket;
  readonly dialled: DialledSocket;
  /** The number of the connection: it has a stream of chance of its own. */
  readonly ordinal: number;
}

/** Listeners are the same functions for all sockets, and find the connection at the socket. */
interface ConnectedSocket extends Socket {
  [CONNECTION]: Connection;
}
const CONNECTION = Symbol('connection');

export class Connection implements LinkOwner {
  /** The two links, each by its stream. */
  readonly upstream: Link;
  readonly downstream: Link;
  private readonly owner: ConnectionOwner;
  private readonly ordinal: number;
  private readonly client: Socket;
  private readonly dialled: DialledSocket;
  private farewell: NodeJS.Timeout | undefined;
  private open = 2;

  constructor(owner: ConnectionOwner, { client, dialled, ordinal }: ConnectionEnds) {
    const { toxics } = owner;
    const { socket } = dialled;
    this.owner = owner;
    this.ordinal = ordinal;
    this.client = client;
    this.dialled = dialled;
    this.upstream = new Link(this, {
      stream: 'upstream',
      source: client,
      destination: socket,
      toxics: toxics.upstream,
    });
    this.downstream = new Link(this, {
      stream: 'downstream',
      source: socket,
      destination: client,
      toxics: toxics.downstream,
    });
    watch(client, this);
    watch(socket, this);
    dialled.taker = this.downstream;
    client.on('data', onData);
  }

  get clock(): StageClock {
    return this.owner.clock;
  }

  randomFor(stream: Stream, purpose: string): Random {
    return this.owner.random.fork(`connection ${this.ordinal}`).fork(`${stream} ${purpose}`);
  }

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
    this.dialled.socket.destroySoon();
    this.farewell ??= setTimeout(() => this.destroy(), FAREWELL_MS_MAX);
  }

  /** Closes both sides with a TCP reset. */
  reset(): void {
    this.client.resetAndDestroy();
    this.dialled.socket.resetAndDestroy();
  }

  /** Closes both sides at once. */
  destroy(): void {
    this.client.destroy();
    this.dialled.socket.destroy();
  }

  /** Gives the link that reads one of the two sockets. */
  findReader(socket: Socket): Link {
    return socket === this.client ? this.upstream : this.downstream;
  }

  findWriter(socket: Socket): Link {
    return socket === this.client ? this.downstream : this.upstream;
  }

  closed(socket: Socket): void {
    if (socket !== this.client) this.dialled.release();
    this.findReader(socket).end();
    this.findWriter(socket).destinationLost();
    this.open -= 1;
    if (this.open === 0) this.leave();
  }

  private leave(): void {
    clearTimeout(this.farewell);
    this.upstream.destroy();
    this.downstream.destroy();
    this.owner.onClosed(this);
  }
}

/**
 * Node listens to the end as well, for sockets that must not be half open, which these may: without it
 * a socket needs no list of listeners.
 */
function watch(socket: Socket, connection: Connection): void {
  (socket as ConnectedSocket)[CONNECTION] = connection;
  for (const listener of socket.listeners('end')) socket.off('end', listener as () => void);
  socket.on('end', onEnd).on('drain', onDrain).on('close', onClose);
}

function onData(this: ConnectedSocket, chunk: Buffer): void {
  this[CONNECTION].findReader(this).take(chunk);
}

function onEnd(this: ConnectedSocket): void {
  this[CONNECTION].findReader(this).end();
}

function onDrain(this: ConnectedSocket): void {
  this[CONNECTION].findWriter(this).drained();
}

function onClose(this: ConnectedSocket): void {
  this[CONNECTION].closed(this);
}
