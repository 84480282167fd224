// Counts the pictures of a stream without a frame clock: each that differs from the one before is
// another. Encoders do not repeat a standing picture bit by bit, so a little difference is none.

import { PICTURE, STEP, type Luma } from './picture.ts';

/**
 * Mean difference of luma, of 255, and that of one place; above either it is another picture. Standing
 * pictures of H.264 at 300 kbit/s and more were off by up to 0.84 and 7, those of slow programmes by 0.63
 * and 9 from one frame to the next, which add up.
 */
const MEAN_MAX = 1;
const PLACE_MAX = 16;
const PLACES = Math.ceil(PICTURE.width / STEP) * Math.ceil(PICTURE.height / STEP);

interface CountedPicture {
  /** The pictures so far, from 1: the same as before for one that is repeated. */
  readonly counter: number;
  /** Mean luma 0..255. */
  readonly luma: number;
}

/** The same picture is held against the first of its kind: slow changes add up to another one. */
export function countPictures(): (luma: Luma) => CountedPicture {
  let [shown, next] = [new Uint8Array(PLACES), new Uint8Array(PLACES)];
  let counter = 0;
  return (picture) => {
    const luma = readPlaces(picture, next);
    if (counter === 0 || differ(shown, next)) {
      counter += 1;
      [shown, next] = [next, shown];
    }
    return { counter, luma };
  };
}

/** Fills in the luma of each place; gives the mean. */
function readPlaces(picture: Luma, places: Uint8Array): number {
  let [at, sum] = [0, 0];
  for (let y = 0; y < PICTURE.height; y += STEP)
    for (let x = 0; x < PICTURE.width; x += STEP) {
      const luma = picture[y * PICTURE.width + x]!;
      places[at++] = luma;
      sum += luma;
    }
  return Math.round(sum / PLACES);
}

function differ(shown: Uint8Array, next: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < PLACES; at++) {
    const off = Math.abs(shown[at]! - next[at]!);
    if (off > PLACE_MAX) return true;
    sum += off;
  }
  return sum > MEAN_MAX * PLACES;
}
