// A decoded picture as its planes lie in main memory: brightness, and behind it the colours. The few
// places that are asked for cost next to nothing; red, green and blue are made of those pictures only
// that are kept as evidence.

import { emptyLuma, PICTURE, PLACES, type Luma } from './picture.ts';

/** Rows of samples in the bytes of a picture. */
interface Plane {
  readonly offset: number;
  readonly stride: number;
}

export interface Planes {
  readonly bytes: Uint8Array;
  /** Pixels of the picture. */
  readonly width: number;
  readonly height: number;
  readonly format: PlanarFormat;
  /** In the order of the format; brightness is the first. */
  readonly planes: readonly Plane[];
  /** Brightness is from 0 to 255 instead of from 16 to 235. */
  readonly fullRange: boolean;
}

/** Pixels that share a sample of colour, and where the two colours are. */
interface Colours {
  readonly across: number;
  readonly down: number;
  /** Both in turn in the second plane, instead of a plane each. */
  readonly inTurn: boolean;
}

/** The formats of eight bits whose first plane is brightness. */
const FORMATS = {
  I420: { across: 2, down: 2, inTurn: false },
  I420A: { across: 2, down: 2, inTurn: false },
  I422: { across: 2, down: 1, inTurn: false },
  I422A: { across: 2, down: 1, inTurn: false },
  I444: { across: 1, down: 1, inTurn: false },
  I444A: { across: 1, down: 1, inTurn: false },
  NV12: { across: 2, down: 2, inTurn: true },
} as const satisfies Readonly<Record<string, Colours>>;

export type PlanarFormat = keyof typeof FORMATS;

export const isPlanar = (format: string | null): format is PlanarFormat =>
  format !== null && Object.hasOwn(FORMATS, format);

/** Brightness of a picture in the narrow range: its black, and its steps from there to white. */
const NARROW = { black: 16, steps: 219 } as const;
const GREY = 128;

/**
 * Reads brightness out of the pictures of one element: each place is the mean of the four pixels around
 * its middle, as a canvas that scales makes it. The answer is filled in anew by the next call.
 */
export function createLumaReader(): (picture: Planes) => Luma {
  const luma = emptyLuma();
  let shape = '';
  let at = new Int32Array();
  return (picture) => {
    const { bytes, width, height, fullRange } = picture;
    const { offset, stride } = picture.planes[0] ?? { offset: 0, stride: width };
    const now = `${width} ${height} ${offset} ${stride}`;
    if (now !== shape) [shape, at] = [now, placesIn({ width, height }, { offset, stride })];
    const levels = fullRange ? SAME : WIDENED;
    for (let i = 0; i < at.length; i++) {
      const first = at[i]!;
      const below = first + stride;
      const sum = bytes[first]! + bytes[first + 1]! + bytes[below]! + bytes[below + 1]!;
      luma[PLACES[i]!] = levels[sum >> 2]!;
    }
    return luma;
  };
}

/** The levels of brightness from 0 to 255, of a picture with all of them and of one in the narrow range. */
const SAME = Uint8ClampedArray.from({ length: 256 }, (_, level) => level);
const WIDENED = SAME.map((level) => Math.round(((level - NARROW.black) * 255) / NARROW.steps));

type Size = Pick<Planes, 'width' | 'height'>;

/** The first of the four pixels of each place. */
const placesIn = (size: Size, { offset, stride }: Plane): Int32Array<ArrayBuffer> =>
  Int32Array.from(PLACES, (place) => {
    const across = ((place % PICTURE.width) + 0.5) / PICTURE.width;
    const down = (Math.floor(place / PICTURE.width) + 0.5) / PICTURE.height;
    const left = firstOfTwo(across * size.width, size.width);
    return offset + firstOfTwo(down * size.height, size.height) * stride + left;
  });

/** The first of the two pixels around a point, of so many in a row. */
const firstOfTwo = (point: number, count: number): number =>
  Math.max(0, Math.min(count - 2, Math.floor(point - 0.5)));

const PIXELS = PICTURE.width * PICTURE.height;

/**
 * Keeps of a picture of one element what its pixels of PICTURE's size need, a small part of its bytes,
 * and gives them when they are asked for: red, green and blue as a canvas gives them, by BT.601.
 */
export function createPixelKeeper(): (picture: Planes) => () => Uint8ClampedArray {
  let shape = '';
  let at = new Int32Array();
  return (picture) => {
    const { bytes, width, height, format, fullRange, planes } = picture;
    const now = JSON.stringify([width, height, format, planes]);
    if (now !== shape) [shape, at] = [now, samplesIn(picture)];
    const samples = new Uint8Array(at.length);
    for (let i = 0; i < at.length; i++) samples[i] = bytes[at[i]!] ?? GREY;
    return () => rgbaOf(samples, fullRange ? SAME : WIDENED);
  };
}

/** The places of brightness of all pixels, then of their blue, then of their red; none is beyond the bytes. */
function samplesIn({ bytes, width, height, planes, format }: Planes): Int32Array<ArrayBuffer> {
  const { across, down, inTurn } = FORMATS[format];
  const none = { offset: bytes.length, stride: 0 };
  const [light = { offset: 0, stride: width }, blue = none, other = blue] = planes;
  const red = inTurn ? { ...blue, offset: blue.offset + 1 } : other;
  const step = inTurn ? 2 : 1;
  const at = new Int32Array(3 * PIXELS);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const x = Math.floor((((pixel % PICTURE.width) + 0.5) * width) / PICTURE.width);
    const y = Math.floor(((Math.floor(pixel / PICTURE.width) + 0.5) * height) / PICTURE.height);
    const [column, row] = [Math.floor(x / across) * step, Math.floor(y / down)];
    at[pixel] = light.offset + y * light.stride + x;
    at[PIXELS + pixel] = blue.offset + row * blue.stride + column;
    at[2 * PIXELS + pixel] = red.offset + row * red.stride + column;
  }
  return at;
}

function rgbaOf(samples: Uint8Array, levels: Uint8ClampedArray): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * PIXELS);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const luma = levels[samples[pixel]!]!;
    const blue = samples[PIXELS + pixel]! - GREY;
    const red = samples[2 * PIXELS + pixel]! - GREY;
    rgba[4 * pixel] = luma + 1.402 * red;
    rgba[4 * pixel + 1] = luma - 0.344 * blue - 0.714 * red;
    rgba[4 * pixel + 2] = luma + 1.772 * blue;
    rgba[4 * pixel + 3] = 255;
  }
  return rgba;
}
