// Does everybody see the programme, without a break, for long enough? The question of the steady
// state before the first fault, and of recovery after the last.

import { MARK, type FramesRecord, type HistoryRecord } from '../model/history.ts';

/** A longer time without a new programme frame breaks the hold: twelve frames at 25 fps. */
const BREAK_MS = 500;

interface Seen {
  /** Since when new programme frames came without a break. */
  sinceMs: number;
  lastMs: number;
  counter: number;
}

export interface SteadyWatch {
  readonly record: (record: HistoryRecord) => void;
  /** Viewers that have not yet seen the programme for `holdMs` without a break, at this moment. */
  readonly waitingFor: (atMs: number) => readonly string[];
  /** Ask again from scratch: what was seen before does not count. */
  readonly restart: () => void;
}

export function createSteadyWatch(viewers: readonly string[], holdMs: number): SteadyWatch {
  const seen = new Map<string, Seen>();
  const steady = (viewer: string, atMs: number): boolean => {
    const it = seen.get(viewer);
    return it !== undefined && atMs - it.lastMs <= BREAK_MS && it.lastMs - it.sinceMs >= holdMs;
  };
  return {
    record: (record) => {
      if (record.type === 'frames')
        seen.set(record.viewer, extend(seen.get(record.viewer), record));
    },
    waitingFor: (atMs) => viewers.filter((viewer) => !steady(viewer, atMs)),
    restart: () => seen.clear(),
  };
}

function extend(before: Seen | undefined, { frames, atMs }: FramesRecord): Seen {
  const it = before ?? { sinceMs: atMs, lastMs: -Infinity, counter: -1 };
  for (const [at, mark, counter] of frames) {
    if (mark !== MARK.programme || counter === it.counter) continue;
    if (at - it.lastMs > BREAK_MS) it.sinceMs = at;
    it.lastMs = at;
    it.counter = counter;
  }
  return it;
}
