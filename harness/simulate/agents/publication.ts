// Keeps what an origin has of a channel over time: the production lane (pipeline/transcoder/lane.ts) on
// segment numbers, over a way whose condition changes in steps.

import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import type { Segments } from './segments.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';
import { attempt, crossMs, wellUntil, type UploadWay } from './uploads.ts';

/** Versions of the playlist at an origin; those of all rungs are alike. */
export interface Publication {
  readonly segments: Segments;
  readonly isGap: Uint8Array;
  /** When each version is there, and the numbers of its first and last segment. */
  readonly atMs: Float64Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** From this version on, one follows another a segment length later, up to this time. */
  readonly regularToMs: Float64Array;
}

const WAITING = 0;
const UPLOADED = 1;
const GAP = 2;

interface Lane {
  readonly state: Uint8Array;
  readonly attempts: Uint8Array;
  /** The first segment of this life of the transcoder, and the first that is not encoded yet. */
  begin: number;
  end: number;
  /** No segment before this one waits. */
  settledTo: number;
  retryMs: number;
  playlistDueMs: number;
  readonly versions: Versions;
}

/** A playlist follows a segment: there is room for as many. */
interface Versions extends Pick<Publication, 'atMs' | 'first' | 'last'> {
  count: number;
}

export interface PublicationOptions {
  readonly segments: Segments;
  readonly way: UploadWay;
  readonly media: MediaSettings;
  readonly upload: UploadSettings;
  readonly untilMs: number;
}

export function makePublication(options: PublicationOptions): Publication {
  const { segments, media, untilMs } = options;
  const lane: Lane = {
    state: new Uint8Array(segments.count),
    attempts: new Uint8Array(segments.count),
    begin: 0,
    end: 0,
    settledTo: 0,
    retryMs: -Infinity,
    playlistDueMs: Infinity,
    versions: {
      atMs: new Float64Array(segments.count),
      first: new Int32Array(segments.count),
      last: new Int32Array(segments.count),
      count: 0,
    },
  };
  for (let atMs = -Infinity; atMs < untilMs;) atMs = step(lane, atMs, options);
  const { atMs, first, last, count } = lane.versions;
  const published = {
    segments,
    isGap: lane.state.map((state) => (state === GAP ? 1 : 0)),
    atMs: atMs.subarray(0, count),
    first: first.subarray(0, count),
    last: last.subarray(0, count),
  };
  return { ...published, regularToMs: regularTo(published, media) };
}

/** Does the next thing at that time; gives the time at which there may be another. */
function step(lane: Lane, nowMs: number, options: PublicationOptions): number {
  const { segments, media, upload, way } = options;
  takeEncoded(lane, nowMs, options);
  expire(lane, nowMs, options);
  const isDown = valueAt(way.transcoder, nowMs) === 'down';
  if (!isDown && lane.playlistDueMs <= nowMs && uploadedIn(lane)) {
    const doneMs = attempt(way, nowMs, upload, 'playlist', media);
    lane.playlistDueMs = doneMs.ok ? Infinity : doneMs.atMs + upload.retryDelayMs;
    if (doneMs.ok) publish(lane, doneMs.atMs, media);
    return doneMs.atMs;
  }
  const waiting = firstWaiting(lane);
  if (!isDown && waiting >= 0 && lane.retryMs <= nowMs) {
    const doneMs = attempt(way, nowMs, upload, 'segment', media);
    settle(lane, waiting, doneMs, upload);
    return doneMs.atMs;
  }
  const encodedMs = lane.end < segments.count ? encodedAt(segments, lane.end) : Infinity;
  if (isDown) return Math.min(encodedMs, changeAfter(way.transcoder, nowMs));
  if (waiting < 0 && lane.playlistDueMs === Infinity) {
    const publishedMs = publishRegular(lane, nowMs, options);
    if (publishedMs !== undefined) return publishedMs;
  }
  const retryMs = waiting >= 0 ? lane.retryMs : Infinity;
  const dueMs = uploadedIn(lane) ? lane.playlistDueMs : Infinity;
  return Math.min(
    encodedMs,
    retryMs > nowMs ? retryMs : Infinity,
    dueMs > nowMs ? dueMs : Infinity,
  );
}

/**
 * Publishes one segment after another as it is encoded, where every upload gets through and is done before
 * the next; gives when the last was, undefined where there is none.
 */
function publishRegular(lane: Lane, nowMs: number, options: PublicationOptions) {
  const { segments, media, upload, way } = options;
  const segmentMs = crossMs(way, nowMs, 'segment', media);
  const playlistMs = crossMs(way, nowMs, 'playlist', media);
  if (TIMES.putMs + Math.max(segmentMs, playlistMs) >= upload.timeoutMs) return undefined;
  const untilMs = wellUntil(way, nowMs, segments.startMs[lane.end] ?? Infinity);
  if (TIMES.encodeMs > upload.maxAgeMs) return undefined;
  let publishedMs: number | undefined;
  while (lane.end < segments.count && segments.begins[lane.end] === 0) {
    const n = lane.end;
    const uploadedMs = encodedAt(segments, n) + TIMES.putMs + segmentMs;
    const doneMs = uploadedMs + TIMES.putMs + playlistMs;
    const nextMs = n + 1 < segments.count ? encodedAt(segments, n + 1) : Infinity;
    if (doneMs >= Math.min(nextMs, untilMs, options.untilMs)) break;
    lane.state[n] = UPLOADED;
    lane.end = n + 1;
    publish(lane, doneMs, media);
    publishedMs = doneMs;
  }
  return publishedMs;
}

