// A picture in virtual time: what is on it, in twelve bytes instead of a frame.

import { packSign, type AlertSign } from '../model/alertStrip.ts';

export interface Picture {
  readonly kind: 'programme' | 'black' | 'slate';
  /** The frame clock; -1 without one. */
  readonly counter: number;
  /** Number of the channel in the frame clock. */
  readonly channel: number;
  /** The message of an alert that is burnt in (packSign). */
  readonly alert?: number;
}

/** Length of an encoded picture. */
export const PICTURE_BYTES = 12;

const KINDS = ['programme', 'black', 'slate'] as const;

export function encodePicture({ kind, counter, channel, alert = 0 }: Picture): Buffer {
  const bytes = Buffer.alloc(PICTURE_BYTES);
  bytes.writeUInt8(KINDS.indexOf(kind), 0);
  bytes.writeUInt8(channel, 1);
  bytes.writeInt32BE(counter, 4);
  bytes.writeUInt32BE(alert, 8);
  return bytes;
}

export function decodePicture(bytes: Buffer): Picture {
  const alert = bytes.readUInt32BE(8);
  return {
    kind: KINDS[bytes.readUInt8(0)] ?? 'black',
    channel: bytes.readUInt8(1),
    counter: bytes.readInt32BE(4),
    ...(alert > 0 && { alert }),
  };
}

/** The picture with an alert burnt in over whatever stood there. */
export const withAlert = (picture: Picture, sign: AlertSign | undefined): Picture =>
  sign ? { ...picture, alert: packSign(sign) } : picture;
