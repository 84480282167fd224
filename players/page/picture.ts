// Reads one small picture: the frame clock in the strip along its top, and how bright the rest is.
// The picture is the whole frame scaled to PICTURE; the threshold between black and white comes
// from the strip's own sync and stop cells, so that no encoder's levels are assumed.

import { ALERT_STRIP, decodeAlert, type AlertSign } from '../../harness/model/alertStrip.ts';
import { FRAME_CLOCK, decodeCells, type FrameIdentity } from '../../harness/model/frameClock.ts';

const { columns, rows, heightShare } = FRAME_CLOCK;
/** Pixels of the scaled frame per cell of the strip. */
const CELL = { width: 4, height: 3 } as const;
const STRIP_HEIGHT = rows * CELL.height;
/** The strip of an alert stands right below it, and is as high. */
const ALERT_HEIGHT = ALERT_STRIP.rows * CELL.height;

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

export interface PictureReading {
  readonly identity: FrameIdentity | undefined;
  /** The message of an alert that is burnt in. */
  readonly alert: AlertSign | undefined;
  /** Mean luma 0..255, over the picture below its strips. */
  readonly luma: number;
}

/** `rgba` holds PICTURE.width x PICTURE.height pixels, as a canvas gives them. */
export function readPicture(rgba: ArrayLike<number>): PictureReading {
  const clock = readStrip(rgba, CLOCK_CELLS);
  const strip = readStrip(rgba, ALERT_CELLS);
  const [identity, alert] = [clock && decodeCells(clock), strip && decodeAlert(strip)];
  const below = alert ? STRIP_HEIGHT + ALERT_HEIGHT : identity ? STRIP_HEIGHT : 0;
  return { identity, alert, luma: meanLuma(rgba, below) };
}

/** The cells of a strip, 1 = white; undefined where there is none. */
function readStrip(rgba: ArrayLike<number>, strip: StripCells): Float32Array | undefined {
  const white = meanLevel(rgba, strip.white, strip.firstRow);
  const black = meanLevel(rgba, strip.black, strip.firstRow);
  const contrast = white - black;
  if (contrast < CONTRAST_MIN) return undefined;
  const levels = new Float32Array(columns * rows);
  for (let cell = 0; cell < levels.length; cell++)
    levels[cell] = levelOfCell(rgba, cell, strip.firstRow);
  const threshold = (white + black) / 2;
  if (levels.some((level) => Math.abs(level - threshold) < CLEARANCE_MIN * contrast)) {
    return undefined;
  }
  return levels.map((level) => (level > threshold ? 1 : 0));
}

/** The pixels in the middle of a cell: its edges are blurred into its neighbours. */
function levelOfCell(rgba: ArrayLike<number>, cell: number, firstRow: number): number {
  const left = (cell % columns) * CELL.width + 1;
  const y = (firstRow + Math.floor(cell / columns)) * CELL.height + 1;
  return (lumaAt(rgba, left, y) + lumaAt(rgba, left + 1, y)) / 2;
}

/** BT.601 weights in 1/256. */
export function lumaAt(rgba: ArrayLike<number>, x: number, y: number): number {
  const at = (y * PICTURE.width + x) * 4;
  return (77 * (rgba[at] ?? 0) + 150 * (rgba[at + 1] ?? 0) + 29 * (rgba[at + 2] ?? 0)) / 256;
}

const meanLevel = (rgba: ArrayLike<number>, cells: readonly number[], firstRow: number): number =>
  cells.reduce((sum, cell) => sum + levelOfCell(rgba, cell, firstRow), 0) / cells.length;

/** Every second pixel of every second row: the mean of a picture does not need the others. */
function meanLuma(rgba: ArrayLike<number>, fromRow: number): number {
  let sum = 0;
  let count = 0;
  for (let y = fromRow; y < PICTURE.height; y += 2) {
    for (let x = 0; x < PICTURE.width; x += 2, count++) sum += lumaAt(rgba, x, y);
  }
  return Math.round(sum / count);
}