function settle(
  lane: Lane,
  segment: number,
  done: { readonly ok: boolean; readonly atMs: number },
  { retries, retryDelayMs }: UploadSettings,
): void {
  if (done.ok) {
    lane.state[segment] = UPLOADED;
    lane.retryMs = -Infinity;
    lane.playlistDueMs = -Infinity;
    return;
  }
  lane.retryMs = done.atMs + retryDelayMs;
  lane.attempts[segment]! += 1;
  if (lane.attempts[segment]! <= retries) return;
  lane.state[segment] = GAP;
  lane.retryMs = -Infinity;
}

const encodedAt = ({ startMs, mediaMs }: Segments, n: number): number =>
  startMs[n]! + mediaMs[n + 1]! - mediaMs[n]! + TIMES.encodeMs;

/** A transcoder that died takes what it had not uploaded with it, and begins a playlist of its own. */
function takeEncoded(lane: Lane, nowMs: number, { segments, way }: PublicationOptions): void {
  for (; lane.end < segments.count && encodedAt(segments, lane.end) <= nowMs; lane.end++) {
    const n = lane.end;
    const madeMs = segments.startMs[n]!;
    if (
      valueAt(way.transcoder, madeMs) !== 'down' &&
      changeAfter(way.transcoder, madeMs) < encodedAt(segments, n)
    )
      lane.state[n] = GAP;
    if (
      segments.begins[n] &&
      n > 0 &&
      wasDownBetween(way.transcoder, segments.startMs[n - 1]!, madeMs)
    ) {
      for (let i = lane.begin; i < n; i++) if (lane.state[i] === WAITING) lane.state[i] = GAP;
      lane.begin = n;
      lane.retryMs = -Infinity;
      lane.playlistDueMs = Infinity;
    }
  }
}

const wasDownBetween = (life: Steps<LifeState>, fromMs: number, toMs: number): boolean =>
  changeAfter(life, fromMs) <= toMs;

function expire(lane: Lane, nowMs: number, { segments, upload, media }: PublicationOptions): void {
  const movedOn = lane.end - media.playlistSegments;
  for (let n = firstWaiting(lane); n >= 0 && n < lane.end; n++) {
    const endMs = encodedAt(segments, n) - TIMES.encodeMs;
    if (lane.state[n] === WAITING && (n < movedOn || nowMs - endMs > upload.maxAgeMs)) {
      lane.state[n] = GAP;
      lane.retryMs = -Infinity;
    }
  }
}

/** A segment waits once: what was settled stays so. */
function firstWaiting(lane: Lane): number {
  const { state, begin, end } = lane;
  let n = Math.max(begin, lane.settledTo);
  while (n < end && state[n] !== WAITING) n++;
  lane.settledTo = n;
  return n < end ? n : -1;
}

/** Looks no further back than a playlist can begin. */
const LOOK_BACK = 64;

function uploadedIn(lane: Lane): boolean {
  for (let n = lane.end - 1; n >= Math.max(lane.begin, lane.end - LOOK_BACK); n--)
    if (lane.state[n] === UPLOADED) return true;
  return false;
}

/** The newest segments that are settled, from an uploaded one to an uploaded one. */
function publish(lane: Lane, atMs: number, { playlistSegments }: MediaSettings): void {
  const waiting = firstWaiting(lane);
  let last = (waiting >= 0 ? waiting : lane.end) - 1;
  while (last > lane.begin && lane.state[last] !== UPLOADED) last--;
  let first = Math.max(lane.begin, last + 1 - playlistSegments);
  while (first < last && lane.state[first] !== UPLOADED) first++;
  if (lane.state[last] !== UPLOADED) return;
  const { versions } = lane;
  versions.atMs[versions.count] = atMs;
  versions.first[versions.count] = first;
  versions.last[versions.count++] = last;
}

/** Gives for each version until when its successors come at the pace of the programme. */
function regularTo(
  { atMs, first, last, segments, isGap }: Omit<Publication, 'regularToMs'>,
  { segmentMs, playlistSegments }: MediaSettings,
): Float64Array {
  const regular = Float64Array.from(atMs);
  for (let v = atMs.length - 2; v >= 0; v--) {
    const n = last[v + 1]!;
    const follows =
      Math.abs(atMs[v + 1]! - atMs[v]! - segmentMs) < 1 &&
      n === last[v]! + 1 &&
      first[v + 1] === first[v]! + 1 &&
      n - first[v + 1]! === playlistSegments - 1 &&
      isGap[n] === 0 &&
      segments.begins[n] === 0;
    if (follows) regular[v] = regular[v + 1]!;
  }
  return regular;
}
