// Passes at most `rate` kilobytes (of 1000 bytes) a second. Rate 0 holds everything, without loss,
// until the rate changes or the toxic is removed.

import { leftBytes, pacedQueue, type QueuedChunk } from './pacedQueue.ts';
import type { ToxicKind } from './stage.ts';

/** A chunk that takes longer than this is sent in pieces that take this long. */
const PIECE_MS = 100;
/** Time lost to late timers that is made up; a source that was silent for longer was idle. */
const CREDIT_MS = 50;
/** The same after a pause that we asked for: the source had more to send. */
const CREDIT_AFTER_PAUSE_MS = 250;
/** Held bytes at which the source pauses: enough to keep the rate between two timers. */
const HELD_BYTES = { min: 64 * 1024, ms: 100, max: 8 * 1024 * 1024 };
/** A datagram that would wait longer than this is dropped, as a router's queue does. */
const DATAGRAM_QUEUE_MS_MAX = 500;

export const bandwidth: ToxicKind = {
  type: 'bandwidth',
  structName: 'BandwidthToxic',
  attributes: { rate: 'int64' },
  protocols: ['tcp', 'udp'],
  create(given, context) {
    const { clock, datagrams } = context;
    let bytesPerMs = given['rate'] ?? 0;
    let busyUntilMs = 0;
    let askedForPause = false;
    const bytesMax = () =>
      Math.min(Math.max(HELD_BYTES.min, bytesPerMs * HELD_BYTES.ms), HELD_BYTES.max);
    const pieceMs = (bytes: number) =>
      Math.min(bytes / bytesPerMs, datagrams ? Infinity : PIECE_MS);
    const cut = (head: QueuedChunk) => {
      const left = leftBytes(head);
      const piece = datagrams ? left : Math.min(left, bytesPerMs * PIECE_MS);
      head.dueAtMs += pieceMs(left - piece);
      return piece;
    };
    const queue = pacedQueue(context, { bytesMax, cut });

    /** When the first piece of so many bytes is through; the line is busy until all of them are. */
    const dueAtMs = (length: number, nowMs: number) => {
      if (bytesPerMs <= 0) return Infinity;
      const creditMs = askedForPause ? CREDIT_AFTER_PAUSE_MS : CREDIT_MS;
      const fromMs = nowMs - busyUntilMs > creditMs ? nowMs : busyUntilMs;
      busyUntilMs = fromMs + length / bytesPerMs;
      return fromMs + pieceMs(length);
    };

    const write = (chunk: Buffer): boolean => {
      const nowMs = clock.nowMs();
      const isDropped =
        datagrams && (bytesPerMs <= 0 || busyUntilMs - nowMs > DATAGRAM_QUEUE_MS_MAX);
      const hasRoom = isDropped || queue.push(chunk, dueAtMs(chunk.length, nowMs));
      askedForPause = !hasRoom;
      return hasRoom;
    };

    return {
      write,
      end: queue.end,
      drained: queue.drained,
      update: (changed) => {
        bytesPerMs = changed['rate'] ?? 0;
        busyUntilMs = clock.nowMs();
        queue.retime((queued) => dueAtMs(leftBytes(queued), clock.nowMs()));
      },
      heldBytes: queue.heldBytes,
      release: queue.release,
    };
  },
};
