// Guesses from one viewer's last frames and events what it sees now. Simpler than the judge's
// classify: no strips, no control, no correction of what comes late.

import {
  MARK,
  type FrameSample,
  type FramesRecord,
  type ViewerRecord,
} from '../harness/model/history.ts';
import type { ScreenClass } from '../harness/model/report.ts';
import { createTrack, type LiveTrack } from './liveTrack.ts';

export interface ViewerTrack {
  readonly track: LiveTrack;
  readonly record: (record: FramesRecord | ViewerRecord) => void;
  /** Black, frozen, stalled, dead or starting again since the first picture. */
  readonly blackScreenMs: (atMs: number) => number;
}

/** A picture that stands still for longer is called frozen; records come four times a second. */
const STILL_MS_MAX = 500;
/** The same limit as in measure/thresholds.ts: mean luma below this and no clock is black. */
const BLACK_LUMA = 25.5;
/** A page that says nothing for this long is not measured. */
const SILENT_MS_MAX = 3_000;

/** Two frames at 25 fps, as in measure/thresholds.ts. */
const RELOAD_SETTLE_MS = 80;

const LOST: ReadonlySet<string> = new Set(['black', 'frozen', 'stalled', 'dead', 'starting']);

interface Seen {
  frame: FrameSample | undefined;
  movedAtMs: number;
  dead: boolean;
  canPlay: boolean;
  /** Something was heard, and since when nothing has been. */
  audible: boolean;
  silentFromMs: number | undefined;
  /** Frames before this belong to the picture before a reload. */
  settledMs: number;
  /** A programme frame was seen once: from here on its absence counts. */
  joined: boolean;
}

export function createViewerTrack(): ViewerTrack {
  const track = createTrack({ afterMs: SILENT_MS_MAX, name: 'unmeasured' });
  const seen: Seen = {
    frame: undefined,
    movedAtMs: -Infinity,
    dead: false,
    canPlay: false,
    audible: false,
    silentFromMs: undefined,
    settledMs: -Infinity,
    joined: false,
  };
  let blackMs = 0;
  let since = { atMs: 0, name: 'starting' };
  const lostSince = (atMs: number) =>
    seen.joined && LOST.has(since.name) ? Math.max(0, atMs - since.atMs) : 0;
  const turn = (atMs: number, name: string) => {
    blackMs += atMs - since.atMs > SILENT_MS_MAX ? 0 : lostSince(atMs);
    since = { atMs, name };
    track.set(atMs, name);
  };
  return {
    track,
    record: (record) => {
      const name =
        record.type === 'viewer'
          ? AFTER_EVENT[record.event]?.(seen, record.atMs)
          : afterFrames(seen, record);
      if (name !== undefined) turn(record.atMs, name);
      seen.joined ||= name === 'programme';
    },
    blackScreenMs: (atMs) => blackMs + (track.now(atMs) === 'unmeasured' ? 0 : lostSince(atMs)),
  };
}

/** Gives the class after an event; undefined: the one before goes on. */
const AFTER_EVENT: Partial<
  Record<ViewerRecord['event'], (seen: Seen, atMs: number) => ScreenClass | undefined>
> = {
  join: () => 'starting',
  leave: () => 'left',
  'page-lost': () => 'unmeasured',
  fatal: (seen) => void (seen.dead = true),
  startLoad: (seen) => void (seen.dead = false),
  reload: (seen, atMs) => {
    seen.frame = undefined;
    seen.settledMs = atMs + RELOAD_SETTLE_MS;
    seen.dead = false;
    return 'starting';
  },
};

function afterFrames(seen: Seen, { atMs, frames, player }: FramesRecord): ScreenClass {
  for (const frame of frames) {
    const [at, mark, counter] = frame;
    if (at < seen.settledMs) continue;
    if (mark !== seen.frame?.[1] || counter !== seen.frame[2]) seen.movedAtMs = at;
    seen.frame = frame;
  }
  seen.canPlay = player.canPlay;
  listen(seen, { atMs, player });
  const shows = liveClass(seen, atMs);
  return shows === 'programme' && isSilent(seen, atMs) ? 'silent' : shows;
}

/** A silence that is shorter may be the distance of sound and picture. */
const SILENCE_MS_MIN = 500;

/** Pieces of sound are of 5 ms. */
const ROUNDED_MS = 5;

/** A programme without clocks may make no sound. */
const isSilent = ({ audible, silentFromMs = Infinity, frame }: Seen, atMs: number): boolean =>
  audible && frame?.[1] === MARK.programme && atMs - silentFromMs >= SILENCE_MS_MIN;

/** Keeps since when it has been silent to the end of what was listened to. */
function listen(seen: Seen, { atMs, player: { sound } }: Pick<FramesRecord, 'atMs' | 'player'>) {
  if (!sound) return;
  const { fromMs, toMs, silent = [] } = sound;
  const last = silent.at(-1);
  const silentMs = silent.reduce((sum, [from, to]) => sum + to - from, 0);
  const all = silentMs >= toMs - fromMs - ROUNDED_MS;
  seen.audible ||= silentMs === 0;
  if (!last || last[1] < toMs - ROUNDED_MS) seen.silentFromMs = undefined;
  else if (!all) seen.silentFromMs = atMs + last[0];
  else seen.silentFromMs ??= atMs + fromMs;
}

function liveClass({ frame, movedAtMs, dead, canPlay }: Seen, atMs: number): ScreenClass {
  const still = atMs - movedAtMs > STILL_MS_MAX;
  if (!frame) return dead ? 'dead' : 'starting';
  if (still && dead) return 'dead';
  if (still && !canPlay) return 'stalled';
  const [, mark, , luma] = frame;
  if (mark === MARK.slate || mark === MARK.other) return 'slate';
  if (mark !== MARK.programme && luma < BLACK_LUMA) return 'black';
  if (mark === MARK.none) return 'unmeasured';
  return still ? 'frozen' : 'programme';
}
