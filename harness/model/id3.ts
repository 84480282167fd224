// Alerts as timed metadata: one ID3 tag (version 2.4) with one user-defined text (TXXX), all alerts that
// are in force as JSON. Written into segments by the packager, read by players.

import type { ToldAlert } from './alert.ts';

/** Names the text; players hand it on as its description. */
const ALERTS_TEXT = 'ecran-noir.alerts';

const UTF8 = 3;
/** A packet of a transport stream says its length in 16 bits. */
const TAG_BYTES_MAX = 65_000;

const readBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const asciiAt = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** Seven bits a byte, so that no length looks like the sync of a frame of sound. */
const syncsafe = (length: number): readonly number[] =>
  [21, 14, 7, 0].map((bits) => (length >> bits) & 0x7f);
const syncsafeAt = (bytes: Uint8Array, at: number): number =>
  bytes.subarray(at, at + 4).reduce((length, byte) => (length << 7) | byte, 0);

/** Throws an Error for more than a segment can carry. */
export function alertsTag(alerts: readonly ToldAlert[]): Uint8Array {
  const text = [UTF8, ...readBytes(ALERTS_TEXT), 0, ...readBytes(JSON.stringify(alerts)), 0];
  const frame = [...readBytes('TXXX'), ...syncsafe(text.length), 0, 0, ...text];
  if (frame.length > TAG_BYTES_MAX)
    throw new Error(`alerts of ${frame.length} bytes do not fit into a segment`);
  return Uint8Array.from([...readBytes('ID3'), 4, 0, 0, ...syncsafe(frame.length), ...frame]);
}

/** The alerts in a tag; undefined where it is about something else. */
export function alertsInTag(tag: Uint8Array): readonly ToldAlert[] | undefined {
  const [head, start] = [10, 21];
  if (asciiAt(tag, 0, 3) !== 'ID3' || asciiAt(tag, head, head + 4) !== 'TXXX') return undefined;
  const end = head + 10 + syncsafeAt(tag, head + 4);
  const [description, data = ''] = new TextDecoder().decode(tag.subarray(start, end)).split('\0');
  return alertsInText({ description, data });
}

/** A text as players hand it on. */
export interface TagText {
  readonly description?: unknown;
  readonly data?: unknown;
}

/** The alerts in the text of a tag; undefined where it is another one. */
export const alertsInText = ({ description, data }: TagText): readonly ToldAlert[] | undefined =>
  description === ALERTS_TEXT ? (JSON.parse(String(data)) as readonly ToldAlert[]) : undefined;
