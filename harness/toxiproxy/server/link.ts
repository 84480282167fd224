// One direction of a connection: reads a socket, passes the bytes through the chain of toxics, writes
// the other socket. Back-pressure goes from the destination through every stage to the source.
// Thousands may be idle, so a link is one object, and its chain is made when a toxic needs one.

import type { Random } from '../../kernel/random.ts';
import { createChain, type Chain } from './chain.ts';
import type { ByteTaker, TcpSocket } from './tcpSocket.ts';
import type { Stream, Toxic } from './toxic.ts';
import type { StageClock } from './toxics/stage.ts';
import { sharedTurn } from './turnShare.ts';

/** Bytes that wait for the destination in this process before the source pauses. */
const UNSENT_BYTES_MAX = 64 * 1024;
/** Sockets of Node read into memory of this size; a chunk that fills it may not be the last. */
const NODE_READ_BYTES = 64 * 1024;

/** The fate of bytes that arrive: pass, stay with the sender (its window fills), or vanish. */
export type Gate = 'open' | 'hold' | 'drop';

/** The connection that a link is one direction of. */
export interface LinkOwner {
  readonly clock: StageClock;
  /** A stream of chance of its own for each purpose on each of its links. */
  randomFor(stream: Stream, purpose: string): Random;
  /** A toxic asks to end the connection, after what was sent is delivered. */
  close(): void;
  /** A toxic asks for a TCP reset of both sides. */
  reset(): void;
}

export interface LinkEnds {
  readonly stream: Stream;
  readonly source: TcpSocket;
  readonly destination: TcpSocket;
  readonly toxics: readonly Toxic[];
}

export class Link implements ByteTaker {
  private readonly owner: LinkOwner;
  private readonly stream: Stream;
  private readonly source: TcpSocket;
  private readonly destination: TcpSocket;
  /** Undefined: bytes go straight from socket to socket. */
  private madeChain: Chain | undefined;
  private received = 0;
  private gate: Gate = 'open';
  /** The chain or the destination asked for a pause. */
  private paused = false;
  /** Others have their turn first. */
  private yields = false;
  /** Tells that nobody takes the bytes any more. */
  private discards = false;
  private endArrived = false;
  private lostBytes = false;

  /** Whoever reads the source hands its bytes to `take`, and calls `end` when there are no more. */
  constructor(owner: LinkOwner, { stream, source, destination, toxics }: LinkEnds) {
    this.owner = owner;
    this.stream = stream;
    this.source = source;
    this.destination = destination;
    for (const toxic of toxics) this.chain.attach(toxic, toxics);
  }

  /** Made when first asked for: most links never meet a toxic. */
  get chain(): Chain {
    this.madeChain ??= createChain({
      clock: this.owner.clock,
      randomFor: (purpose) => this.owner.randomFor(this.stream, purpose),
      datagrams: false,
      sink: {
        send: (chunk) => this.deliver(chunk),
        end: () => this.endDestination(),
        close: () => this.owner.close(),
        reset: () => this.owner.reset(),
        ready: () => this.resume(),
      },
    });
    return this.madeChain;
  }

  take(chunk: Buffer, filled = chunk.length >= NODE_READ_BYTES): void {
    this.received += chunk.length;
    if (!sharedTurn.spend(chunk.length) && filled) this.yieldTurn();
    if (this.gate === 'drop') this.lostBytes = true;
    if (this.gate === 'drop' || this.discards) return;
    const hasRoom = this.madeChain ? this.madeChain.write(chunk) : this.deliver(chunk);
    if (hasRoom || this.paused) return;
    this.paused = true;
    this.source.pause();
  }

  /**
   * The source ended. In error: what is in the chain is still delivered, then the destination ends.
   */
  end(): void {
    if (this.endArrived) return;
    this.endArrived = true;
    if (this.gate === 'drop') this.lostBytes = true;
    else if (this.madeChain) this.madeChain.end();
    else this.endDestination();
  }

  /** The destination takes bytes again. */
  drained(): void {
    if (this.madeChain) this.madeChain.drained();
    else if (this.paused) this.resume();
  }

  setGate(gate: Gate): void {
    this.gate = gate;
    if (gate === 'hold') this.source.pause();
    else this.resume();
  }

  /** Reads bytes and drops them, since nobody takes them any more, so that the source can end. */
  destinationLost(): void {
    this.discards = true;
    this.madeChain?.destroy();
    this.resume();
  }

  /**
   * Tells whether bytes arrived while the gate was on drop: the stream can never be whole again.
   */
  hasLostBytes(): boolean {
    return this.lostBytes;
  }

  receivedBytes(): number {
    return this.received;
  }

  sentBytes(): number {
    return this.destination.bytesWritten - this.destination.writableLength;
  }

  destroy(): void {
    this.madeChain?.destroy();
  }

  /**
   * A socket says "no more" to any chunk as large as its buffer, also when the system took it whole at
   * once; asking what is really left spares a pause and a resume for most chunks.
   */
  private deliver(chunk: Buffer): boolean {
    const { discards, destination } = this;
    if (discards || destination.writableEnded) return true;
    return destination.write(chunk) || destination.writableLength < UNSENT_BYTES_MAX;
  }

  /** A source that ended in order half-closes the destination; one that broke closes it. */
  private endDestination(): void {
    const { source, destination } = this;
    if (source.destroyed && !source.readableEnded) destination.destroySoon();
    else destination.end();
  }

  private resume(): void {
    if (this.gate === 'hold') return;
    this.paused = false;
    if (!this.yields) this.source.resume();
  }

  private yieldTurn(): void {
    if (this.yields) return;
    this.yields = true;
    this.source.pause();
    sharedTurn.afterwards(() => {
      this.yields = false;
      if (!this.paused) this.resume();
    });
  }
}
