// Seals the lines of a journal: each says which line it is and what the checksum of all records up
// to it is. A line that was changed, moved, doubled or taken out afterwards does not fit any more.

import { crc32 } from 'node:zlib';

/** Gives the lines of one journal, without their ends, from JSON objects in order. */
export function sealing(): (record: object) => string {
  let number = 0;
  let sum = 0;
  return (record) => {
    const body = JSON.stringify(record).slice(0, -1);
    number += 1;
    sum = crc32(body, sum);
    return `${body},"line":${number},"sum":"${hex(sum)}"}`;
  };
}

/** Gives the object of a line as JSON without its seal, or what is wrong with the seal. */
export type Unsealed =
  | { readonly json: string }
  | { readonly broken: 'absent' | 'changed' }
  /** The line was written as another one. */
  | { readonly broken: 'moved'; readonly was: number };

/** Looks at the lines of one journal in order; is of use up to the first that does not fit. */
export function unsealing(): (line: string) => Unsealed {
  let number = 0;
  let sum = 0;
  return (line) => {
    number += 1;
    const whole = line.trimEnd();
    const seal = SEAL.exec(whole.slice(-TAIL_LENGTH));
    if (!seal) return { broken: 'absent' };
    const was = Number(seal[1]);
    if (was !== number) return { broken: 'moved', was };
    const body = whole.slice(0, -seal[0].length);
    sum = crc32(body, sum);
    return seal[2] === hex(sum) ? { json: `${body}}` } : { broken: 'changed' };
  };
}

const SEAL = /,"line":(\d{1,15}),"sum":"([0-9a-f]{8})"\}$/;
/** Longer than any seal. */
const TAIL_LENGTH = 64;

/** Every byte in two digits: a number is written so in a fifth of the time of padding it. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const hex = (sum: number): string =>
  `${HEX[sum >>> 24]}${HEX[(sum >>> 16) & 0xff]}${HEX[(sum >>> 8) & 0xff]}${HEX[sum & 0xff]}`;
