// The alert strip: two more rows of cells right below the frame clock, there while an alert is burnt
// into the picture. It tells which message of which alert is on the screen, and whether its text came
// through. Written by playout and transcoder, read by the page of every viewer.
//
//   row 2   0 1 0 1 | x | alert 10 | revision 4 | text, high 5 bits
//   row 3   text, low 7 bits | crc 16 | 0

import { cellReader, cellWriter } from './cells.ts';
import { FRAME_CLOCK } from './frameClock.ts';

/** Rows of cells that the frame clock takes above it. */
export const ALERT_STRIP = { firstRow: FRAME_CLOCK.rows, rows: 2 } as const;

const CELLS = FRAME_CLOCK.columns * ALERT_STRIP.rows;
const SYNC = 0b0101;
/** Numbers that the strip can carry. */
export const ALERTS_MAX = 1023;
const REVISIONS = 2 ** 4;
export const REVISIONS_MAX = REVISIONS - 1;
const TEXT_SUMS = 2 ** 12;

/** A message of an alert as a screen shows it. */
export interface AlertSign {
  /** Place of the alert in the scenario, from 1. */
  readonly number: number;
  /** 1 for the alert as it was issued; each update is one more. */
  readonly revision: number;
  readonly exercise: boolean;
  readonly textSum: number;
}

/** Gives the checksum that a strip carries of a text. */
export const sumText = (text: string): number => crc16(new TextEncoder().encode(text)) % TEXT_SUMS;

/** The 48 cells, row by row from the top left, 1 = white. */
export function encodeAlert(sign: AlertSign): Uint8Array {
  const cells = new Uint8Array(CELLS);
  const put = cellWriter(cells);
  put(SYNC, 4);
  put(sign.exercise ? 1 : 0, 1);
  put(sign.number, 10);
  put(sign.revision, 4);
  put(sign.textSum, 12);
  put(checksum(sign), 16);
  return cells;
}

/** Undefined when the sync, the stop cell or the checksum is wrong. */
export function decodeAlert(cells: ArrayLike<number>): AlertSign | undefined {
  const take = cellReader(cells);
  if (take(4) !== SYNC) return undefined;
  const exercise = take(1) === 1;
  const [number, revision, textSum] = [take(10), take(4), take(12)];
  const sum = take(16);
  const sign = { number, revision, exercise, textSum };
  return number > 0 && sum === checksum(sign) && take(1) === 0 ? sign : undefined;
}

/** The same as one whole number above 0, for pictures that are told and not drawn. */
export const packSign = ({ number, revision, exercise, textSum }: AlertSign): number =>
  ((number * REVISIONS + revision) * 2 + Number(exercise)) * TEXT_SUMS + textSum;

export function unpackSign(packed: number): AlertSign {
  const [rest, textSum] = [Math.floor(packed / TEXT_SUMS), packed % TEXT_SUMS];
  const [numbers, exercise] = [Math.floor(rest / 2), rest % 2 === 1];
  const [number, revision] = [Math.floor(numbers / REVISIONS), numbers % REVISIONS];
  return { number, revision, exercise, textSum };
}

const checksum = ({ number, revision, exercise, textSum }: AlertSign): number =>
  crc16([number >> 8, number & 0xff, revision, exercise ? 1 : 0, textSum >> 8, textSum & 0xff]);

/** CRC-16 (polynomial 0x1021, CCITT) of bytes. */
function crc16(bytes: Iterable<number>): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
