// Delays every chunk by `latency` plus or minus `jitter` milliseconds; order is kept, so a chunk
// with a short delay waits for the one before it.

import { pacedQueue } from './pacedQueue.ts';
import type { ToxicKind } from './stage.ts';

/** Bytes in flight on one link: 1024 chunks of 32 KB, what the official server buffers. */
const IN_FLIGHT_BYTES_MAX = 32 * 1024 * 1024;

export const latency: ToxicKind = {
  type: 'latency',
  structName: 'LatencyToxic',
  attributes: { latency: 'int64', jitter: 'int64' },
  protocols: ['tcp', 'udp'],
  create(given, context) {
    const { clock, random } = context;
    const queue = pacedQueue(context, { bytesMax: () => IN_FLIGHT_BYTES_MAX });
    let attributes = given;
    let lastDueAtMs = 0;

    const dueAtMs = (arrivedAtMs: number) => {
      const { latency = 0, jitter = 0 } = attributes;
      const swing = jitter > 0 ? (random.next() * 2 - 1) * jitter : 0;
      lastDueAtMs = Math.max(lastDueAtMs, arrivedAtMs + Math.max(0, latency + swing));
      return lastDueAtMs;
    };

    return {
      write: (chunk) => queue.push(chunk, dueAtMs(clock.nowMs())),
      end: queue.end,
      drained: queue.drained,
      update: (changed) => {
        attributes = changed;
        lastDueAtMs = 0;
        queue.retime((queued) => dueAtMs(queued.arrivedAtMs));
      },
      heldBytes: queue.heldBytes,
      release: queue.release,
    };
  },
};
