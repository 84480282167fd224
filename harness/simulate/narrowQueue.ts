// The queue before a link of limited rate: one passes after another, at the rate that there is then.

import type { Clock } from '../kernel/clock.ts';
import { rejectWhenAborted } from '../kernel/deadline.ts';

export interface NarrowQueue {
  /** Bits that have not passed yet. */
  readonly waitingBits: () => number;
  /** Resolves when so much has passed; who gives up leaves nothing in the queue. */
  readonly pass: (bytes: number, signal: AbortSignal) => Promise<void>;
}

export interface NarrowQueueOptions {
  readonly clock: Clock;
  /** Infinity without a limit. */
  readonly rateKbps: () => number;
  /** Resolves at the next change of the rate. */
  readonly changed: (signal: AbortSignal) => Promise<void>;
}

/** The one at the head, at the rate there is. */
interface Passing {
  readonly bits: number;
  readonly rate: number;
  readonly sinceEpochMs: number;
}

/** Made once: nobody sees it. */
const CHANGED = new Error('the rate has changed');

export function createNarrowQueue({ clock, rateKbps, changed }: NarrowQueueOptions): NarrowQueue {
  let waitingBits = 0;
  let passing: Passing | undefined;
  const passedBits = ({ bits, rate, sinceEpochMs }: Passing): number =>
    Math.min(bits, (clock.epochMs() - sinceEpochMs) * rate);
  let last: Promise<void> = Promise.resolve();
  const sleepUntilChange = async (ms: number, signal: AbortSignal): Promise<void> => {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    try {
      await Promise.race([clock.sleep(ms, either), changed(either)]);
    } finally {
      over.abort(CHANGED);
    }
  };
  return {
    waitingBits: () => waitingBits - (passing ? passedBits(passing) : 0),
    pass: async (bytes, signal) => {
      if (rateKbps() === Infinity && waitingBits === 0) return;
      let bits = bytes * 8;
      const isFirst = waitingBits === 0;
      const before = last;
      const left = Promise.withResolvers<void>();
      waitingBits += bits;
      last = left.promise;
      try {
        if (!isFirst) await Promise.race([before, rejectWhenAborted(signal)]);
        for (let rate = rateKbps(); bits > 1 && rate < Infinity; rate = rateKbps()) {
          const own = { bits, rate, sinceEpochMs: clock.epochMs() };
          passing = own;
          try {
            await sleepUntilChange(bits / rate, signal);
          } finally {
            bits -= passedBits(own);
            waitingBits -= passedBits(own);
            passing = undefined;
          }
        }
      } finally {
        waitingBits -= bits;
        void before.then(left.resolve);
      }
    },
  };
}
