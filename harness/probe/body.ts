// Reads the body of an answer: of a media playlist what it lists, of anything whether it was
// damaged on the way. Pure.

import type { PlaylistSeen } from '../model/answer.ts';
import { SEGMENT_NAME } from '../model/segmentName.ts';
import { PACKET_BYTES, SYNC_BYTE } from '../model/transportStream.ts';

/** Undefined for what is no media playlist. */
export function readPlaylist(text: string): PlaylistSeen | undefined {
  const lines = text.split('\n');
  const sequence = /^#EXT-X-MEDIA-SEQUENCE:(\d+)$/m.exec(text)?.[1];
  if (sequence === undefined && !lines.some((line) => line.startsWith('#EXTINF'))) return undefined;
  const numbers: number[] = [];
  const gaps: number[] = [];
  let gap = false;
  for (const line of lines) {
    if (line === '#EXT-X-GAP') gap = true;
    if (line === '' || line.startsWith('#')) continue;
    const number = segmentNumber(line);
    if (number !== undefined) {
      numbers.push(number);
      if (gap) gaps.push(number);
    }
    gap = false;
  }
  return {
    numbers,
    gaps,
    newest: urisIn(text).at(-1),
    sequence: sequence === undefined ? undefined : Number(sequence),
    countsDiscontinuities: /^#EXT-X-DISCONTINUITY-SEQUENCE:/m.test(text),
  };
}

/** Lines that are neither tags nor empty: playlists in a multivariant one, segments in a media one. */
export const urisIn = (playlist: string): readonly string[] =>
  playlist
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

export function segmentNumber(name: string): number | undefined {
  const number = SEGMENT_NAME.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** A segment of MP4 that does not begin with a fragment, a transport packet without its sync byte, or a playlist with bytes that are no text. */
export function isDamaged(path: string, body: Buffer): boolean {
  if (path.endsWith('.m3u8')) return body.some((byte) => !isText(byte));
  if (path.endsWith('.m4s')) return body.toString('latin1', 4, 8) !== 'moof';
  for (let at = 0; at < body.length; at += PACKET_BYTES) if (body[at] !== SYNC_BYTE) return true;
  return false;
}

/** Printable ASCII, tab, line ends: all that the transcoder writes. */
const isText = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
