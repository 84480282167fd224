// The light viewers of one loop: who joins and leaves, and how late the loop itself is.

import type { Send, Time } from './load.ts';
import type { LightRecord, LightViewer } from './messages.ts';
import { LATE_MS_MAX } from './shown.ts';
import { joinLightViewer, type JoinedViewer } from './viewer.ts';

interface CrowdOptions {
  readonly seed: number;
  readonly startedAtEpochMs: number;
  readonly time: Time;
  readonly open: (viewer: LightViewer) => { readonly send: Send; readonly close: () => void };
  readonly emit: (record: LightRecord) => void;
}

export interface Crowd {
  readonly join: (viewers: readonly LightViewer[]) => void;
  readonly leave: (viewers?: readonly string[]) => void;
  readonly stop: () => void;
}

/** The heartbeat of the page beats as often. */
const BEAT_MS = 50;
/** Screens are told of as often even where nothing changes. */
const TELL_MS = 2_000;

export function openCrowd(options: CrowdOptions): Crowd {
  const { time } = options;
  const here = new Map<string, JoinedViewer>();
  const waiting = new Map<string, () => void>();
  const stopBeat = watchLoop(time, (from, to) => {
    for (const viewer of here.values()) viewer.wasLate(from, to);
  });
  const stopTelling = every(time, TELL_MS, () => {
    for (const viewer of here.values()) viewer.tell();
  });
  const enter = (viewer: LightViewer): void => {
    waiting.delete(viewer.id);
    const { send, close } = options.open(viewer);
    const joined = joinLightViewer({ ...options, viewer, send });
    const leave = () => {
      joined.leave();
      close();
    };
    here.set(viewer.id, { ...joined, leave });
  };
  const leave = (viewers: readonly string[] = [...waiting.keys(), ...here.keys()]): void => {
    for (const id of viewers) {
      waiting.get(id)?.();
      waiting.delete(id);
      here.get(id)?.leave();
      here.delete(id);
    }
  };
  return {
    join: (viewers) => {
      for (const viewer of viewers)
        waiting.set(
          viewer.id,
          time.later(viewer.afterMs, () => enter(viewer)),
        );
    },
    leave,
    stop: () => {
      leave();
      stopBeat();
      stopTelling();
    },
  };
}

function every({ later }: Time, ms: number, act: () => void): () => void {
  let callOff = (): void => undefined;
  const next = (): void => {
    callOff = later(ms, () => {
      act();
      next();
    });
  };
  next();
  return () => callOff();
}

/** A beat that comes late tells when nothing was done. */
function watchLoop(time: Time, onLate: (fromEpochMs: number, toEpochMs: number) => void) {
  let dueEpochMs = time.epochMs() + BEAT_MS;
  return every(time, BEAT_MS, () => {
    const nowEpochMs = time.epochMs();
    if (nowEpochMs - dueEpochMs > LATE_MS_MAX) onLate(dueEpochMs, nowEpochMs);
    dueEpochMs = nowEpochMs + BEAT_MS;
  });
}
