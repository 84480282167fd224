// Names the input of a transcoder that a contribution connection is for. Inputs share one listening
// port and are told apart by a name that the sender says first, as SRT tells them apart by stream
// id. Over TCP it is said in a null packet, which every demultiplexer skips.

import { PACKET_BYTES, SYNC_BYTE } from '../model/transportStream.ts';

/** Sync byte, PID 0x1fff (null packet), payload only. */
const NULL_HEADER = [SYNC_BYTE, 0x1f, 0xff, 0x10] as const;
const MARK = 'ecran-noir input ';

/** The first packet of a connection. Names are those of links: a few dozen ASCII letters at most. */
export function inputLabel(name: string): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES, 0xff);
  packet.set(NULL_HEADER);
  packet.write(`${MARK}${name}\0`, NULL_HEADER.length, 'ascii');
  return packet;
}

/** The name in the first packet; undefined until it is whole, '' when it says none. */
export function readInputLabel(bytes: Buffer): string | undefined {
  if (bytes.length < PACKET_BYTES) return undefined;
  if (NULL_HEADER.some((byte, index) => bytes[index] !== byte)) return '';
  const text = bytes.toString('latin1', NULL_HEADER.length, PACKET_BYTES);
  const end = text.indexOf('\0');
  return text.startsWith(MARK) && end > 0 ? text.slice(MARK.length, end) : '';
}
