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

/** @param length - in bytes, of a buffer that begins with the picture. */
export function encodePicture(
  { kind, counter, channel, alert = 0 }: Picture,
  length = PICTURE_BYTES,
): Buffer {
  // Out of a pool: nobody reads what lies between and behind the fields.
  const bytes = Buffer.allocUnsafe(length);
  bytes[0] = KINDS.indexOf(kind);
  bytes[1] = channel;
  bytes.writeInt32BE(counter, 4);
  bytes.writeUInt32BE(alert, 8);
  return bytes;
}

export function decodePicture(bytes: Buffer): Picture {
  const alert = bytes.readUInt32BE(8);
  return {
    kind: KINDS[bytes[0] ?? -1] ?? 'black',
    channel: bytes[1] ?? 0,
    counter: bytes.readInt32BE(4),
    ...(alert > 0 && { alert }),
  };
}

/** The picture with an alert burnt in over whatever stood there. */
export const withAlert = (picture: Picture, sign: AlertSign | undefined): Picture =>
  sign ? { ...picture, alert: packSign(sign) } : picture;
