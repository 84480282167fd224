// Decides what a channel does when it is started and nothing arrives. A real encoder probes its
// source when it starts: without one it fails, and does not run until somebody starts it once more.
// A channel that loses its source while it runs goes on by itself. Pure: pictures and ticks come in
// with their time.
//
//   started ..probe.. failed ............ started ..probe.. P running
//           no picture        again                 picture

import type { StartWithoutInput } from '../../model/scenario.ts';

export interface StartProbe {
  /** Tells whether the picture is taken: a channel that does not run takes none. */
  readonly picture: () => boolean;
  /** Gives the change since the last tick, for the history. */
  readonly tick: (atMs: number) => 'failed' | 'started' | undefined;
}

/** Undefined settings: it waits for as long as it takes. */
export function createStartProbe(
  settings: StartWithoutInput | undefined,
  startedAtMs: number,
): StartProbe {
  if (!settings) return { picture: () => true, tick: () => undefined };
  const { probeMs, againMs } = settings;
  let state: 'probing' | 'failed' | 'running' = 'probing';
  let untilMs = startedAtMs + probeMs;
  return {
    picture: () => {
      if (state === 'probing') state = 'running';
      return state === 'running';
    },
    tick: (atMs) => {
      if (state === 'running' || atMs < untilMs) return undefined;
      const failed = state === 'probing';
      state = failed ? 'failed' : 'probing';
      untilMs = atMs + (failed ? againMs : probeMs);
      return failed ? 'failed' : 'started';
    },
  };
}
