// Delay on a link, each way: a round trip grows by twice the delay.

import { z } from 'zod';
import { duration, span } from '../fields/fields.ts';
import { formatDuration } from '../kernel/duration.ts';
import type { OnLinks } from '../model/scenario.ts';
import { writing, type LinkKind } from './kind.ts';
import { carriesAgain, eachWay } from './words.ts';

export interface LatencyFault extends OnLinks {
  readonly kind: 'latency';
  readonly delayMs: number;
  readonly jitterMs: number;
}

declare module '../model/fault.ts' {
  interface LinkFaults {
    latency: LatencyFault;
  }
}

export const latency: LinkKind<LatencyFault> = {
  kind: 'latency',
  on: 'links',
  writings: {
    latency: writing({
      field: z
        .strictObject({
          delay: span('Added to every byte, each way.', '1m'),
          jitter: duration('At most this much more or less.', '1m').prefault('0s'),
        })
        .refine(({ delay, jitter }) => jitter <= delay, {
          error: 'expected a jitter of at most the delay: nothing comes before it was sent',
        })
        .describe('Delay what passes.'),
      read: ({ delay, jitter }) => ({ kind: 'latency', delayMs: delay, jitterMs: jitter }),
    }),
  },
  injected: (fault, where) => `${where} is ${formatDuration(fault.delayMs)} later${eachWay(fault)}`,
  healed: carriesAgain,
  effect: ({ delayMs, jitterMs }) => `${delayMs} ms ± ${jitterMs} ms`,
  verb: () => ({ verb: 'delayed', told: true }),
  sized: (fault, { share }) => ({
    ...fault,
    delayMs: Math.round(fault.delayMs * share),
    jitterMs: Math.round(fault.jitterMs * share),
  }),
  toxics: ({ delayMs, jitterMs }) => [
    { type: 'latency', attributes: { latency: delayMs, jitter: jitterMs } },
  ],
  datagrams: 'same',
  numbers: ({ delayMs, jitterMs }) => ({ passes: true, delayMs, jitterMs }),
  stream: () => ({ kind: 'delay' }),
  replies: 'delay',
};
