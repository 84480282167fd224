// Telling pictures without a frame clock by whether they are repeated.

import { expect, it } from 'vitest';
import { lumaOfRgba, PICTURE } from '../../../players/page/picture.ts';
import { countPictures } from '../../../players/page/stillness.ts';

const PIXELS = PICTURE.width * PICTURE.height;

/** A grey picture, with another level at every second pixel from the left edge on. */
function picture(level: number, { at = 0, of = 0 }: { at?: number; of?: number } = {}) {
  const rgba = new Uint8ClampedArray(PIXELS * 4).fill(level);
  for (let x = 0; x < of; x++) rgba.fill(at, x * 8, x * 8 + 3);
  return lumaOfRgba(rgba);
}

it('a picture is counted once, however often it is repeated', () => {
  const count = countPictures();
  const shown = [100, 100, 100, 120, 120, 100].map((level) => count(picture(level)).counter);
  expect(shown).toEqual([1, 1, 1, 2, 2, 3]);
});

it('has its brightness also when it is repeated', () => {
  const count = countPictures();
  expect([0, 0, 200].map((level) => count(picture(level)).luma)).toEqual([0, 0, 200]);
});

it('what an encoder does to a standing picture makes no other one, one place that moves does', () => {
  const count = countPictures();
  const shown = [
    picture(100),
    picture(101),
    picture(100, { at: 116, of: 1 }),
    picture(100, { at: 118, of: 1 }),
  ];
  expect(shown.map((one) => count(one).counter)).toEqual([1, 1, 1, 2]);
});

it('slow changes add up to another picture', () => {
  const count = countPictures();
  const levels = Array.from({ length: 10 }, (_, step) => 100 + step);
  expect(levels.map((level) => count(picture(level)).counter)).toEqual([
    1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
  ]);
});
