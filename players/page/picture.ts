// Reads one small picture: the frame clock in the strip along its top, and how bright the rest is.
// The picture is the whole frame scaled to PICTURE, of which only some places are asked for; the
// threshold between black and white comes from the strip's own sync and stop cells, so that no
// encoder's levels are assumed.

import { ALERT_STRIP, decodeAlert, type AlertSign } from '../../harness/model/alertStrip.ts';
import { FRAME_CLOCK, decodeCells, type FrameIdentity } from '../../harness/model/frameClock.ts';

const { columns, rows, heightShare } = FRAME_CLOCK;
/** Pixels of the scaled frame per cell of the strip. */
const CELL = { width: 4, height: 3 } as const;
const STRIP_HEIGHT = rows * CELL.height;
/** The strip of an alert stands right below it, and is as high. */
const ALERT_HEIGHT = ALERT_STRIP.rows * CELL.height;

/** Size at which every frame is read: the strip's cells fall on whole pixels. */
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
interface StripCells {
  /** Row of cells in the picture where the strip begins. */
  readonly firstRow: number;
  /** Cells that are white and black in every such strip: its sync and its stop. */
  readonly white: readonly number[];
  readonly black: readonly number[];
}

const LAST_CELL = columns * rows - 1;
const CLOCK_CELLS: StripCells = { firstRow: 0, white: [0, 2, LAST_CELL], black: [1, 3] };
const ALERT_CELLS: StripCells = {
  firstRow: ALERT_STRIP.firstRow,
  white: [1, 3],
  black: [0, 2, LAST_CELL],
};

/** Every second pixel of every second row: the brightness of a picture does not need the others. */
export const STEP = 2;
/** The pixels in the middle of a cell: its edges are blurred into its neighbours. */
const MIDDLE = { left: 1, right: 2, row: 1 } as const;

/**
 * The places of a picture that are read, as `y * PICTURE.width + x`: the middles of the cells of both
 * strips, and those that tell its brightness.
 */
export const PLACES: Uint16Array = Uint16Array.from(
  Array.from({ length: PICTURE.width * PICTURE.height }, (_, at) => at).filter((at) => {
    const [x, y] = [at % PICTURE.width, Math.floor(at / PICTURE.width)];
    const isCell = y < STRIP_HEIGHT + ALERT_HEIGHT && y % CELL.height === MIDDLE.row;
    return isCell || (x % STEP === 0 && y % STEP === 0);
  }),
);

/** Luma 0..255 of PICTURE.width x PICTURE.height pixels, of which only PLACES are filled in. */
export type Luma = Uint8ClampedArray;

export const emptyLuma = (): Luma => new Uint8ClampedArray(PICTURE.width * PICTURE.height);

export interface PictureReading {
  readonly identity: FrameIdentity | undefined;
  /** The message of an alert that is burnt in. */
  readonly alert: AlertSign | undefined;
  /** Mean luma 0..255, over the picture below its strips. */
  readonly luma: number;
}

export function readPicture(luma: Luma): PictureReading {
  const clock = readStrip(luma, CLOCK_CELLS);
  const strip = readStrip(luma, ALERT_CELLS);
  const [identity, alert] = [clock && decodeCells(clock), strip && decodeAlert(strip)];
  const below = alert ? STRIP_HEIGHT + ALERT_HEIGHT : identity ? STRIP_HEIGHT : 0;
  return { identity, alert, luma: meanLuma(luma, below) };
}

/** The cells of a strip, 1 = white; undefined where there is none. */
function readStrip(luma: Luma, { firstRow, white, black }: StripCells): Uint8Array | undefined {
  const brightest = meanLevel(luma, white, firstRow);
  const darkest = meanLevel(luma, black, firstRow);
  const contrast = brightest - darkest;
  if (contrast < CONTRAST_MIN) return undefined;
  const threshold = (brightest + darkest) / 2;
  const cells = new Uint8Array(columns * rows);
  for (let cell = 0; cell < cells.length; cell++) {
    const above = levelOfCell(luma, cell, firstRow) - threshold;
    if (Math.abs(above) < CLEARANCE_MIN * contrast) return undefined;
    if (above > 0) cells[cell] = 1;
  }
  return cells;
}

function levelOfCell(luma: Luma, cell: number, firstRow: number): number {
  const y = (firstRow + Math.floor(cell / columns)) * CELL.height + MIDDLE.row;
  const at = y * PICTURE.width + (cell % columns) * CELL.width;
  return (luma[at + MIDDLE.left]! + luma[at + MIDDLE.right]!) / 2;
}

function meanLevel(luma: Luma, cells: readonly number[], firstRow: number): number {
  let sum = 0;
  for (const cell of cells) sum += levelOfCell(luma, cell, firstRow);
  return sum / cells.length;
}

function meanLuma(luma: Luma, fromRow: number): number {
  let sum = 0;
  let count = 0;
  for (let y = fromRow; y < PICTURE.height; y += STEP)
    for (let x = 0; x < PICTURE.width; x += STEP, count++) sum += luma[y * PICTURE.width + x]!;
  return Math.round(sum / count);
}

/** `rgba` holds PICTURE.width x PICTURE.height pixels, as a canvas gives them. BT.601 weights. */
export function lumaOfRgba(rgba: ArrayLike<number>, luma = emptyLuma()): Luma {
  for (const place of PLACES) {
    const at = place * 4;
    luma[place] = (77 * rgba[at]! + 150 * rgba[at + 1]! + 29 * rgba[at + 2]!) / 256;
  }
  return luma;
}
