// The head of a data packet of SRT (draft-sharabayko-srt-01, 3.1), by which its receiver knows what is
// missing.

const HEADER_BYTES = 16;
const SENT_AGAIN = 0x0400_0000;
/** Numbers have 31 bits; as many as those of RTP are enough to count by. */
const NUMBERS = 2 ** 16;

/**
 * Gives its number, mod 2^16, and the socket it is for, which is another for each connection. Undefined for
 * what is no data, or was sent before.
 */
export function readSrt(datagram: Uint8Array) {
  if (datagram.length < HEADER_BYTES) return undefined;
  const header = new DataView(datagram.buffer, datagram.byteOffset, HEADER_BYTES);
  const isControl = (header.getUint8(0) & 0x80) !== 0;
  if (isControl || (header.getUint32(4) & SENT_AGAIN) !== 0) return undefined;
  return { number: header.getUint32(0) % NUMBERS, source: header.getUint32(12) };
}
