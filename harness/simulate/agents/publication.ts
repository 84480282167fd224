// Keeps what an origin has of a channel over time: the production lane (pipeline/transcoder/lane.ts) on
// segment numbers, over a way whose condition changes in steps.

import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import type { Conditions, Wrong } from './forces.ts';
import type { Segments } from './segments.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';

export interface UploadWay {
  readonly flow: Steps<Conditions>;
  readonly origin: Steps<LifeState>;
  readonly transcoder: Steps<LifeState>;
  readonly wrong: Steps<readonly Wrong[]>;
  readonly channel: string;
  /** Bytes of a segment on the link, all rungs together. */
  readonly segmentBytes: number;
}

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
  readonly versions: { atMs: number; first: number; last: number }[];
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
    versions: [],
  };
  for (let atMs = -Infinity; atMs < untilMs;) atMs = step(lane, atMs, options);
  const { versions } = lane;
  const published = {
    segments,
    isGap: lane.state.map((state) => (state === GAP ? 1 : 0)),
    atMs: Float64Array.from(versions, ({ atMs }) => atMs),
    first: Int32Array.from(versions, ({ first }) => first),
    last: Int32Array.from(versions, ({ last }) => last),
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
    const doneMs = attempt(way, nowMs, upload, 'playlist', options);
    lane.playlistDueMs = doneMs.ok ? Infinity : doneMs.atMs + upload.retryDelayMs;
    if (doneMs.ok) publish(lane, doneMs.atMs, media);
    return doneMs.atMs;
  }
  const waiting = firstWaiting(lane);
  if (!isDown && waiting >= 0 && lane.retryMs <= nowMs) {
    const doneMs = attempt(way, nowMs, upload, 'segment', options);
    settle(lane, waiting, doneMs, upload);
    return doneMs.atMs;
  }
  const encodedMs = lane.end < segments.count ? encodedAt(segments, lane.end) : Infinity;
  const retryMs = waiting >= 0 ? lane.retryMs : Infinity;
  const dueMs = uploadedIn(lane) ? lane.playlistDueMs : Infinity;
  const nextMs = Math.min(encodedMs, ...[retryMs, dueMs].filter((ms) => ms > nowMs));
  return isDown ? Math.min(encodedMs, changeAfter(way.transcoder, nowMs)) : nextMs;
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
  if (lane.state[last] === UPLOADED) lane.versions.push({ atMs, first, last });
}

interface Attempt {
  readonly ok: boolean;
  readonly atMs: number;
}

/** A request over the link and its answer, given up after the uploader's time. */
function attempt(
  way: UploadWay,
  fromMs: number,
  { timeoutMs }: UploadSettings,
  what: 'playlist' | 'segment',
  { media }: PublicationOptions,
): Attempt {
  const lateMs = fromMs + timeoutMs;
  const failed = { ok: false, atMs: lateMs };
  let atMs = fromMs + TIMES.putMs;
  for (;;) {
    const { forward, backward } = valueAt(way.flow, atMs);
    const cut = forward.cut ?? backward.cut;
    const life = valueAt(way.origin, atMs);
    if (cut === 'refuse' || cut === 'reset') return { ok: false, atMs };
    if (cut === 'drop') {
      const brokenMs = changeAfter(way.flow, atMs);
      return brokenMs < lateMs ? { ok: false, atMs: brokenMs } : failed;
    }
    if (cut !== 'hold' && life === 'down') return { ok: false, atMs };
    if (cut !== 'hold' && life === 'works') {
      const bytes = what === 'segment' ? way.segmentBytes : 500 * media.ladder.length;
      const crossMs = forward.delayMs + backward.delayMs + (bytes * 8) / forward.rateKbps;
      const doneMs = atMs + crossMs;
      if (doneMs > lateMs || isHung(way, atMs)) return failed;
      return { ok: !isRefused(way, atMs), atMs: doneMs };
    }
    atMs = Math.min(changeAfter(way.flow, atMs), changeAfter(way.origin, atMs));
    if (atMs >= lateMs) return failed;
  }
}

const uploadWrong = ({ wrong, channel }: UploadWay, atMs: number) =>
  valueAt(wrong, atMs).find(
    ({ match, channels }) => match.of === 'upload' && channels.includes(channel),
  )?.answer.kind;
const isHung = (way: UploadWay, atMs: number): boolean => uploadWrong(way, atMs) === 'hang';
const isRefused = (way: UploadWay, atMs: number): boolean => uploadWrong(way, atMs) === 'status';

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
