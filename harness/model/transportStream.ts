// Defines the parts every transport stream is made of (ISO/IEC 13818-1, 2.4.3).

/** Length of a packet. */
export const PACKET_BYTES = 188;
/** First byte of each. */
export const SYNC_BYTE = 0x47;

/** Packets that fill up a constant rate. */
const NULL_PID = 0x1fff;

export interface ContinuityMeter {
  /** Takes whole packets. */
  readonly take: (packets: Uint8Array) => void;
  /** Packets that do not follow the one before of their kind (2.4.3.3), so far. */
  readonly errors: number;
}

/** A packet may come twice, and one that announces a discontinuity may carry any number. */
export function continuityMeter(): ContinuityMeter {
  const counters = new Map<number, number>();
  let errors = 0;
  const takeOne = (packets: Uint8Array, at: number) => {
    const pid = ((packets[at + 1]! & 0x1f) << 8) | packets[at + 2]!;
    const control = packets[at + 3]!;
    if (packets[at] !== SYNC_BYTE || pid === NULL_PID || (control & 0x10) === 0) return;
    const counter = control & 0x0f;
    const before = counters.get(pid);
    counters.set(pid, counter);
    const announced = (control & 0x20) !== 0 && packets[at + 4]! > 0 && packets[at + 5]! >= 0x80;
    const follows = before === undefined || counter === before || counter === ((before + 1) & 15);
    if (!follows && !announced) errors += 1;
  };
  return {
    take: (packets) => {
      for (let at = 0; at + PACKET_BYTES <= packets.length; at += PACKET_BYTES)
        takeOne(packets, at);
    },
    get errors() {
      return errors;
    },
  };
}
