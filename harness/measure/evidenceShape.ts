// The shape of the evidence in a record of a viewer: nothing that a report would grow by without bound.

import { z } from 'zod';
import { EVIDENCE_MAX } from '../model/evidence.ts';

/** A path is as long as a server lets it be. */
const PATH_MAX = 4_000;
const asked = { path: z.string().max(PATH_MAX), atMs: z.number() };

export const EVIDENCE_SHAPE = z.looseObject({
  begins: z.boolean(),
  pictures: z
    .array(
      z.looseObject({
        atMs: z.number(),
        webp: z
          .string()
          .max(EVIDENCE_MAX.webp)
          .regex(/^[\w+/]*=*$/)
          .optional(),
      }),
    )
    .max(EVIDENCE_MAX.pictures),
  playlist: z.looseObject({ ...asked, text: z.string().max(EVIDENCE_MAX.playlist) }).optional(),
  underWay: z.array(z.looseObject(asked)).max(EVIDENCE_MAX.underWay).optional(),
});
