// Defines the parts every transport stream is made of (ISO/IEC 13818-1, 2.4.3).

/** Length of a packet. */
export const PACKET_BYTES = 188;
/** First byte of each. */
export const SYNC_BYTE = 0x47;

/** Packets that fill up a constant rate. */
const NULL_PID = 0x1fff;

/** A packet may come twice, and one that announces a discontinuity may carry any number. */
export function continuityMeter() {
  const counters = new Map<number, number>();
  let errors = 0;
  const takeOne = (packets: Uint8Array, at: number) => {
    const pid = readPid(packets.subarray(at));
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
    /** Takes whole packets. */
    take: (packets: Uint8Array): void => {
      for (let at = 0; at + PACKET_BYTES <= packets.length; at += PACKET_BYTES)
        takeOne(packets, at);
    },
    /** Packets that do not follow the one before of their kind (2.4.3.3), so far. */
    get errors() {
      return errors;
    },
  };
}

/** Tells whether tables of a programme begin in some packets. */
export const tablesIn = (packets: Uint8Array): boolean =>
  splitPackets(packets).some((packet) => begins(packet) && readPid(packet) === 0);

/** Tells whether a picture that a decoder can begin with begins in some packets. */
export const startsPicture = (packets: Uint8Array): boolean =>
  splitPackets(packets).some(
    (packet) => begins(packet) && isRandomAccess(packet) && isVideo(packet),
  );

/** Tells whether some packets carry the clock of a programme (PCR). */
export const clockIn = (packets: Uint8Array): boolean =>
  splitPackets(packets).some(
    (packet) => (packet[3]! & 0x20) !== 0 && packet[4]! > 0 && (packet[5]! & 0x10) !== 0,
  );

export const splitPackets = (packets: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.floor(packets.length / PACKET_BYTES) }, (_, i) =>
    packets.subarray(i * PACKET_BYTES, (i + 1) * PACKET_BYTES),
  );

const begins = (packet: Uint8Array): boolean => (packet[1]! & 0x40) !== 0;
export const readPid = (packet: Uint8Array): number => ((packet[1]! & 0x1f) << 8) | packet[2]!;
const isRandomAccess = (packet: Uint8Array): boolean =>
  (packet[3]! & 0x20) !== 0 && packet[4]! > 0 && (packet[5]! & 0x40) !== 0;

/** Its payload begins with the head of a picture: stream ids 0xe0 to 0xef (2.4.3.7, table 2-22). */
function isVideo(packet: Uint8Array): boolean {
  const [a, b, c, id = 0] = packet.subarray(5 + packet[4]!);
  return a === 0 && b === 0 && c === 1 && id >> 4 === 0xe;
}
