// Decides what one rung uploads next. Pure: segments come in as they are encoded, outcomes as they
// are known, and `next` names the one thing to do now.
//
//   encoded --> waiting --uploaded--> listed in the playlist --> left it --> deleted
//                  \--too old, or the playlist has moved on--> gap

import type { UploadSettings } from '../../model/scenario.ts';
import { mediaPlaylist, type PlaylistEntry } from './playlist.ts';

export interface LaneSegment {
  readonly name: string;
  readonly durationMs: number;
  /** When its first frame was put out … */
  readonly startEpochMs: number;
  /** … and what the playlist says about that. */
  readonly dateEpochMs: number;
  readonly discontinuity: boolean;
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
}

export interface Lane {
  readonly add: (segment: LaneSegment) => void;
  readonly next: (nowEpochMs: number) => Job | undefined;
  /** Takes the outcome of a job. */
  readonly done: (job: Job, ok: boolean, nowEpochMs: number) => void;
  readonly segmentsDropped: number;
}

interface Entry extends Omit<LaneSegment, 'body'> {
  body: Buffer | undefined;
  state: 'waiting' | 'uploaded' | 'gap';
  attempts: number;
  retryAtEpochMs: number;
}

/** Segments stay at the origin for another playlist's length after they left the playlist. */
const KEPT_PLAYLISTS = 2;

export function createLane(options: LaneOptions): Lane {
  const { upload, playlistSegments } = options;
  const entries: Entry[] = [];
  const deletes: string[] = [];
  let { sequence, discontinuitySequence, firstSegments = 1 } = options;
  let playlist = { dirty: false, retryAtEpochMs: 0 };
  let segmentsDropped = 0;

  const makeGap = (entry: Entry) => {
    entry.state = 'gap';
    entry.body = undefined;
    segmentsDropped++;
  };
  const expire = (now: number) =>
    entries.forEach((entry, index) => {
      const endEpochMs = entry.startEpochMs + entry.durationMs;
      const tooOld = now - endEpochMs > upload.maxAgeMs;
      const movedOn = index < entries.length - playlistSegments;
      if (entry.state === 'waiting' && (tooOld || movedOn)) makeGap(entry);
    });
  const forget = () => {
    while (entries.length > playlistSegments * KEPT_PLAYLISTS) {
      const oldest = entries.shift() as Entry;
      sequence++;
      if (oldest.discontinuity) discontinuitySequence++;
      if (oldest.state === 'uploaded') deletes.push(oldest.name);
    }
  };
  const render = () =>
    mediaPlaylist({
      targetMs: options.segmentMs,
      ...listed(entries, playlistSegments, { sequence, discontinuitySequence }),
    });

  return {
    add: (segment) => {
      entries.push({ ...segment, state: 'waiting', attempts: 0, retryAtEpochMs: 0 });
      forget();
    },
    next: (now) => {
      expire(now);
      if (isDue(playlist, now) && uploadedOf(entries) >= firstSegments) {
        firstSegments = 0;
        return { kind: 'playlist', body: render() };
      }
      const waiting = entries.find((entry) => entry.state === 'waiting');
      if (waiting?.body && waiting.retryAtEpochMs <= now) {
        return { kind: 'segment', name: waiting.name, body: waiting.body };
      }
      const name = deletes[0];
      return name === undefined ? undefined : { kind: 'delete', name };
    },
    done: (job, ok, now) => {
      const retryAtEpochMs = now + upload.retryDelayMs;
      if (job.kind === 'delete') deletes.shift();
      else if (job.kind === 'playlist') playlist = { dirty: !ok, retryAtEpochMs };
      else {
        const entry = entries.find(({ name }) => name === job.name);
        if (!entry || entry.state !== 'waiting') return;
        entry.retryAtEpochMs = retryAtEpochMs;
        if (ok) {
          entry.state = 'uploaded';
          entry.body = undefined;
          playlist = { dirty: true, retryAtEpochMs: 0 };
        } else if (++entry.attempts > upload.retries) makeGap(entry);
      }
    },
    get segmentsDropped() {
      return segmentsDropped;
    },
  };
}

interface Due {
  readonly dirty: boolean;
  readonly retryAtEpochMs: number;
}

const isDue = ({ dirty, retryAtEpochMs }: Due, now: number): boolean =>
  dirty && retryAtEpochMs <= now;

const uploadedOf = (entries: readonly Entry[]): number =>
  entries.filter(({ state }) => state === 'uploaded').length;

/** The newest segments that are settled, from an uploaded one to an uploaded one. */
function listed(
  entries: readonly Entry[],
  count: number,
  numbers: { readonly sequence: number; readonly discontinuitySequence: number },
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
      .map((entry): PlaylistEntry => ({ ...entry, gap: entry.state === 'gap' })),
  };
}
