// Decides what one rung uploads next. Pure: segments come in as they are encoded, outcomes as they
// are known, and `next` names the one thing to do now.
//
//   encoded --> waiting --uploaded--> listed in the playlist --> left it --> deleted
//                  \--too old, or the playlist has moved on--> gap

import type { UploadSettings } from '../../model/scenario.ts';
import { mediaPlaylist, type PlaylistEntry } from './playlist.ts';

export interface LaneSegment extends Omit<PlaylistEntry, 'gap'> {
  /** When its first frame was put out: the playlist gives that by the clock of the transcoder. */
  readonly startEpochMs: number;
  readonly body: Buffer;
}

export type Job =
  | { readonly kind: 'segment'; readonly name: string; readonly body: Buffer }
  | { readonly kind: 'playlist'; readonly body: string }
  | { readonly kind: 'delete'; readonly name: string };

export interface LaneOptions {
  readonly upload: UploadSettings;
  readonly segmentMs: number;
  readonly playlistSegments: number;
  /** Number of the first segment. */
  readonly sequence: number;
  /** Discontinuities before the first segment, as far as players need to know. */
  readonly discontinuitySequence: number;
  /** The first playlist lists at least so many, for players that come from elsewhere; 1 when not said. */
  readonly firstSegments?: number;
  /** The file that begins every segment, for playlists. */
  readonly init?: string | undefined;
  /** Tags of alerts in force, asked for each time a playlist is written. */
  readonly dateRanges?: (() => readonly string[]) | undefined;
}

export interface Lane {
  readonly add: (segment: LaneSegment) => void;
  readonly next: (nowEpochMs: number) => Job | undefined;
  /** Takes the outcome of a job. */
  readonly done: (job: Job, ok: boolean, nowEpochMs: number) => void;
  readonly segmentsDropped: number;
  /** The segments that a playlist lists now; none before the first playlist is due. */
  readonly listed: () => readonly Listed[];
}

export type Listed = PlaylistEntry & Pick<LaneSegment, 'startEpochMs'>;

interface Entry extends Omit<LaneSegment, 'body'> {
  body: Buffer | undefined;
  state: 'waiting' | 'uploaded' | 'gap';
  attempts: number;
  retryAtEpochMs: number;
}

/** Segments stay at the origin for another playlist's length after they left the playlist. */
const KEPT_PLAYLISTS = 2;

interface LaneState {
  readonly entries: Entry[];
  /** Names of what is to be deleted at the origin. */
  readonly deletes: string[];
  sequence: number;
  discontinuitySequence: number;
  /** So many must be uploaded before the first playlist. */
  firstSegments: number;
  playlist: Due;
  segmentsDropped: number;
}

export function createLane(options: LaneOptions): Lane {
  const { sequence, discontinuitySequence, firstSegments = 1 } = options;
  const state: LaneState = {
    entries: [],
    deletes: [],
    sequence,
    discontinuitySequence,
    firstSegments,
    playlist: { dirty: false, retryAtEpochMs: 0 },
    segmentsDropped: 0,
  };
  return {
    add: (segment) => {
      state.entries.push({ ...segment, state: 'waiting', attempts: 0, retryAtEpochMs: 0 });
      forget(state, options);
    },
    next: (now) => {
      expire(state, options, now);
      return nextJob(state, options, now);
    },
    done: (job, ok, now) => settle(state, options, { job, ok, now }),
    get segmentsDropped() {
      return state.segmentsDropped;
    },
    listed: () => (mayList(state) ? window(state, options).entries : []),
  };
}

function makeGap(state: LaneState, entry: Entry): void {
  entry.state = 'gap';
  entry.body = undefined;
  state.segmentsDropped++;
}

/** Gives up what is too old, or what the playlist has moved on from. */
function expire(state: LaneState, { upload, playlistSegments }: LaneOptions, now: number): void {
  const { entries } = state;
  for (const [index, entry] of entries.entries()) {
    const tooOld = now - (entry.startEpochMs + entry.durationMs) > upload.maxAgeMs;
    const movedOn = index < entries.length - playlistSegments;
    if (entry.state === 'waiting' && (tooOld || movedOn)) makeGap(state, entry);
  }
}

function forget(state: LaneState, { playlistSegments }: LaneOptions): void {
  const { entries, deletes } = state;
  while (entries.length > playlistSegments * KEPT_PLAYLISTS) {
    const oldest = entries.shift() as Entry;
    state.sequence++;
    if (oldest.discontinuity) state.discontinuitySequence++;
    if (oldest.state === 'uploaded') deletes.push(oldest.name);
  }
}

function nextJob(state: LaneState, options: LaneOptions, now: number): Job | undefined {
  const { entries, deletes, playlist } = state;
  if (isDue(playlist, now) && mayList(state)) {
    state.firstSegments = 0;
    const { segmentMs: targetMs, init, dateRanges } = options;
    const own = { targetMs, init, dateRanges: dateRanges?.() ?? [] };
    return { kind: 'playlist', body: mediaPlaylist({ ...own, ...window(state, options) }) };
  }
  const waiting = entries.find((entry) => entry.state === 'waiting');
  if (waiting?.body && waiting.retryAtEpochMs <= now)
    return { kind: 'segment', name: waiting.name, body: waiting.body };
  const name = deletes[0];
  return name === undefined ? undefined : { kind: 'delete', name };
}

interface Outcome {
  readonly job: Job;
  readonly ok: boolean;
  readonly now: number;
}

function settle(state: LaneState, { upload }: LaneOptions, { job, ok, now }: Outcome): void {
  const retryAtEpochMs = now + upload.retryDelayMs;
  if (job.kind === 'delete') state.deletes.shift();
  else if (job.kind === 'playlist') state.playlist = { dirty: !ok, retryAtEpochMs };
  else {
    const entry = state.entries.find(({ name }) => name === job.name);
    if (entry?.state !== 'waiting') return;
    entry.retryAtEpochMs = retryAtEpochMs;
    if (ok) {
      entry.state = 'uploaded';
      entry.body = undefined;
      state.playlist = { dirty: true, retryAtEpochMs: 0 };
    } else if (++entry.attempts > upload.retries) makeGap(state, entry);
  }
}

interface Due {
  readonly dirty: boolean;
  readonly retryAtEpochMs: number;
}

const isDue = ({ dirty, retryAtEpochMs }: Due, now: number): boolean =>
  dirty && retryAtEpochMs <= now;

const countUploaded = (entries: readonly Entry[]): number =>
  entries.filter(({ state }) => state === 'uploaded').length;

const mayList = ({ entries, firstSegments }: LaneState): boolean =>
  countUploaded(entries) >= firstSegments;

/** The newest segments that are settled, from an uploaded one to an uploaded one. */
function window(
  { entries, ...numbers }: LaneState,
  { playlistSegments: count }: Pick<LaneOptions, 'playlistSegments'>,
) {
  const waitingAt = entries.findIndex(({ state }) => state === 'waiting');
  const settled = waitingAt < 0 ? entries : entries.slice(0, waitingAt);
  const end = settled.findLastIndex(({ state }) => state === 'uploaded') + 1;
  const windowStart = Math.max(0, end - count);
  const first = settled.findIndex(({ state }, at) => at >= windowStart && state === 'uploaded');
  const before = entries.slice(0, Math.max(0, first));
  return {
    sequence: numbers.sequence + before.length,
    discontinuitySequence:
      numbers.discontinuitySequence + before.filter(({ discontinuity }) => discontinuity).length,
    entries: settled
      .slice(Math.max(0, first), end)
      .map((entry): Listed => ({ ...entry, gap: entry.state === 'gap' })),
  };
}
