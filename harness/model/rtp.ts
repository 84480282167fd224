// Transport streams over RTP (RFC 3550; payload type 33: RFC 3551): numbered datagrams of at most seven
// packets, so that whoever receives them knows what is missing.

import { PACKET_BYTES } from './transportStream.ts';

const HEADER_BYTES = 12;
/** MPEG-2 transport stream (RFC 3551, table 5). */
const PAYLOAD_TYPE = 33;
/** The packets that fit an Ethernet frame. */
export const PACKETS_MAX = 7;
const NUMBERS = 2 ** 16;

export interface RtpPacket {
  /** Mod 2^16. */
  readonly number: number;
  readonly source: number;
  readonly payload: Uint8Array;
}

/** The time stamp counts 90 kHz ticks. */
export function rtpPacket({ number, source, payload }: RtpPacket, atMs: number): Uint8Array {
  const packet = new Uint8Array(HEADER_BYTES + payload.length);
  const header = new DataView(packet.buffer);
  header.setUint8(0, 0x80);
  header.setUint8(1, PAYLOAD_TYPE);
  header.setUint16(2, number);
  header.setUint32(4, Math.round(atMs * 90) % 2 ** 32);
  header.setUint32(8, source);
  packet.set(payload, HEADER_BYTES);
  return packet;
}

/** Undefined for what carries no transport stream. */
export function readRtp(datagram: Uint8Array): RtpPacket | undefined {
  if (datagram.length < HEADER_BYTES + PACKET_BYTES) return undefined;
  const header = new DataView(datagram.buffer, datagram.byteOffset, HEADER_BYTES);
  if (header.getUint8(0) !== 0x80 || (header.getUint8(1) & 0x7f) !== PAYLOAD_TYPE) return undefined;
  const payload = datagram.subarray(HEADER_BYTES);
  return { number: header.getUint16(2), source: header.getUint32(8), payload };
}

/** Cuts packets of a transport stream into the payloads of datagrams. */
export function splitPayloads(packets: Uint8Array): Uint8Array[] {
  const bytes = PACKETS_MAX * PACKET_BYTES;
  const count = Math.ceil(packets.length / bytes);
  return Array.from({ length: count }, (_, i) => packets.subarray(i * bytes, (i + 1) * bytes));
}

export const nextNumber = (number: number): number => (number + 1) % NUMBERS;

/** The steps from one number to another: below 0 for one that was sent before it. */
export function stepsBetween(from: number, to: number): number {
  const steps = (to - from + NUMBERS) % NUMBERS;
  return steps >= NUMBERS / 2 ? steps - NUMBERS : steps;
}

/** A step this large is another sender that began to count, and no loss. */
const RESTART_STEPS = 3000;

/** Counts what is missing, repeated or overtaken in a row of numbers. */
export function numberMeter() {
  const counts = { lost: 0, twice: 0, late: 0 };
  const missing = new Set<number>();
  let last: { number: number; source: number } | undefined;
  return {
    /** So far; what was thought lost and came late is late only. */
    counts: counts as Readonly<typeof counts>,
    /** Tells whether it comes in its order. */
    take: ({ number, source }: Pick<RtpPacket, 'number' | 'source'>): boolean => {
      const steps = last?.source === source ? stepsBetween(last.number, number) : Infinity;
      if (!last || Math.abs(steps) > RESTART_STEPS) {
        missing.clear();
        last = { number, source };
        return true;
      }
      if (steps <= 0) {
        if (!missing.delete(number)) counts.twice += 1;
        else {
          counts.late += 1;
          counts.lost -= 1;
        }
        return false;
      }
      for (let at = nextNumber(last.number); at !== number; at = nextNumber(at)) missing.add(at);
      counts.lost += steps - 1;
      last = { number, source };
      if (missing.size > RESTART_STEPS) missing.clear();
      return true;
    },
  };
}
