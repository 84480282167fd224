// One direction of a connection: reads a socket, passes the bytes through the chain of toxics, writes
// the other socket. Back-pressure goes from the destination through every stage to the source.

import type { Socket } from 'node:net';
import { createChain, type Chain, type ChainOptions } from './chain.ts';
import type { ByteTaker } from './reusedBuffer.ts';
import type { Toxic } from './toxic.ts';
import { sharedTurn } from './turnShare.ts';

/** Bytes that wait for the destination in this process before the source pauses. */
const UNSENT_BYTES_MAX = 64 * 1024;
/** Largest chunk that a toxic gets, and one that none is there to get. */
const CHUNK_BYTES_MAX = { toxic: 64 * 1024, none: 256 * 1024 };

/** The fate of bytes that arrive: pass, stay with the sender (its window fills), or vanish. */
export type Gate = 'open' | 'hold' | 'drop';

export interface LinkOptions extends Omit<ChainOptions, 'sink' | 'datagrams'> {
  readonly source: Socket;
  readonly destination: Socket;
  readonly toxics: readonly Toxic[];
  /** Reads the source from now on. */
  readonly readTo: (taker: ByteTaker) => void;
  /** A toxic asks to end the connection, after what was sent is delivered. */
  readonly onClose: () => void;
  /** A toxic asks for a TCP reset of both sides. */
  readonly onReset: () => void;
}

export interface Link {
  /** Made when first asked for: most links never meet a toxic. */
  readonly chain: Chain;
  setGate(gate: Gate): void;
  /** The source ended in error: what is in the chain is still delivered, then the destination ends. */
  sourceLost(): void;
  /** Reads bytes and drops them, since nobody takes them any more, so that the source can end. */
  destinationLost(): void;
  /**
   * Tells whether bytes arrived while the gate was on drop: the stream can never be whole again.
   */
  hasLostBytes(): boolean;
  receivedBytes(): number;
  sentBytes(): number;
  destroy(): void;
}

interface LinkState {
  readonly options: LinkOptions;
  /** Undefined: bytes go straight from socket to socket. */
  chain: Chain | undefined;
  receivedBytes: number;
  gate: Gate;
  /** The chain or the destination asked for a pause. */
  paused: boolean;
  /** Others have their turn first. */
  yields: boolean;
  /** Tells that nobody takes the bytes any more. */
  discards: boolean;
  endArrived: boolean;
  lostBytes: boolean;
}

export function startLink(options: LinkOptions): Link {
  const { source, destination, toxics } = options;
  const state: LinkState = {
    options,
    chain: undefined,
    receivedBytes: 0,
    gate: 'open',
    paused: false,
    yields: false,
    discards: false,
    endArrived: false,
    lostBytes: false,
  };
  for (const toxic of toxics) chainOf(state).attach(toxic, toxics);
  source.on('end', () => receiveEnd(state));
  destination.on('drain', () => {
    if (state.chain) state.chain.drained();
    else if (state.paused) resume(state);
  });
  options.readTo({
    take: (chunk) => receive(state, chunk),
    keeps: () => keepsBytes(state),
    bytesMax: () =>
      state.chain?.isEmpty() === false ? CHUNK_BYTES_MAX.toxic : CHUNK_BYTES_MAX.none,
  });

  return {
    get chain() {
      return chainOf(state);
    },
    setGate: (gate) => {
      state.gate = gate;
      if (gate === 'hold') source.pause();
      else resume(state);
    },
    sourceLost: () => receiveEnd(state),
    destinationLost: () => {
      state.discards = true;
      state.chain?.destroy();
      resume(state);
    },
    hasLostBytes: () => state.lostBytes,
    receivedBytes: () => state.receivedBytes,
    sentBytes: () => destination.bytesWritten - destination.writableLength,
    destroy: () => state.chain?.destroy(),
  };
}

function chainOf(state: LinkState): Chain {
  const { options } = state;
  state.chain ??= createChain({
    clock: options.clock,
    randomFor: options.randomFor,
    datagrams: false,
    sink: {
      send: (chunk) => deliver(state, chunk),
      end: () => endDestination(options),
      close: options.onClose,
      reset: options.onReset,
      ready: () => resume(state),
    },
  });
  return state.chain;
}

/** Bytes that were received and that a toxic holds or that the system has not taken yet. */
const keepsBytes = ({ chain, options: { destination } }: LinkState): boolean =>
  destination.writableLength > 0 || (chain !== undefined && chain.heldBytes() > 0);

function receive(state: LinkState, chunk: Buffer): void {
  state.receivedBytes += chunk.length;
  if (!sharedTurn.spend(chunk.length)) yieldTurn(state);
  if (state.gate === 'drop') state.lostBytes = true;
  if (state.gate === 'drop' || state.discards) return;
  const hasRoom = state.chain ? state.chain.write(chunk) : deliver(state, chunk);
  if (hasRoom || state.paused) return;
  state.paused = true;
  state.options.source.pause();
}

/**
 * A socket says "no more" to any chunk as large as its buffer, also when the system took it whole at
 * once; asking what is really left spares a pause and a resume for most chunks.
 */
function deliver({ discards, options: { destination } }: LinkState, chunk: Buffer): boolean {
  if (discards || destination.writableEnded) return true;
  return destination.write(chunk) || destination.writableLength < UNSENT_BYTES_MAX;
}

function receiveEnd(state: LinkState): void {
  if (state.endArrived) return;
  state.endArrived = true;
  if (state.gate === 'drop') state.lostBytes = true;
  else if (state.chain) state.chain.end();
  else endDestination(state.options);
}

/** A source that ended in order half-closes the destination; one that broke closes it. */
function endDestination({ source, destination }: LinkOptions): void {
  if (source.destroyed && !source.readableEnded) destination.destroySoon();
  else destination.end();
}

function resume(state: LinkState): void {
  if (state.gate === 'hold') return;
  state.paused = false;
  if (!state.yields) state.options.source.resume();
}

function yieldTurn(state: LinkState): void {
  if (state.yields) return;
  state.yields = true;
  state.options.source.pause();
  sharedTurn.afterwards(() => {
    state.yields = false;
    if (!state.paused) resume(state);
  });
}
