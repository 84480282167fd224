// Parts of a segment (low latency HLS): how long they are, and which are still worth an upload.

import type { MediaSettings } from '../../model/scenario.ts';

/** A part is the most whole pictures within this; the last of a segment may be shorter. */
const PART_MS_MAX = 400;

/** Pictures in a part. */
export const partFrames = ({ fps }: Pick<MediaSettings, 'fps'>): number =>
  Math.floor((PART_MS_MAX * fps) / 1000);

/** Length of every part but the last of a segment; a playlist promises that none is longer. */
export const partMs = ({ fps }: Pick<MediaSettings, 'fps'>): number =>
  (partFrames({ fps }) * 1000) / fps;

/** Parts in a whole segment. */
export const partsInSegment = ({ fps, segmentMs }: Pick<MediaSettings, 'fps' | 'segmentMs'>) =>
  Math.ceil(Math.round((segmentMs * fps) / 1000) / partFrames({ fps }));

/** A part as a playlist lists it. */
export interface PlaylistPart {
  /** Relative to the playlist. */
  readonly name: string;
  readonly durationMs: number;
  /** It begins with a picture that needs none before it. */
  readonly independent: boolean;
}

/** A part on its way: without a body once it is uploaded. */
export interface LanePart extends PlaylistPart {
  body: Buffer | undefined;
}

/** Gives those that are uploaded, from the first on without a hole. */
export function uploadedParts(parts: readonly LanePart[]): readonly LanePart[] {
  const waitingAt = parts.findIndex(({ body }) => body !== undefined);
  return waitingAt < 0 ? parts : parts.slice(0, waitingAt);
}

/**
 * Gives the part to upload now. A segment that is complete before its first part went up goes without
 * parts; one that is listed in part is finished in parts, or players would lose what they count on.
 */
export function nextPart(parts: readonly LanePart[], complete: boolean): LanePart | undefined {
  const waiting = parts.find(({ body }) => body !== undefined);
  return complete && waiting === parts[0] ? undefined : waiting;
}
