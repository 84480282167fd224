// The shapes of records about bytes between countries.

import { z } from 'zod';

const count = z.number().nonnegative();
const way = { forward: count, backward: count };
const frames = z.looseObject({ bytes: count, frames: count });

export const BORDER_SHAPES = [
  z.looseObject({
    type: z.literal('passed'),
    atMs: z.number(),
    flow: z.string(),
    ...way,
    given: z.looseObject(way).optional(),
    last: z.boolean().optional(),
  }),
  z.looseObject({
    type: z.literal('interface'),
    atMs: z.number(),
    stage: z.string(),
    received: frames,
    sent: frames,
    doubt: z.string().optional(),
    closed: z.boolean().optional(),
    last: z.boolean().optional(),
  }),
] as const;
