// The shape of a request with CMCD, as a journal holds it.

import { z } from 'zod';

export const CMCD_SHAPE = z.looseObject({
  type: z.literal('cmcd'),
  atMs: z.number(),
  stage: z.string(),
  host: z.string(),
  path: z.string(),
  status: z.number(),
  says: z.string(),
});
