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

export class Connection implements LinkOwner {
  readonly links: Readonly<Record<Stream, Link>>;
  readonly clock: StageClock;
  private readonly owner: ConnectionOwner;
  private readonly ordinal: number;
  private readonly client: Socket;
  private readonly upstream: Socket;
  private farewell: NodeJS.Timeout | undefined;
  private open = 2;

  constructor(owner: ConnectionOwner, { client, upstream: dialled, ordinal }: ConnectionEnds) {
    const { clock, toxics } = owner;
    const { socket: upstream } = dialled;
    this.owner = owner;
    this.clock = clock;
    this.ordinal = ordinal;
    this.client = client;
    this.upstream = upstream;
    const stream = (name: Stream, source: Socket, destination: Socket) =>
      new Link(this, { stream: name, source, destination, toxics: toxics[name] });
    this.links = {
      upstream: stream('upstream', client, upstream),
      downstream: stream('downstream', upstream, client),
    };
    this.watch(client, this.links.upstream, this.links.downstream);
    this.watch(upstream, this.links.downstream, this.links.upstream);
    dialled.readTo(this.links.downstream);
    // Accepted sockets are paused, and stay so when somebody begins to listen.
    client.on('data', (chunk) => this.links.upstream.take(chunk)).resume();
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
    this.upstream.destroySoon();
    this.farewell ??= setTimeout(() => this.destroy(), FAREWELL_MS_MAX);
  }

  /** Closes both sides with a TCP reset. */
  reset(): void {
    this.client.resetAndDestroy();
    this.upstream.resetAndDestroy();
  }

  /** Closes both sides at once. */
  destroy(): void {
    this.client.destroy();
    this.upstream.destroy();
  }

  private watch(socket: Socket, reads: Link, writes: Link): void {
    socket.on('end', () => reads.end());
    socket.on('drain', () => writes.drained());
    socket.on('close', () => {
      reads.end();
      writes.destinationLost();
      this.open -= 1;
      if (this.open === 0) this.leave();
    });
  }

  private leave(): void {
    clearTimeout(this.farewell);
    this.links.upstream.destroy();
    this.links.downstream.destroy();
    this.owner.onClosed(this);
  }
}
