// A frame that was read from a video element, for those who need no browser to look at it.

import type { Luma } from './picture.ts';

/** Red, green, blue and opacity, PICTURE.width x PICTURE.height. */
export type Pixels = Uint8ClampedArray;

/** A frame that was read. */
export interface SeenFrame {
  /** Reads its places, to be looked at before the next frame is. */
  readonly luma: () => Luma;
  /** Keeps it, up to when the frame after the next is read; the answer makes its pixels at any time. */
  readonly keep: () => () => Pixels;
}
