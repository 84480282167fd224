// The light viewers of one loop: who joins and leaves.

import type { Send, Time } from './load.ts';
import type { LightRecord, LightViewer } from './messages.ts';
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
  /** The loop stood still in that time. */
  readonly wasLate: (fromEpochMs: number, toEpochMs: number) => void;
}

/** Screens are told of as often even where nothing changes. */
const TELL_MS = 2_000;

export function openCrowd(options: CrowdOptions): Crowd {
  const { time } = options;
  const here = new Map<string, JoinedViewer>();
  const waiting = new Map<string, () => void>();
  let callOff: (() => void) | undefined;
  const tellNext = (): void => {
    callOff = time.later(TELL_MS, () => {
      for (const viewer of here.values()) viewer.tell();
      tellNext();
    });
  };
  const enter = (viewer: LightViewer): void => {
    waiting.delete(viewer.id);
    here.get(viewer.id)?.end();
    const { send, close } = options.open(viewer);
    const joined = joinLightViewer({ ...options, viewer, send });
    const end = () => {
      joined.end();
      close();
    };
    const leave = () => {
      joined.leave();
      close();
    };
    here.set(viewer.id, { ...joined, end, leave });
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
      if (!callOff) tellNext();
      for (const viewer of viewers)
        waiting.set(
          viewer.id,
          time.later(viewer.afterMs, () => enter(viewer)),
        );
    },
    leave: (viewers) => {
      leave(viewers);
      if (here.size + waiting.size > 0) return;
      callOff?.();
      callOff = undefined;
    },
    wasLate: (fromEpochMs, toEpochMs) => {
      for (const viewer of here.values()) viewer.wasLate(fromEpochMs, toEpochMs);
    },
  };
}
