// Works out what a playlist lists: the segments that are settled, and in parts what stands behind them. Pure.

import { uploadedParts, type LanePart } from './parts.ts';
import type { LiveEdge, Newest, PlaylistEntry } from './playlist.ts';
import { partName } from './tracks.ts';

export interface LaneSegment extends Omit<PlaylistEntry, 'gap' | 'parts'> {
  /** When its first frame was put out: the playlist gives that by the clock of the transcoder. */
  readonly startEpochMs: number;
  readonly body: Buffer;
}

export type Listed = PlaylistEntry & Pick<LaneSegment, 'startEpochMs'>;

/** A segment of a lane. */
export interface Entry extends Omit<LaneSegment, 'body'> {
  /** None as long as it is in the making, and none once it is uploaded. */
  body: Buffer | undefined;
  /** It is in the making: more parts come. */
  open: boolean;
  readonly parts: LanePart[];
  state: 'waiting' | 'uploaded' | 'gap';
  attempts: number;
  retryAtEpochMs: number;
}

/** All that there is to list. */
interface Listing {
  readonly entries: readonly Entry[];
  /** Number of the first entry. */
  readonly sequence: number;
  readonly discontinuitySequence: number;
}

/** Lengths of parts, where segments have any. */
export interface InParts {
  readonly partMs: number;
  /** Parts in a whole segment. */
  readonly inSegment: number;
}

interface ListingOptions {
  readonly segmentMs: number;
  readonly playlistSegments: number;
  readonly parts?: InParts | undefined;
}

type InPlaylist = ReturnType<typeof window> & { readonly edge?: LiveEdge };

/** The newest segments that are settled, from an uploaded one to an uploaded one. */
export function window(
  { entries, ...numbers }: Listing,
  { playlistSegments: count }: Pick<ListingOptions, 'playlistSegments'>,
) {
  const settled = entries.slice(0, settledCount(entries));
  const followed = uploadedParts(entries[settled.length]?.parts ?? []).length > 0;
  const newest = settled.findLastIndex(({ state }) => state === 'uploaded') + 1;
  const end = followed ? settled.length : newest;
  const windowStart = Math.max(0, end - count);
  const first = settled.findIndex(({ state }, at) => at >= windowStart && state === 'uploaded');
  const before = entries.slice(0, Math.max(0, first));
  return {
    sequence: numbers.sequence + before.length,
    discontinuitySequence:
      numbers.discontinuitySequence + before.filter(({ discontinuity }) => discontinuity).length,
    entries: settled
      .slice(Math.max(0, first), end)
      .map((entry): Listed => ({ ...entry, parts: undefined, gap: entry.state === 'gap' })),
  };
}

function settledCount(entries: readonly Entry[]): number {
  const waitingAt = entries.findIndex(({ state }) => state === 'waiting');
  return waitingAt < 0 ? entries.length : waitingAt;
}

/** Parts are listed so long after the end of their segment (RFC 8216bis, 4.4.4.9). */
const PARTS_LISTED_TARGETS = 3;

/** Adds the parts to the window, and what stands behind it. */
export function listedNow(state: Listing, options: ListingOptions): InPlaylist {
  const listed = window(state, options);
  const { parts, segmentMs } = options;
  if (!parts) return listed;
  const edge = liveEdge(state, parts);
  let behindMs = (edge.open?.parts ?? []).reduce((sum, { durationMs }) => sum + durationMs, 0);
  const held = new Map(state.entries.map((entry) => [entry.name, entry.parts]));
  const entries = listed.entries.toReversed().map((entry) => {
    const wanted = !entry.gap && behindMs < PARTS_LISTED_TARGETS * segmentMs;
    behindMs += entry.durationMs;
    return wanted ? { ...entry, parts: wholeIn(held.get(entry.name) ?? []) } : entry;
  });
  return { ...listed, entries: entries.reverse(), edge };
}

/** Undefined where there are no parts. */
export function newestIn({ sequence, entries, edge }: InPlaylist): Newest | undefined {
  if (!edge) return undefined;
  const next = sequence + entries.length;
  if (edge.open) return { segment: next, part: edge.open.parts.length - 1 };
  const parts = entries.at(-1)?.parts?.length ?? 0;
  return { segment: next - 1, ...(parts > 0 && { part: parts - 1 }) };
}

/** All or none: the parts before a segment are that segment. */
const wholeIn = (parts: readonly LanePart[]): readonly LanePart[] =>
  uploadedParts(parts).length === parts.length ? parts : [];

/** A segment that is behind is put as a whole, and no part of it can be promised. */
function liveEdge({ entries, sequence }: Listing, { partMs, inSegment }: InParts): LiveEdge {
  const next = settledCount(entries);
  const entry = entries[next];
  const parts = uploadedParts(entry?.parts ?? []);
  if (!entry || parts.length === 0) {
    const sure = entry?.open ?? true;
    return { partMs, hint: sure ? partName(sequence + next, 0) : undefined };
  }
  const whole = parts.length >= inSegment;
  const hint = whole ? partName(sequence + next + 1, 0) : partName(sequence + next, parts.length);
  const { dateEpochMs, discontinuity } = entry;
  return { partMs, open: { dateEpochMs, discontinuity, parts }, hint };
}
