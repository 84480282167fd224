// The frame clock: a strip of black and white cells along the top of the picture that gives each
// frame its identity. Written by playout and transcoder, read by the page of every viewer.
//
//   row 0   1 0 1 0 | s | c c c c c c | counter, high 13 bits
//   row 1   counter, low 15 bits      | crc 8 | 1
//
// The counter is time itself: floor(epochMs * fps / 1000) mod 2^28, so a frame tells when it was made.

import { cellReader, cellWriter } from './cells.ts';
import { SEGMENT_NAME } from './segmentName.ts';

export const FRAME_CLOCK = {
  columns: 24,
  rows: 2,
  /** Share of the picture's height taken by the strip. */
  heightShare: 1 / 9,
  counterBits: 28,
  channelBits: 6,
} as const;

/** Two pixels a cell each way: in less, no encoder leaves anything of it. */
export const CLOCK_PICTURE = { width: 2 * FRAME_CLOCK.columns, height: 36 } as const;

/** Tells whether the clock can be read in pictures of a size. */
export const holdsClock = ({ width, height }: { width: number; height: number }): boolean =>
  width >= CLOCK_PICTURE.width && height >= CLOCK_PICTURE.height;

const CELLS = FRAME_CLOCK.columns * FRAME_CLOCK.rows;
const SYNC = 0b1010;
const COUNTER_SPAN = 2 ** FRAME_CLOCK.counterBits;

export interface FrameIdentity {
  readonly counter: number;
  /** 1..63 */
  readonly channel: number;
  /** A marked replacement picture, not the programme. */
  readonly slate: boolean;
}

/** Counter of the frame made at this instant. */
export const counterAt = (epochMs: number, fps: number): number =>
  Math.floor((epochMs * fps) / 1000) % COUNTER_SPAN;

/** Age of a counter at this instant, 0 or more; assumes it is younger than half the span (62 days at 25 fps). */
export function ageOfCounterMs(counter: number, epochMs: number, fps: number): number {
  const frames = (epochMs * fps) / 1000;
  const behind = (((frames - counter) % COUNTER_SPAN) + COUNTER_SPAN) % COUNTER_SPAN;
  return behind > COUNTER_SPAN / 2 ? 0 : (behind * 1000) / fps;
}

/** The 48 cells, row by row from the top left, 1 = white. */
export function encodeCells({ counter, channel, slate }: FrameIdentity): Uint8Array {
  const cells = new Uint8Array(CELLS);
  const put = cellWriter(cells);
  put(SYNC, 4);
  put(slate ? 1 : 0, 1);
  put(channel, FRAME_CLOCK.channelBits);
  put(counter, FRAME_CLOCK.counterBits);
  put(checksum({ counter, channel, slate }), 8);
  put(1, 1);
  return cells;
}

/** Undefined when the sync, the stop cell or the checksum is wrong. */
export function decodeCells(cells: ArrayLike<number>): FrameIdentity | undefined {
  const take = cellReader(cells);
  if (take(4) !== SYNC) return undefined;
  const slate = take(1) === 1;
  const channel = take(FRAME_CLOCK.channelBits);
  const counter = take(FRAME_CLOCK.counterBits);
  const sum = take(8);
  const identity = { counter, channel, slate };
  return sum === checksum(identity) && take(1) === 1 ? identity : undefined;
}

/** CRC-8 (polynomial 0x07) over counter (4 bytes), channel, slate. */
function checksum({ counter, channel, slate }: FrameIdentity): number {
  let crc = 0xff;
  for (const byte of [
    counter >>> 24,
    counter >>> 16,
    counter >>> 8,
    counter,
    channel,
    slate ? 1 : 0,
  ]) {
    crc ^= byte & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc & 0xff;
}

/** Frame-clock counter in a segment's name (SEGMENT_NAME), the newest it carries. */
export function counterInPath(path: string): number | undefined {
  const counter = SEGMENT_NAME.exec(path.slice(path.lastIndexOf('/') + 1))?.[2];
  return counter === undefined ? undefined : Number(counter);
}
