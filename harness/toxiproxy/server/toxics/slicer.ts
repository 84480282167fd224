// Cuts chunks into pieces of about `average_size` bytes, plus or minus `size_variation`, and waits
// `delay` microseconds after each.

import type { Random } from '../../../kernel/random.ts';
import { pacedQueue, type QueuedChunk } from './pacedQueue.ts';
import type { Attributes, ToxicKind } from './stage.ts';

/** Held bytes at which the source pauses. */
const HELD_BYTES_MAX = 64 * 1024;
/** Shortest time between two pieces, so that pieces of one byte do not keep the server from the rest. */
const DELAY_MICROSECONDS_MIN = 4;

export const slicer: ToxicKind = {
  type: 'slicer',
  structName: 'SlicerToxic',
  attributes: { average_size: 'int', size_variation: 'int', delay: 'int' },
  protocols: ['tcp'],
  create(given, context) {
    const { clock, random } = context;
    let attributes = given;
    let freeAtMs = 0;
    /** The parts that the head is still to be cut from, the next one last. */
    let parts: number[] = [];

    const cut = (head: QueuedChunk, next: QueuedChunk | undefined) => {
      if (head.goneBytes === 0) parts = [head.chunk.length];
      const delayMs = Math.max(DELAY_MICROSECONDS_MIN, attributes['delay'] ?? 0) / 1000;
      freeAtMs = Math.max(freeAtMs, head.dueAtMs) + delayMs;
      head.dueAtMs = freeAtMs;
      if (next) next.dueAtMs = freeAtMs;
      return nextPiece(parts, attributes, random);
    };
    const queue = pacedQueue(context, { bytesMax: () => HELD_BYTES_MAX, cut });

    return {
      write: (chunk) => queue.push(chunk, Math.max(freeAtMs, clock.nowMs())),
      end: queue.end,
      drained: queue.drained,
      update: (changed) => {
        attributes = changed;
        freeAtMs = clock.nowMs();
        queue.retime(() => freeAtMs);
      },
      heldBytes: queue.heldBytes,
      release: queue.release,
    };
  },
};

/**
 * Cuts the next piece off parts that follow each other, the first one last: halves it near the middle
 * until it is within the variation of the average, so that no end is favoured. Sizes that make no sense
 * leave a part whole.
 */
export function nextPiece(parts: number[], attributes: Attributes, random: Random): number {
  const { average_size: average = 0, size_variation: variation = 0 } = attributes;
  let size = parts.pop() ?? 0;
  if (average <= 0 || variation < 0) return size;
  while (size - average > variation) {
    const swing = Math.floor(random.next() * variation * 2) - variation;
    const middle = Math.min(Math.max(1, Math.floor(size / 2) + swing), size - 1);
    parts.push(size - middle);
    size = middle;
  }
  return size;
}
