// Reads the content of a single presented frame.

import { MARK } from '../model/history.ts';
import { BLACK_LUMA } from './thresholds.ts';

export type Look = 'programme' | 'black' | 'slate' | 'unmeasured';

/** Another channel's clock is a picture, but not the programme: it counts as slate. */
export function classifyLook(mark: number, luma: number): Look {
  if (mark === MARK.programme) return 'programme';
  if (mark === MARK.slate || mark === MARK.other) return 'slate';
  if (luma < BLACK_LUMA) return 'black';
  return mark === MARK.plain ? 'programme' : 'unmeasured';
}
