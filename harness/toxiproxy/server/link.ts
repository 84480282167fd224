// One direction of a connection: reads a socket, passes the bytes through the chain of toxics, writes
// the other socket. Back-pressure goes from the destination through every stage to the source.

import type { Socket } from 'node:net';
import { createChain, type Chain, type ChainOptions } from './chain.ts';
import type { Toxic } from './toxic.ts';

/** What becomes of bytes that arrive: pass, stay with the sender (its window fills), or vanish. */
export type Gate = 'open' | 'hold' | 'drop';

export interface LinkOptions extends Omit<ChainOptions, 'sink' | 'datagrams'> {
  readonly source: Socket;
  readonly destination: Socket;
  readonly toxics: readonly Toxic[];
  /** A toxic asks to end the connection, after what was sent is delivered. */
  readonly onClose: () => void;
  /** A toxic asks for a TCP reset of both sides. */
  readonly onReset: () => void;
}

export interface Link {
  readonly chain: Chain;
  setGate(gate: Gate): void;
  /** The source ended in error: what is in the chain is still delivered, then the destination ends. */
  sourceLost(): void;
  /** Nobody takes the bytes any more: they are read and dropped, so that the source can end. */
  destinationLost(): void;
  receivedBytes(): number;
  sentBytes(): number;
  destroy(): void;
}

export function startLink(options: LinkOptions): Link {
  const { source, destination } = options;
  let receivedBytes = 0;
  let gate: Gate = 'open';
  let paused = false;
  let ended = false;
  let lost = false;
  let endArrived = false;

  const resume = () => {
    if (gate === 'hold') return;
    paused = false;
    source.resume();
  };

  const chain = createChain({
    ...options,
    datagrams: false,
    sink: {
      send: (chunk) => lost || ended || destination.write(chunk),
      end: () => {
        ended = true;
        if (source.destroyed && !source.readableEnded) destination.destroySoon();
        else destination.end();
      },
      close: options.onClose,
      reset: options.onReset,
      ready: resume,
    },
  });

  const onData = (chunk: Buffer) => {
    receivedBytes += chunk.length;
    if (gate === 'drop' || lost) return;
    if (chain.write(chunk) || paused) return;
    paused = true;
    source.pause();
  };
  const onDrain = () => chain.drained();
  const onEnd = () => {
    if (endArrived) return;
    endArrived = true;
    chain.end();
  };

  for (const toxic of options.toxics) chain.attach(toxic, options.toxics);
  source.on('data', onData);
  source.on('end', onEnd);
  destination.on('drain', onDrain);
  // Accepted sockets are paused, and stay so when somebody begins to listen.
  source.resume();

  return {
    chain,
    setGate: (next) => {
      gate = next;
      if (gate === 'hold') source.pause();
      else resume();
    },
    sourceLost: onEnd,
    destinationLost: () => {
      lost = true;
      chain.destroy();
      resume();
    },
    receivedBytes: () => receivedBytes,
    sentBytes: () => destination.bytesWritten - destination.writableLength,
    destroy: () => {
      chain.destroy();
      source.off('data', onData);
      source.off('end', onEnd);
      destination.off('drain', onDrain);
    },
  };
}
