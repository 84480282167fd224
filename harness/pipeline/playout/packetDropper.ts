// Drops packets for a link that is slower than the programme: whole transport packets pass while
// there is room, nothing while there is not. The programme never waits.

import { PACKET_BYTES } from '../../model/transportStream.ts';

export interface PacketDropper {
  /** Whole packets to send now, given what still waits to be sent; the others are gone. */
  readonly admit: (chunk: Buffer, queuedBytes: number) => Buffer;
  readonly bytesDropped: number;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** `limitBytes`: what may wait; at least one packet fits an empty queue. */
export function packetDropper(limitBytes: number): PacketDropper {
  let rest = NOTHING;
  let bytesDropped = 0;
  return {
    admit: (chunk, queuedBytes) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % PACKET_BYTES);
      rest = whole < bytes.length ? bytes.subarray(whole) : NOTHING;
      const room = Math.max(0, Math.max(limitBytes, PACKET_BYTES) - queuedBytes);
      const kept = Math.min(whole, room - (room % PACKET_BYTES));
      bytesDropped += whole - kept;
      return kept < bytes.length ? bytes.subarray(0, kept) : bytes;
    },
    get bytesDropped() {
      return bytesDropped;
    },
  };
}
