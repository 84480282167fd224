// Data packets of SRT, byte by byte as its draft has them.

import { expect, it } from 'vitest';
import { readSrt } from '../../../harness/model/srt.ts';

const packet = (first: number, second: number, socket = 7) => {
  const bytes = new Uint8Array(16 + 188);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, first);
  view.setUint32(4, second);
  view.setUint32(12, socket);
  return bytes;
};
/** A message of one packet, not encrypted. */
const WHOLE = 0xc000_0001;

it('have a number, and the socket they are for', () => {
  expect(readSrt(packet(0x0001_0203, WHOLE))).toEqual({ number: 0x0203, source: 7 });
  expect(readSrt(packet(0x7fff_ffff, WHOLE, 9))).toEqual({ number: 0xffff, source: 9 });
});

it('are not those that control, those sent again, and what is too short', () => {
  expect(readSrt(packet(0x8002_0000, 0))).toBeUndefined();
  expect(readSrt(packet(5, WHOLE | 0x0400_0000))).toBeUndefined();
  expect(readSrt(new Uint8Array(15))).toBeUndefined();
});
