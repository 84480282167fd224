// Reads the format of a transport stream: codec, size and time of its pictures. Reads tables and
// the heads of pictures only; what it does not understand it leaves out.

import type { Contribution } from '../../model/received.ts';
import { PACKET_BYTES, SYNC_BYTE } from '../../model/transportStream.ts';
import { pictureSize } from './pictureSize.ts';

export interface FormatReader {
  readonly read: (chunk: Buffer) => void;
  /** The format of the newest picture. */
  readonly format: Contribution;
}

/** ISO/IEC 13818-1, table 2-34. */
const CODECS: Readonly<Record<number, string>> = {
  0x01: 'mpeg1',
  0x02: 'mpeg2',
  0x1b: 'h264',
  0x24: 'hevc',
};

interface Known {
  tablePid: number | undefined;
  picturePid: number | undefined;
  format: Contribution;
  readonly onTime: (ptsMs: number) => void;
}

/** `onTime` is told the presentation time of each picture as it begins to arrive. */
export function createFormatReader(onTime: (ptsMs: number) => void = () => {}): FormatReader {
  let rest: Buffer = Buffer.alloc(0);
  const known: Known = { tablePid: undefined, picturePid: undefined, format: {}, onTime };
  return {
    read: (chunk) => {
      let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let at = nextPacket(data, 0);
      for (; at + PACKET_BYTES <= data.length; at = nextPacket(data, at + PACKET_BYTES))
        readPacket(data.subarray(at, at + PACKET_BYTES), known);
      data = data.subarray(at);
      rest = Buffer.from(data);
    },
    get format() {
      return known.format;
    },
  };
}

/** A packet begins where a sync byte is, and another a packet further or not there yet. */
function nextPacket(data: Buffer, from: number): number {
  for (let at = from; at < data.length; at++) {
    const after = data[at + PACKET_BYTES];
    if (data[at] === SYNC_BYTE && (after === undefined || after === SYNC_BYTE)) return at;
  }
  return data.length;
}

/** Tables and the heads of pictures fit into the packet that they begin in. */
function readPacket(packet: Buffer, known: Known): void {
  const begins = ((packet[1] ?? 0) & 0x40) !== 0;
  const pid = packet.readUInt16BE(1) & 0x1fff;
  const payload = packetPayload(packet);
  if (!begins || !payload) return;
  if (pid === 0) known.tablePid = firstProgram(section(payload));
  else if (pid === known.tablePid) readTable(section(payload), known);
  else if (pid === known.picturePid) readPicture(payload, known);
}

function packetPayload(packet: Buffer): Buffer | undefined {
  const control = ((packet[3] ?? 0) >> 4) & 3;
  if ((control & 1) === 0) return undefined;
  const skipped = (control & 2) === 0 ? 0 : 1 + (packet[4] ?? 0);
  return packet.subarray(4 + skipped);
}

/** Gives the section without its pointer and the checksum at its end. */
function section(payload: Buffer): Buffer {
  const from = 1 + (payload[0] ?? 0);
  if (from + 3 > payload.length) return Buffer.alloc(0);
  const length = payload.readUInt16BE(from + 1) & 0xfff;
  return payload.subarray(from, Math.max(from, from + 3 + length - 4));
}

/** PID of the table of the first programme; number 0 is the network's. */
function firstProgram(pat: Buffer): number | undefined {
  for (let at = 8; at + 4 <= pat.length; at += 4)
    if (pat.readUInt16BE(at) !== 0) return pat.readUInt16BE(at + 2) & 0x1fff;
  return undefined;
}

function readTable(pmt: Buffer, known: Known): void {
  if (pmt.length < 12) return;
  let at = 12 + (pmt.readUInt16BE(10) & 0xfff);
  for (; at + 5 <= pmt.length; at += 5 + (pmt.readUInt16BE(at + 3) & 0xfff)) {
    const codec = CODECS[pmt[at] ?? 0];
    if (codec === undefined) continue;
    known.picturePid = pmt.readUInt16BE(at + 1) & 0x1fff;
    // The size of the codec before is not that of this one.
    if (codec !== known.format.codec) known.format = { ...timeFields(known.format), codec };
    return;
  }
}

const timeFields = ({ ptsMs }: Contribution): Contribution =>
  ptsMs === undefined ? {} : { ptsMs };

/** 90 kHz. */
const TICKS_PER_MS = 90;

function readPicture(pes: Buffer, known: Known): void {
  if (pes.length < 14 || pes.readUIntBE(0, 3) !== 1) return;
  const hasTime = ((pes[7] ?? 0) & 0x80) !== 0;
  const body = pes.subarray(9 + (pes[8] ?? 0));
  const size = pictureSize(known.format.codec ?? '', body);
  const ptsMs = hasTime ? Math.round(readTime(pes) / TICKS_PER_MS) : undefined;
  if (ptsMs !== undefined) known.onTime(ptsMs);
  known.format = {
    ...known.format,
    ...(ptsMs === undefined ? {} : { ptsMs }),
    ...(size ?? {}),
  };
}

/** 33 bits with marker bits between them; beyond 32 bits, so no bit operations. */
function readTime(pes: Buffer): number {
  const high = ((pes[9] ?? 0) >> 1) & 7;
  const middle = pes.readUInt16BE(10) >> 1;
  const low = pes.readUInt16BE(12) >> 1;
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}
