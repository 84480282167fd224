// A player that keeps its distance to live over a stall: it goes on where it would be by now.

import type { Publication } from './publication.ts';
import type { Segments } from './segments.ts';

/** A break in the programme that is longer moves what follows it on the player's time line. */
const BREAK_MS = 1_000;

/** Gives when the picture at a media time was put out, which is no sooner than a segment. */
export function putOutMs(
  { startMs, mediaMs, count }: Segments,
  from: number,
  positionMs: number,
): number {
  let n = Math.max(0, from);
  while (n + 1 < count && mediaMs[n + 1]! <= positionMs) n++;
  return startMs[n]! + positionMs - mediaMs[n]!;
}

const endMs = ({ startMs, mediaMs }: Segments, n: number): number =>
  startMs[n]! + mediaMs[n + 1]! - mediaMs[n]!;

/** True where the programme was away between two segments of a playlist. */
export function hasBreak(segments: Segments, first: number, last: number): boolean {
  for (let n = first + 1; n <= last; n++)
    if (segments.begins[n] === 1 && segments.startMs[n]! - endMs(segments, n - 1) > BREAK_MS)
      return true;
  return false;
}

/** Gives the media time of a picture that was put out then, or of the first behind it in a playlist. */
export function positionOf(
  { segments, isGap }: Publication,
  first: number,
  last: number,
  wantedMs: number,
): number | undefined {
  const { startMs, mediaMs } = segments;
  for (let n = first; n <= last; n++)
    if (isGap[n] === 0 && endMs(segments, n) > wantedMs)
      return mediaMs[n]! + Math.max(0, wantedMs - startMs[n]!);
  return undefined;
}
