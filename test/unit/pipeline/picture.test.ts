import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  blackPicture,
  frameBytes,
  readClock,
  slatePicture,
  stampClock,
} from '../../../harness/pipeline/picture.ts';

const size = fc.record({
  width: fc.integer({ min: 60, max: 400 }).map((half) => half * 2),
  height: fc.integer({ min: 40, max: 300 }).map((half) => half * 2),
});
const identity = fc.record({
  counter: fc.integer({ min: 0, max: 2 ** 28 - 1 }),
  channel: fc.integer({ min: 1, max: 63 }),
  slate: fc.boolean(),
});

test('reads back every clock it writes, at any size and over any picture', () => {
  fc.assert(
    fc.property(size, identity, fc.integer({ min: 0, max: 255 }), (at, clock, level) => {
      const picture = Buffer.alloc(frameBytes(at), level);
      stampClock(picture, at, clock);
      expect(readClock(picture, at)).toEqual(clock);
    }),
    { numRuns: 60 },
  );
});

test('finds no clock in a black picture nor in a bare slate', () => {
  const at = { width: 320, height: 180 };
  expect(readClock(blackPicture(at), at)).toBeUndefined();
  expect(readClock(slatePicture(at), at)).toBeUndefined();
});

test('touches nothing below the strip', () => {
  const at = { width: 320, height: 180 };
  const picture = Buffer.alloc(frameBytes(at), 77);
  stampClock(picture, at, { counter: 5, channel: 1, slate: false });
  const below = picture.subarray(at.width * 20, at.width * at.height);
  expect(below.every((level) => level === 77)).toBe(true);
});

test('a later stamp replaces an earlier one', () => {
  const at = { width: 320, height: 180 };
  const picture = blackPicture(at);
  stampClock(picture, at, { counter: 2 ** 28 - 1, channel: 63, slate: true });
  stampClock(picture, at, { counter: 0, channel: 1, slate: false });
  expect(readClock(picture, at)).toEqual({ counter: 0, channel: 1, slate: false });
});
