// Reading the frame clock and the brightness from pixels.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { FRAME_CLOCK, encodeCells, type FrameIdentity } from '../../../harness/model/frameClock.ts';
import { lumaOfRgba, PICTURE, readPicture, type Luma } from '../../../players/page/picture.ts';

const { columns, rows } = FRAME_CLOCK;
const STRIP_HEIGHT = PICTURE.height * FRAME_CLOCK.heightShare;

const anIdentity = fc.record({
  counter: fc.integer({ min: 0, max: 2 ** FRAME_CLOCK.counterBits - 1 }),
  channel: fc.integer({ min: 1, max: 63 }),
  slate: fc.boolean(),
});

describe('a picture with a frame clock', () => {
  it('is identified whatever its counter, channel and mark', () => {
    fc.assert(
      fc.property(anIdentity, (identity) => {
        expect(readPicture(seen(draw(identity, 100))).identity).toEqual(identity);
      }),
    );
  });

  it('is identified under noise, blur, ringing and an encoder that narrows the levels', () => {
    fc.assert(
      fc.property(
        anIdentity,
        fc.record({
          seed: fc.nat(),
          noise: fc.integer({ min: 0, max: 30 }),
          blur: fc.boolean(),
          ringing: fc.integer({ min: 0, max: 25 }),
          black: fc.integer({ min: 0, max: 40 }),
          white: fc.integer({ min: 200, max: 255 }),
        }),
        (identity, harm) => {
          expect(readPicture(seen(spoil(draw(identity, 100), harm))).identity).toEqual(identity);
        },
      ),
    );
  });

  it('has the brightness of the picture below the strip', () => {
    const reading = readPicture(seen(draw({ counter: 5, channel: 2, slate: false }, 37)));
    expect(reading.luma).toBe(37);
  });

  it('is never taken for another frame when one cell is wrong', () => {
    fc.assert(
      fc.property(anIdentity, fc.nat({ max: columns * rows - 1 }), (identity, wrong) => {
        const picture = draw(identity, 100, wrong);
        expect(readPicture(seen(picture)).identity).toBeUndefined();
      }),
    );
  });
});

describe('a picture without a frame clock', () => {
  it('has none when it is of one brightness, and that brightness', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (level) => {
        const flat = new Float32Array(PICTURE.width * PICTURE.height).fill(level);
        expect(readPicture(seen(flat))).toEqual({ identity: undefined, luma: level });
      }),
    );
  });

  it('has none when it is noise', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seededRandom(seed);
        const noise = new Float32Array(PICTURE.width * PICTURE.height).map(
          () => random.next() * 255,
        );
        expect(readPicture(seen(noise)).identity).toBeUndefined();
      }),
    );
  });

  it('has none when the strip has faded to a tenth of its contrast', () => {
    const faded = draw({ counter: 77, channel: 1, slate: false }, 20).map((v) => 16 + v / 10);
    expect(readPicture(seen(faded)).identity).toBeUndefined();
  });
});

/** Luma of a scaled frame: the strip on top, one level below; `wrong` names a cell to turn over. */
function draw(identity: FrameIdentity, below: number, wrong = -1): Float32Array {
  const cells = encodeCells(identity);
  const picture = new Float32Array(PICTURE.width * PICTURE.height).fill(below);
  for (let y = 0; y < STRIP_HEIGHT; y++) {
    for (let x = 0; x < PICTURE.width; x++) {
      const row = Math.floor((y * rows) / STRIP_HEIGHT);
      const cell = row * columns + Math.floor((x * columns) / PICTURE.width);
      const white = (cells[cell] === 1) !== (cell === wrong);
      picture[y * PICTURE.width + x] = white ? 255 : 0;
    }
  }
  return picture;
}

interface Harm {
  readonly seed: number;
  readonly noise: number;
  readonly blur: boolean;
  readonly ringing: number;
  readonly black: number;
  readonly white: number;
}

function spoil(picture: Float32Array, harm: Harm): Float32Array {
  const random = seededRandom(harm.seed);
  const narrowed = picture.map((v) => harm.black + (v / 255) * (harm.white - harm.black));
  const blurred = harm.blur ? boxBlur(narrowed) : narrowed;
  return blurred.map((v, at) => {
    const ring = harm.ringing * Math.sin((at % PICTURE.width) * 2.1);
    return Math.max(0, Math.min(255, v + ring + (random.next() - 0.5) * 2 * harm.noise));
  });
}

/** Each pixel the mean of itself and its neighbours left and right: as scaling does to an edge. */
function boxBlur(picture: Float32Array): Float32Array {
  return picture.map((v, at) => ((picture[at - 1] ?? v) + v + (picture[at + 1] ?? v)) / 3);
}

const seen = (luma: Float32Array): Luma =>
  lumaOfRgba(
    Uint8ClampedArray.from({ length: luma.length * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : (luma[at >> 2] ?? 0),
    ),
  );
