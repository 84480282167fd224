// The shapes of records about machines: the one of the run, and workers on others.

import { z } from 'zod';

const ms = z.number();
const word = z.string();

export const MACHINE_SHAPES = [
  z.looseObject({
    type: z.literal('machine'),
    atMs: ms,
    load: z.number(),
    running: z.number(),
    waitingShare: z.number().optional(),
    stealShare: z.number().optional(),
  }),
  z.looseObject({
    type: z.literal('worker'),
    atMs: ms,
    worker: word,
    event: z.enum(['join', 'clock', 'lost', 'leave']),
    clock: z.looseObject({ offsetMs: ms, uncertaintyMs: ms.nonnegative() }).optional(),
    detail: word.optional(),
  }),
] as const;
