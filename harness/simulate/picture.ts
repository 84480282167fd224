// A picture in virtual time: what is on it, in eight bytes instead of a frame.

export interface Picture {
  readonly kind: 'programme' | 'black' | 'slate';
  /** The frame clock; -1 without one. */
  readonly counter: number;
  /** Number of the channel in the frame clock. */
  readonly channel: number;
}

const KINDS = ['programme', 'black', 'slate'] as const;

export function encodePicture({ kind, counter, channel }: Picture): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(KINDS.indexOf(kind), 0);
  bytes.writeUInt8(channel, 1);
  bytes.writeInt32BE(counter, 4);
  return bytes;
}

export const decodePicture = (bytes: Buffer): Picture => ({
  kind: KINDS[bytes.readUInt8(0)] ?? 'black',
  channel: bytes.readUInt8(1),
  counter: bytes.readInt32BE(4),
});
