// Puts the segments of a live playlist on one time line that goes on over reloads and rungs.

import type { MediaPlaylist, Segment } from './playlist.ts';
import type { Rules } from './rules.ts';

export interface PlacedSegment extends Segment {
  readonly startMs: number;
  readonly endMs: number;
}

export interface LivePlaylist extends MediaPlaylist {
  readonly segments: readonly PlacedSegment[];
  readonly startMs: number;
  /** The live edge. */
  readonly endMs: number;
  /** It has something that the one before had not. */
  readonly updated: boolean;
}

/**
 * By the number of a segment that both have; else by dates; else it follows what there was. The
 * playlist must have segments.
 */
export function place(playlist: MediaPlaylist, before: LivePlaylist | undefined): LivePlaylist {
  let startMs = before ? startAfter(playlist.segments, before) : 0;
  const segments = playlist.segments.map((segment): PlacedSegment => {
    const placed = { ...segment, startMs, endMs: startMs + segment.durationMs };
    startMs = placed.endMs;
    return placed;
  });
  const last = segments.at(-1)!;
  return {
    ...playlist,
    segments,
    startMs: segments[0]!.startMs,
    endMs: last.endMs,
    updated: last.number !== before?.segments.at(-1)?.number,
  };
}

function startAfter(segments: readonly Segment[], before: LivePlaylist): number {
  let leadMs = 0;
  for (const { number, durationMs } of segments) {
    const same = before.segments.find((one) => one.number === number);
    if (same) return same.startMs - leadMs;
    leadMs += durationMs;
  }
  const [first, known] = [segments[0]!, before.segments.at(-1)!];
  const dated = first.dateEpochMs !== undefined && known.dateEpochMs !== undefined;
  return dated ? known.startMs + first.dateEpochMs - known.dateEpochMs : before.endMs;
}

/** Gives the place to start from, and to come back to after too long a stall. */
export function liveSyncMs(
  { startMs, endMs, targetMs }: LivePlaylist,
  { liveSyncCount, liveSyncOnStallIncreaseMs }: Rules,
  stalls: number,
): number {
  const more = Math.min(stalls * liveSyncOnStallIncreaseMs, targetMs);
  const syncMs = endMs - liveSyncCount * targetMs - more;
  return Math.min(Math.max(startMs, syncMs), Math.max(startMs, endMs - targetMs));
}
