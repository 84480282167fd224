// Counts the bytes and connections of a proxy while its connections live.

import type { Stream } from './toxic.ts';

/** Anything that counts bytes of one direction. */
export interface ByteCounter {
  receivedBytes(): number;
  sentBytes(): number;
}

export type StreamCounters = Readonly<Record<Stream, ByteCounter>>;

export interface ProxyTotals {
  acceptedConnections: number;
  failedDials: number;
  openConnections(): number;
  received(stream: Stream): number;
  sent(stream: Stream): number;
  /** Bytes were received of a client that has no connection, and nobody gets them. */
  drop(stream: Stream, bytes: number): void;
  /** A connection lives from here on and counts by itself. */
  adopt(counters: StreamCounters): void;
  /** It has ended: its last numbers are kept. */
  retire(counters: StreamCounters): void;
}

export function createTotals(): ProxyTotals {
  const living = new Set<StreamCounters>();
  const past = { upstream: { received: 0, sent: 0 }, downstream: { received: 0, sent: 0 } };
  return {
    acceptedConnections: 0,
    failedDials: 0,
    openConnections: () => living.size,
    received: (stream) =>
      living
        .values()
        .reduce((sum, one) => sum + one[stream].receivedBytes(), past[stream].received),
    sent: (stream) =>
      living.values().reduce((sum, one) => sum + one[stream].sentBytes(), past[stream].sent),
    drop: (stream, bytes) => {
      past[stream].received += bytes;
    },
    adopt: (counters) => living.add(counters),
    retire: (counters) => {
      if (!living.delete(counters)) return;
      for (const stream of ['upstream', 'downstream'] as const) {
        past[stream].received += counters[stream].receivedBytes();
        past[stream].sent += counters[stream].sentBytes();
      }
    },
  };
}
