// Raw yuv420p pictures: their size, black and slate, and the frame clock written into and read
// from the top of them. Width and height are even.

import { ALERT_STRIP } from '../model/alertStrip.ts';
import { decodeCells, encodeCells, FRAME_CLOCK, type FrameIdentity } from '../model/frameClock.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Limited-range luma of black and white (ITU-R BT.601), and the chroma of grey. */
const BLACK = 16;
const WHITE = 235;
const GREY = 128;

export const frameBytes = ({ width, height }: Size): number => (width * height * 3) / 2;

export function blackPicture(size: Size): Buffer {
  const picture = Buffer.alloc(frameBytes(size), GREY);
  picture.fill(BLACK, 0, size.width * size.height);
  return picture;
}

/** A drawn replacement: blue, a lighter band across the middle, so that people tell it from black. */
export function slatePicture(size: Size): Buffer {
  const { width, height } = size;
  const luma = width * height;
  const picture = Buffer.alloc(frameBytes(size), GREY);
  picture.fill(60, 0, luma);
  picture.fill(150, width * Math.floor(height * 0.45), width * Math.floor(height * 0.6));
  picture.fill(170, luma, luma * 1.25);
  picture.fill(110, luma * 1.25);
  return picture;
}

/** Writes the frame clock into the strip along the top. */
export const stampClock = (picture: Buffer, size: Size, identity: FrameIdentity): void =>
  stampCells(picture, size, encodeCells(identity), 0);

/** Writes the strip of an alert below the frame clock. */
export const stampAlert = (picture: Buffer, size: Size, cells: Uint8Array): void =>
  stampCells(picture, size, cells, ALERT_STRIP.firstRow);

/** Writes rows of cells; the chroma beneath them becomes grey. */
function stampCells(picture: Buffer, size: Size, cells: Uint8Array, firstRow: number): void {
  const { width, height } = size;
  const rows = cells.length / FRAME_CLOCK.columns;
  for (let row = 0; row < rows; row++) {
    const { from, to } = rowLines(firstRow + row, height);
    for (let column = 0; column < FRAME_CLOCK.columns; column++) {
      const level = cells[row * FRAME_CLOCK.columns + column] ? WHITE : BLACK;
      const line = from * width;
      picture.fill(level, line + edgeAt(column, width), line + edgeAt(column + 1, width));
    }
    for (let y = from + 1; y < to; y++)
      picture.copyWithin(y * width, from * width, (from + 1) * width);
  }
  const first = Math.floor(rowLines(firstRow, height).from / 2);
  const end = Math.ceil(rowLines(firstRow + rows - 1, height).to / 2);
  for (const plane of [width * height, width * height * 1.25])
    picture.fill(GREY, plane + (first * width) / 2, plane + (end * width) / 2);
}

/** Undefined when there is no readable frame clock. Reads the middle of each cell. */
export function readClock(picture: Buffer, size: Size): FrameIdentity | undefined {
  const { width, height } = size;
  const cells = new Uint8Array(FRAME_CLOCK.columns * FRAME_CLOCK.rows);
  for (let row = 0; row < FRAME_CLOCK.rows; row++) {
    const { from, to } = rowLines(row, height);
    const line = Math.floor((from + to) / 2) * width;
    for (let column = 0; column < FRAME_CLOCK.columns; column++) {
      const x = Math.floor((edgeAt(column, width) + edgeAt(column + 1, width)) / 2);
      const level = (picture[line + x] ?? 0) + (picture[line + x - 1] ?? 0);
      cells[row * FRAME_CLOCK.columns + column] = level > BLACK + WHITE ? 1 : 0;
    }
  }
  return decodeCells(cells);
}

/** One in so many pixels is enough for a mean; no divisor of usual widths, so that columns differ. */
const BRIGHTNESS_EVERY = 37;

/** Mean luma as a share of white, 0 to 1. */
export function brightness(picture: Buffer, { width, height }: Size): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < width * height; at += BRIGHTNESS_EVERY) {
    sum += picture[at] ?? BLACK;
    count++;
  }
  return Math.min(1, Math.max(0, (sum / count - BLACK) / (WHITE - BLACK)));
}

const edgeAt = (column: number, width: number): number =>
  Math.round((column * width) / FRAME_CLOCK.columns);

function rowLines(row: number, height: number): { from: number; to: number } {
  const share = (height * FRAME_CLOCK.heightShare) / FRAME_CLOCK.rows;
  return { from: Math.round(row * share), to: Math.round((row + 1) * share) };
}
