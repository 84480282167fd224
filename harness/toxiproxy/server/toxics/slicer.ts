// Cuts chunks into pieces of about `average_size` bytes, plus or minus `size_variation`, and waits
// `delay` microseconds after each.

import type { Random } from '../../../kernel/random.ts';
import { pacedQueue } from './pacedQueue.ts';
import type { Attributes, Stage, StageContext, ToxicKind } from './stage.ts';

/** Held bytes at which the source pauses. */
const HELD_BYTES_MAX = 64 * 1024;
/** Shortest time between two pieces, so that pieces of one byte do not keep the server from the rest. */
const DELAY_MICROSECONDS_MIN = 4;

export const slicer: ToxicKind = {
  type: 'slicer',
  structName: 'SlicerToxic',
  attributes: { average_size: 'int', size_variation: 'int', delay: 'int' },
  protocols: ['tcp'],
  create: createSlicer,
};

function createSlicer(given: Attributes, context: StageContext): Stage {
  const { clock, random } = context;
  const queue = pacedQueue(context, () => HELD_BYTES_MAX);
  let attributes = given;
  let freeAtMs = 0;

  const dueAtMs = (nowMs: number) => {
    const dueAt = Math.max(freeAtMs, nowMs);
    freeAtMs = dueAt + Math.max(DELAY_MICROSECONDS_MIN, attributes['delay'] ?? 0) / 1000;
    return dueAt;
  };

  return {
    write: (chunk) => {
      let hasRoom = true;
      let at = 0;
      for (const size of pieceSizes(chunk.length, attributes, random)) {
        hasRoom = queue.push(chunk.subarray(at, at + size), dueAtMs(clock.nowMs()));
        at += size;
      }
      return hasRoom;
    },
    end: queue.end,
    drained: queue.drained,
    update: (changed) => {
      attributes = changed;
      freeAtMs = clock.nowMs();
      queue.retime(() => dueAtMs(clock.nowMs()));
    },
    heldBytes: queue.heldBytes,
    release: queue.release,
  };
}

/**
 * Sizes that sum to `length`: halves it near the middle until a piece is within the variation of
 * the average, so that no end is favoured. Sizes that make no sense leave the chunk whole.
 */
export function pieceSizes(length: number, attributes: Attributes, random: Random): number[] {
  const { average_size: average = 0, size_variation: variation = 0 } = attributes;
  if (average <= 0 || variation < 0) return [length];
  const sizes: number[] = [];
  const cut = (size: number) => {
    if (size - average <= variation || size < 2) {
      sizes.push(size);
      return;
    }
    const swing = variation > 0 ? Math.floor(random.next() * variation * 2) - variation : 0;
    const middle = Math.min(Math.max(1, Math.floor(size / 2) + swing), size - 1);
    cut(middle);
    cut(size - middle);
  };
  cut(length);
  return sizes;
}
