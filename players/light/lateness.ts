// Measures how late a loop is: a beat that comes late tells when nothing was done.

import { LATE_MS_MAX } from './shown.ts';

/** The heartbeat of the page beats as often. */
export const BEAT_MS = 50;

/** Gives the beat, to be called every `BEAT_MS`. */
export function loopWatch(
  epochMs: () => number,
  onLate: (fromEpochMs: number, toEpochMs: number) => void,
): () => void {
  let dueEpochMs = epochMs() + BEAT_MS;
  return () => {
    const nowEpochMs = epochMs();
    if (nowEpochMs - dueEpochMs > LATE_MS_MAX) onLate(dueEpochMs, nowEpochMs);
    dueEpochMs = nowEpochMs + BEAT_MS;
  };
}
