// Reads one small picture: the frame clock in the strip along its top, and how bright the rest is.
// The picture is the whole frame scaled to PICTURE; the threshold between black and white comes
// from the strip's own sync and stop cells, so that no encoder's levels are assumed.

import { FRAME_CLOCK, decodeCells, type FrameIdentity } from '../../harness/model/frameClock.ts';

const { columns, rows, heightShare } = FRAME_CLOCK;
/** Pixels of the scaled frame per cell of the strip. */
const CELL = { width: 4, height: 3 } as const;
const STRIP_HEIGHT = rows * CELL.height;

/** Size every frame is scaled to before it is read: the strip's cells fall on whole pixels. */
export const PICTURE = {
  width: columns * CELL.width,
  height: Math.round(STRIP_HEIGHT / heightShare),
} as const;

/** Least difference between the strip's white and black, of 255; less is no strip. */
const CONTRAST_MIN = 48;
/**
 * Least distance of a cell from the threshold, as a share of that difference; 0.5 is a perfect
 * cell. Encoded strips keep 0.29 at 192x108 and 30 kbit/s, so a cell nearer to grey than this is
 * part of some other picture.
 */
const CLEARANCE_MIN = 0.15;
/** Cells that are white and black in every strip: the sync 1 0 1 0 and the stop 1. */
const WHITE_CELLS = [0, 2, columns * rows - 1] as const;
const BLACK_CELLS = [1, 3] as const;

export interface PictureReading {
  readonly identity: FrameIdentity | undefined;
  /** Mean luma 0..255, over the picture below the strip when there is one. */
  readonly luma: number;
}

/** `rgba` holds PICTURE.width x PICTURE.height pixels, as a canvas gives them. */
export function readPicture(rgba: ArrayLike<number>): PictureReading {
  const identity = readStrip(rgba);
  return { identity, luma: meanLuma(rgba, identity ? STRIP_HEIGHT : 0) };
}

function readStrip(rgba: ArrayLike<number>): FrameIdentity | undefined {
  const levels = new Float32Array(columns * rows);
  for (let cell = 0; cell < levels.length; cell++) levels[cell] = levelOfCell(rgba, cell);
  const white = meanLevel(levels, WHITE_CELLS);
  const black = meanLevel(levels, BLACK_CELLS);
  const contrast = white - black;
  if (contrast < CONTRAST_MIN) return undefined;
  const threshold = (white + black) / 2;
  if (levels.some((level) => Math.abs(level - threshold) < CLEARANCE_MIN * contrast)) {
    return undefined;
  }
  return decodeCells(levels.map((level) => (level > threshold ? 1 : 0)));
}

/** The pixels in the middle of a cell: its edges are blurred into its neighbours. */
function levelOfCell(rgba: ArrayLike<number>, cell: number): number {
  const left = (cell % columns) * CELL.width + 1;
  const y = Math.floor(cell / columns) * CELL.height + 1;
  return (lumaAt(rgba, left, y) + lumaAt(rgba, left + 1, y)) / 2;
}

/** BT.601 weights in 1/256. */
function lumaAt(rgba: ArrayLike<number>, x: number, y: number): number {
  const at = (y * PICTURE.width + x) * 4;
  return (77 * (rgba[at] ?? 0) + 150 * (rgba[at + 1] ?? 0) + 29 * (rgba[at + 2] ?? 0)) / 256;
}

const meanLevel = (levels: Float32Array, cells: readonly number[]): number =>
  cells.reduce((sum, cell) => sum + (levels[cell] ?? 0), 0) / cells.length;

/** Every second pixel of every second row: the mean of a picture does not need the others. */
function meanLuma(rgba: ArrayLike<number>, fromRow: number): number {
  let sum = 0;
  let count = 0;
  for (let y = fromRow; y < PICTURE.height; y += 2) {
    for (let x = 0; x < PICTURE.width; x += 2, count++) sum += lumaAt(rgba, x, y);
  }
  return Math.round(sum / count);
}
