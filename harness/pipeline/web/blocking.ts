// Decides when a playlist or a part can be answered that is asked for before it is there (blocking
// playlist reload and preload hints, RFC 8216bis 6.2.5.2 and 4.4.5.3). Pure.

import { PART_NAME } from '../../model/segmentName.ts';

/** The live edge of a media playlist. */
export interface PlaylistEnd {
  /** Number of the segment after the last whole one. */
  readonly next: number;
  /** Parts that are listed of it. */
  readonly parts: number;
  /** Parts that are listed of the last whole one. */
  readonly lastParts: number;
  readonly targetMs: number;
  /** 0 where there are no parts. */
  readonly partMs: number;
}

/** Undefined for what is no media playlist. */
export function readEnd(playlist: string): PlaylistEnd | undefined {
  const number = (tag: RegExp) => Number(tag.exec(playlist)?.[1] ?? NaN);
  const sequence = number(/^#EXT-X-MEDIA-SEQUENCE:(\d+)/m);
  const targetMs = 1000 * number(/^#EXT-X-TARGETDURATION:(\d+)/m);
  if (Number.isNaN(sequence + targetMs)) return undefined;
  const partS = number(/^#EXT-X-PART-INF:.*PART-TARGET=([\d.]+)/m);
  let [next, parts, lastParts] = [sequence, 0, 0];
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PART:')) parts++;
    else if (line.trim() !== '' && !line.startsWith('#'))
      [next, parts, lastParts] = [next + 1, 0, parts];
  }
  return { next, parts, lastParts, targetMs, partMs: Number.isNaN(partS) ? 0 : partS * 1000 };
}

/** The least that a playlist must list: a segment, or a part of it. */
export interface Wanted {
  readonly segment: number;
  /** The whole segment when not said. */
  readonly part?: number;
}

const WHOLE = /^\d{1,15}$/;

/** Undefined for a plain request; `wrong` for one that no playlist can fulfil. */
export function readWanted(query: URLSearchParams): Wanted | 'wrong' | undefined {
  const [segment, part] = [query.get('_HLS_msn'), query.get('_HLS_part')];
  if (segment === null) return part === null ? undefined : 'wrong';
  if (!WHOLE.test(segment) || !WHOLE.test(part ?? '0')) return 'wrong';
  return { segment: Number(segment), ...(part !== null && { part: Number(part) }) };
}

/** Undefined for any other file. */
export function partAt(path: string): Wanted | undefined {
  const [, segment, part] = PART_NAME.exec(path.slice(path.lastIndexOf('/') + 1)) ?? [];
  return segment === undefined ? undefined : { segment: Number(segment), part: Number(part) };
}

/** Tells whether a playlist lists what is wanted, will soon, or is asked too much. */
export function judgeWanted(wanted: Wanted, end: PlaylistEnd): 'listed' | 'soon' | 'too far' {
  const { segment, part } = behindLast(wanted, end);
  if (segment < end.next) return 'listed';
  if (segment > end.next + SEGMENTS_AHEAD_MAX) return 'too far';
  if (segment > end.next || part === undefined) return 'soon';
  if (part < end.parts) return 'listed';
  return part < end.parts + partsAheadMax(end) ? 'soon' : 'too far';
}

/** A part behind the last of a whole segment is the first of the next one. */
const behindLast = (wanted: Wanted, { next, lastParts }: PlaylistEnd): Wanted =>
  wanted.segment === next - 1 && lastParts > 0 && (wanted.part ?? 0) >= lastParts
    ? { segment: next, part: 0 }
    : wanted;

/** Two segments after the last whole one. */
const SEGMENTS_AHEAD_MAX = 1;

/** Parts in three seconds where parts are shorter than one, else three. */
const partsAheadMax = ({ partMs }: PlaylistEnd): number =>
  partMs > 0 && partMs < 1_000 ? Math.ceil(3_000 / partMs) : 3;
