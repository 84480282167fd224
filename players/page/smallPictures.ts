// Makes small pictures of frames that were read, one at a time and only when the page has time for it:
// a change of all screens at once must not keep the page from seeing what comes next.

import type { Pixels } from './seenFrame.ts';
import { PICTURE } from './picture.ts';

export interface SmallPictures {
  /** Calls back with the WebP of each, as base64; '' where a browser has none. */
  readonly draw: (
    pictures: readonly (() => Pixels)[],
    done: (webp: readonly string[]) => void,
  ) => void;
  /** Makes at once what still waits. */
  readonly flush: () => void;
}

const QUALITY = 0.6;
/** The page may be busy for longer than anybody waits. */
const IDLE_MS_MAX = 1_000;
const TYPE = 'image/webp';

export function createSmallPictures(): SmallPictures {
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE.width;
  canvas.height = PICTURE.height;
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  const waiting: (() => void)[] = [];
  let asked = false;
  const makeOne = (rgba: Pixels): string => {
    context?.putImageData(imageOf(rgba), 0, 0);
    const url = canvas.toDataURL(TYPE, QUALITY);
    return url.startsWith(`data:${TYPE}`) ? url.slice(url.indexOf(',') + 1) : '';
  };
  const ask = () => {
    if (asked || waiting.length === 0) return;
    asked = true;
    requestIdleCallback(
      () => {
        asked = false;
        waiting.shift()?.();
        ask();
      },
      { timeout: IDLE_MS_MAX },
    );
  };
  return {
    draw: (pictures, done) => {
      const made: string[] = [];
      for (const pixels of pictures) waiting.push(() => void made.push(makeOne(pixels())));
      waiting.push(() => done(made));
      ask();
    },
    flush: () => {
      for (const make of waiting.splice(0)) make();
    },
  };
}

const imageOf = (rgba: Pixels): ImageData =>
  new ImageData(rgba as Uint8ClampedArray<ArrayBuffer>, PICTURE.width, PICTURE.height);
