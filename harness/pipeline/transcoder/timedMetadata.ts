// Puts an ID3 tag into a finished segment: of a transport stream as a stream of its own, announced as
// Apple's "Timed Metadata for HTTP Live Streaming" asks; of CMAF as a box before its fragment.

import { eventMessage } from '../../model/eventMessage.ts';
import { checksum, mapPidIn, sectionIn } from '../../model/programTables.ts';
import { PACKET_BYTES, splitPackets, readPid, SYNC_BYTE } from '../../model/transportStream.ts';
import type { MediaSettings } from '../../model/scenario.ts';

/** The encoder gives its streams lower ones. */
const PID = 0x1f0;
/** A stream of metadata in packets (ISO/IEC 13818-1, table 2-34). */
const STREAM_TYPE = 0x15;
const ID3 = [...Buffer.from('ID3 ')];
/** Metadata pointer descriptor of the programme, and metadata descriptor of the stream. */
const POINTER = [0x25, 15, 0xff, 0xff, ...ID3, 0xff, ...ID3, 0, 0x1f, 0, 1];
const DESCRIPTOR = [0x26, 13, 0xff, 0xff, ...ID3, 0xff, ...ID3, 0xff, 0x0f];
const CRC_BYTES = 4;

export interface TaggedSegment {
  readonly body: Buffer;
  /** Index of its track. */
  readonly track: number;
  /** The time stamp that it begins with, in seconds. */
  readonly startS: number;
}

/** Keeps the numbers of packets over the segments of each track. */
export function createTagger({ container }: Pick<MediaSettings, 'container'>) {
  const counters = new Map<number, number>();
  return (tag: Uint8Array, { body, track, startS }: TaggedSegment): Buffer => {
    if (container === 'cmaf') return Buffer.concat([eventMessage(tag, startS), body]);
    const next = () => {
      const counter = counters.get(track) ?? 0;
      counters.set(track, (counter + 1) & 0x0f);
      return counter;
    };
    return tagTransport(body, tag, next);
  };
}

function tagTransport(segment: Buffer, tag: Uint8Array, next: () => number): Buffer {
  const packets = splitPackets(segment);
  const list = packets.find((packet) => readPid(packet) === 0);
  const mapPid = list && mapPidIn(sectionIn(list) ?? new Uint8Array());
  const stamp = packets.map(timestampIn).find((found) => found !== undefined);
  if (mapPid === undefined || !stamp) return segment;
  const announced = packets.map((packet) =>
    readPid(packet) === mapPid ? announce(packet) : packet,
  );
  const after = packets.findIndex((packet) => readPid(packet) === mapPid) + 1;
  return Buffer.concat(announced.toSpliced(after, 0, ...packetise(tag, stamp, next)));
}

/** The map of the programme with one stream more. */
function announce(packet: Uint8Array): Uint8Array {
  const section = sectionIn(packet);
  if (!section) return packet;
  const infoEnd = 12 + (((section[10]! & 0x0f) << 8) | section[11]!);
  const info = [...section.subarray(12, infoEnd), ...POINTER];
  const streams = section.subarray(infoEnd, -CRC_BYTES);
  const own = [
    STREAM_TYPE,
    ...word(0xe000 | PID),
    ...word(0xf000 | DESCRIPTOR.length),
    ...DESCRIPTOR,
  ];
  const rest = [
    ...section.subarray(3, 10),
    ...word(0xf000 | info.length),
    ...info,
    ...streams,
    ...own,
  ];
  const map = [section[0]!, ...word(0xb000 | (rest.length + CRC_BYTES)), ...rest];
  const sum = Buffer.alloc(CRC_BYTES);
  sum.writeInt32BE(checksum(Uint8Array.from(map)));
  const made = Buffer.alloc(PACKET_BYTES, 0xff);
  made.set([...packet.subarray(0, 3), 0x10 | (packet[3]! & 0x0f), 0, ...map, ...sum]);
  return made;
}

const word = (value: number): readonly number[] => [value >> 8, value & 0xff];

/** The five bytes of the first time stamp of a picture; undefined where none begins. */
function timestampIn(packet: Uint8Array): readonly number[] | undefined {
  const begins = (packet[1]! & 0x40) !== 0;
  const at = 4 + ((packet[3]! & 0x20) === 0 ? 0 : 1 + packet[4]!);
  const isPicture = packet[at + 2] === 1 && packet[at + 3]! >> 4 === 0xe;
  if (!begins || !isPicture || (packet[at + 7]! & 0x80) === 0) return undefined;
  return [0x21 | (packet[at + 9]! & 0x0e), ...packet.subarray(at + 10, at + 14)];
}

/** A packet of the stream (PES, private stream 1) with the tag, cut into those of the transport. */
function packetise(tag: Uint8Array, stamp: readonly number[], next: () => number): Uint8Array[] {
  const head = [0, 0, 1, 0xbd, ...word(tag.length + 8), 0x84, 0x80, stamp.length, ...stamp];
  const whole = Uint8Array.from([...head, ...tag]);
  const room = PACKET_BYTES - 4;
  return Array.from({ length: Math.ceil(whole.length / room) }, (_, i) => {
    const piece = whole.subarray(i * room, (i + 1) * room);
    const stuffing = room - piece.length;
    const field = stuffing === 0 ? [] : [stuffing - 1, ...(stuffing > 1 ? [0] : [])];
    const made = Buffer.alloc(PACKET_BYTES, 0xff);
    const control = (stuffing === 0 ? 0x10 : 0x30) | next();
    made.set([SYNC_BYTE, (i === 0 ? 0x40 : 0) | (PID >> 8), PID & 0xff, control, ...field]);
    made.set(piece, PACKET_BYTES - piece.length);
    return made;
  });
}
