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

/** Gives the same bytes for as long as pictures are alike: filler lasts for minutes. */
export function encodeInTurn(): (picture: Picture) => Buffer {
  let last: Picture | undefined;
  let bytes: Buffer = Buffer.alloc(0);
  return (picture) => {
    if (!last || !isSame(last, picture)) [last, bytes] = [picture, encodePicture(picture)];
    return bytes;
  };
}

const isSame = (a: Picture, b: Picture): boolean =>
  a.kind === b.kind && a.counter === b.counter && a.channel === b.channel && a.alert === b.alert;

export function decodePicture(bytes: Buffer): Picture {
  const alert = bytes.readUInt32BE(8);
  const picture = {
    kind: KINDS[bytes[0] ?? -1] ?? 'black',
    channel: bytes[1] ?? 0,
    counter: bytes.readInt32BE(4),
  };
  return alert > 0 ? { ...picture, alert } : picture;
}

/** The picture with an alert burnt in over whatever stood there. */
export const withAlert = (picture: Picture, sign: AlertSign | undefined): Picture =>
  sign ? { ...picture, alert: packSign(sign) } : picture;
