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
  readonly upstream: DialledSocket;
  /** The number of the connection: it has a stream of chance of its own. */
  readonly ordinal: number;
}

/** Listeners are the same functions for all sockets, and find the connection at the socket. */
interface ConnectedSocket extends Socket {
  [CONNECTION]: Connection;
}
const CONNECTION = Symbol('connection');

export class Connection implements LinkOwner {
  readonly links: Readonly<Record<Stream, Link>>;
  readonly clock: StageClock;
  private readonly owner: ConnectionOwner;
  private readonly ordinal: number;
  private readonly client: Socket;
  private readonly upstream: DialledSocket;
  private farewell: NodeJS.Timeout | undefined;
  private open = 2;

  constructor(owner: ConnectionOwner, { client, upstream, ordinal }: ConnectionEnds) {
    const { clock, toxics } = owner;
    const { socket } = upstream;
    this.owner = owner;
    this.clock = clock;
    this.ordinal = ordinal;
    this.client = client;
    this.upstream = upstream;
    this.links = {
      upstream: new Link(this, {
        stream: 'upstream',
        source: client,
        destination: socket,
        toxics: toxics.upstream,
      }),
      downstream: new Link(this, {
        stream: 'downstream',
        source: socket,
        destination: client,
        toxics: toxics.downstream,
      }),
    };
    watch(client, this);
    watch(socket, this);
    upstream.taker = this.links.downstream;
    client.on('data', onData);
  }

  randomFor(stream: Stream, purpose: string): Random {
    return this.owner.random.fork(`connection ${this.ordinal}`).fork(`${stream} ${purpose}`);
  }

  setGate(gate: Gate): void {
    this.links.upstream.setGate(gate);
    this.links.downstream.setGate(gate);
  }

  hasLostBytes(): boolean {
    return this.links.upstream.hasLostBytes() || this.links.downstream.hasLostBytes();
  }

  /** Delivers what was sent, then closes both sides. */
  close(): void {
    this.links.upstream.destinationLost();
    this.links.downstream.destinationLost();
    this.client.destroySoon();
    this.upstream.socket.destroySoon();
    this.farewell ??= setTimeout(() => this.destroy(), FAREWELL_MS_MAX);
  }

  /** Closes both sides with a TCP reset. */
  reset(): void {
    this.client.resetAndDestroy();
    this.upstream.socket.resetAndDestroy();
  }

  /** Closes both sides at once. */
  destroy(): void {
    this.client.destroy();
    this.upstream.socket.destroy();
  }

  /** Gives the link that reads one of the two sockets. */
  findReader(socket: Socket): Link {
    return socket === this.client ? this.links.upstream : this.links.downstream;
  }

  findWriter(socket: Socket): Link {
    return socket === this.client ? this.links.downstream : this.links.upstream;
  }

  closed(socket: Socket): void {
    if (socket !== this.client) this.upstream.buffer.release();
    this.findReader(socket).end();
    this.findWriter(socket).destinationLost();
    this.open -= 1;
    if (this.open === 0) this.leave();
  }

  private leave(): void {
    clearTimeout(this.farewell);
    this.links.upstream.destroy();
    this.links.downstream.destroy();
    this.owner.onClosed(this);
  }
}

function watch(socket: Socket, connection: Connection): void {
  (socket as ConnectedSocket)[CONNECTION] = connection;
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
