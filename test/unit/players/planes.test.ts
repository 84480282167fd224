// Reading places of a decoded picture from its planes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blackPicture, slatePicture, stampClock } from '../../../harness/pipeline/picture.ts';
import { PICTURE, PLACES, readPicture } from '../../../players/page/picture.ts';
import {
  createLumaReader,
  createPixelKeeper,
  isPlanar,
  type Planes,
} from '../../../players/page/planes.ts';

const SIZES = [
  { width: 160, height: 90 },
  { width: 192, height: 108 },
  { width: 320, height: 180 },
  { width: 1280, height: 720 },
] as const;
type Size = (typeof SIZES)[number];

/** Planar 4:2:0 without gaps, as pictures lie in the harness. */
function tight(bytes: Uint8Array, { width, height }: Size, fullRange = false): Planes {
  const [luma, stride] = [width * height, width / 2];
  const planes = [
    { offset: 0, stride: width },
    { offset: luma, stride },
    { offset: luma * 1.25, stride },
  ];
  return { bytes, width, height, format: 'I420', planes, fullRange };
}

/** The same, with both colours in turn, and rows that are longer than the picture is wide. */
function inTurn(bytes: Uint8Array, size: Size): Planes {
  const { width, height } = size;
  const stride = width + 32;
  const moved = new Uint8Array(stride * height * 1.5).fill(255);
  const luma = width * height;
  for (let y = 0; y < height; y++)
    moved.set(bytes.subarray(y * width, (y + 1) * width), y * stride);
  for (let y = 0; y < height / 2; y++)
    for (let x = 0; x < width / 2; x++)
      for (const colour of [0, 1])
        moved[stride * (height + y) + 2 * x + colour] =
          bytes[luma * (1 + colour / 4) + (y * width) / 2 + x]!;
  const planes = [
    { offset: 0, stride },
    { offset: stride * height, stride },
  ];
  return { ...tight(moved, size), format: 'NV12', planes };
}

const anIdentity = fc.record({
  counter: fc.integer({ min: 0, max: 2 ** 28 - 1 }),
  channel: fc.integer({ min: 1, max: 63 }),
  slate: fc.boolean(),
});

describe.each(SIZES)('a picture of $width x $height', (size) => {
  it('has its frame clock in the places that are read, wherever its rows lie', () => {
    fc.assert(
      fc.property(anIdentity, (identity) => {
        const picture = slatePicture(size);
        stampClock(picture, size, identity);
        for (const planes of [tight(picture, size), inTurn(picture, size)])
          expect(readPicture(createLumaReader()(planes)).identity).toEqual(identity);
      }),
      { numRuns: 20 },
    );
  });

  it('is read to its last pixel', () => {
    const picture = blackPicture(size);
    const last = PLACES.at(-1)!;
    const read = createLumaReader();
    expect(read(tight(picture, size))[last]).toBe(0);
    picture.fill(235, size.width * Math.floor((size.height * 26) / 27), size.width * size.height);
    expect(read(tight(picture, size))[last]).toBe(255);
  });
});

describe('brightness', () => {
  const size = SIZES[0];
  const read = createLumaReader();
  const readLevel = (level: number, fullRange: boolean) => {
    const picture = new Uint8Array(160 * 90 * 1.5).fill(level);
    return readPicture(read(tight(picture, size, fullRange))).luma;
  };

  it('is from black to white in the range of the picture', () => {
    expect([0, 16, 235, 255].map((level) => readLevel(level, false))).toEqual([0, 0, 255, 255]);
    expect([0, 16, 235, 255].map((level) => readLevel(level, true))).toEqual([0, 16, 235, 255]);
  });
});

describe('pixels', () => {
  const size = SIZES[2];
  const pixelsOf = (picture: Planes) => createPixelKeeper()(picture)();

  it('are grey where the picture is', () => {
    const rgba = pixelsOf(tight(blackPicture(size).fill(126, 0, 320 * 180), size));
    expect(rgba).toHaveLength(PICTURE.width * PICTURE.height * 4);
    expect([...rgba.subarray(0, 4)]).toEqual([128, 128, 128, 255]);
  });

  it('have its colours, wherever the format has them', () => {
    const picture = slatePicture(size);
    const rgba = pixelsOf(tight(picture, size));
    const [red, green, blue] = rgba.subarray(0, 3);
    expect(blue).toBeGreaterThan(green!);
    expect(green).toBeGreaterThan(red!);
    expect(pixelsOf(inTurn(picture, size))).toEqual(rgba);
  });
});

it('other formats are not read by planes', () => {
  expect(['I420', 'NV12', 'RGBA', 'I420P10', 'toString', null].map(isPlanar)).toEqual([
    ...[true, true],
    ...[false, false, false, false],
  ]);
});
