// Decides what one rung uploads next. Pure: segments come in as they are encoded, outcomes as they
// are known, and `next` names the one thing to do now.
//
//   encoded --> waiting --uploaded--> listed in the playlist --> left it --> deleted
//                  \--too old, or the playlist has moved on--> gap

import type { UploadSettings } from '../../model/scenario.ts';
import {
  listedNow,
  newestIn,
  window,
  type Entry,
  type InParts,
  type LaneSegment,
  type Listed,
} from './listing.ts';
import { nextPart, uploadedParts, type LanePart } from './parts.ts';
import { mediaPlaylist, type Newest, type RenditionReport } from './playlist.ts';

/** The next part of a segment in the making, and that segment as far as it is known. */
export interface PartOfSegment {
  readonly segment: Omit<LaneSegment, 'name' | 'body'>;
  readonly part: LanePart;
}

export type Job =
  | { readonly kind: 'segment' | 'part'; readonly name: string; readonly body: Buffer }
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
  /** Segments are published in parts; as a whole when not said. */
  readonly parts?: InParts | undefined;
  /** The ends of the playlists beside this one, for players that change between them. */
  readonly reports?: (() => readonly RenditionReport[]) | undefined;
}

export interface Lane {
  /** Takes a segment that is complete, with the parts that came before. */
  readonly add: (segment: LaneSegment) => void;
  readonly addPart: (part: PartOfSegment) => void;
  readonly next: (nowEpochMs: number) => Job | undefined;
  /** Takes the outcome of a job. */
  readonly done: (job: Job, ok: boolean, nowEpochMs: number) => void;
  /** True when time alone brings nothing to do: only what is added does. */
  readonly isIdle: () => boolean;
  readonly segmentsDropped: number;
  /** The segments that a playlist lists now; none before the first playlist is due. */
  readonly listed: () => readonly Listed[];
  /** The end of the playlist that was uploaded last; undefined before, and where there are no parts. */
  readonly newest: () => Newest | undefined;
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
  /** The end of the playlist that is being put, and of the one that was. */
  putting: Newest | undefined;
  put: Newest | undefined;
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
    putting: undefined,
    put: undefined,
    segmentsDropped: 0,
  };
  return {
    add: (segment) => {
      const open = state.entries.at(-1);
      if (open?.open) complete(open, segment);
      else begin(state, options, { ...segment, open: false });
    },
    addPart: ({ segment, part }) => {
      if (!state.entries.at(-1)?.open)
        begin(state, options, { ...segment, name: '', body: undefined, open: true });
      state.entries.at(-1)?.parts.push(part);
    },
    next: (now) => {
      expire(state, options, now);
      return nextJob(state, options, now);
    },
    done: (job, ok, now) => settle(state, options, { job, ok, now }),
    isIdle: () => isIdle(state),
    get segmentsDropped() {
      return state.segmentsDropped;
    },
    newest: () => state.put,
    listed: () => (mayList(state) ? window(state, options).entries : []),
  };
}

type Begun = Omit<Entry, 'parts' | 'state' | 'attempts' | 'retryAtEpochMs'>;

function begin(state: LaneState, options: LaneOptions, begun: Begun): void {
  state.entries.push({ ...begun, parts: [], state: 'waiting', attempts: 0, retryAtEpochMs: 0 });
  forget(state, options);
}

function complete(entry: Entry, segment: LaneSegment): void {
  const body = entry.state === 'waiting' ? segment.body : undefined;
  Object.assign(entry, { ...segment, body, open: false });
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
    deletes.push(...uploadedParts(oldest.parts).map(({ name }) => name));
  }
}

function nextJob(state: LaneState, options: LaneOptions, now: number): Job | undefined {
  const { entries, deletes, playlist } = state;
  if (isDue(playlist, now) && mayList(state)) {
    state.firstSegments = 0;
    const { segmentMs: targetMs, init, dateRanges, reports } = options;
    const own = { targetMs, init, dateRanges: dateRanges?.() ?? [], reports: reports?.() };
    const listed = listedNow(state, options);
    state.putting = newestIn(listed);
    return { kind: 'playlist', body: mediaPlaylist({ ...own, ...listed }) };
  }
  const waiting = entries.find((entry) => entry.state === 'waiting');
  if (waiting && waiting.retryAtEpochMs <= now) {
    const part = nextPart(waiting.parts, !waiting.open);
    if (part?.body) return { kind: 'part', name: part.name, body: part.body };
    if (waiting.body) return { kind: 'segment', name: waiting.name, body: waiting.body };
  }
  const name = deletes[0];
  return name === undefined ? undefined : { kind: 'delete', name };
}

const isIdle = ({ entries, deletes, playlist }: LaneState): boolean =>
  !playlist.dirty && deletes.length === 0 && entries.every(({ state }) => state !== 'waiting');

interface Outcome {
  readonly job: Job;
  readonly ok: boolean;
  readonly now: number;
}

function settle(state: LaneState, { upload }: LaneOptions, { job, ok, now }: Outcome): void {
  const retryAtEpochMs = now + upload.retryDelayMs;
  if (job.kind === 'delete') state.deletes.shift();
  else if (job.kind === 'playlist') {
    state.playlist = { dirty: !ok, retryAtEpochMs };
    if (ok) state.put = state.putting;
  } else {
    const entry = state.entries.find((one) => holds(one, job));
    if (entry?.state !== 'waiting') return;
    entry.retryAtEpochMs = ok ? 0 : retryAtEpochMs;
    if (ok) {
      take(entry, job);
      state.playlist = { dirty: true, retryAtEpochMs: 0 };
      // A segment in the making is tried again until it is too old.
    } else if (!entry.open && ++entry.attempts > upload.retries) makeGap(state, entry);
  }
}

type Put = Extract<Job, { readonly body: Buffer }>;

const holds = ({ name, parts }: Entry, job: Put): boolean =>
  job.kind === 'part' ? parts.some((part) => part.name === job.name) : name === job.name;

function take(entry: Entry, job: Put): void {
  const part = entry.parts.find(({ name }) => job.kind === 'part' && name === job.name);
  if (part) part.body = undefined;
  else Object.assign(entry, { state: 'uploaded', body: undefined });
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
