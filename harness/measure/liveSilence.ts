// Follows, while records stream in, how long one viewer has had a picture of the programme without its
// sound. More careful than the judge: a silence counts from 500 ms on, beside a loss or not, and only
// where this viewer itself has heard something before.

import type { FramesRecord } from '../model/history.ts';
import { clip, coveredMs, lengthMs, touching, type Interval } from './spans.ts';
import { GLITCH_MS, SOUND_GAP_MS } from './thresholds.ts';

export interface LiveSilence {
  /** Gives how much of these times with a picture is known to be silent since the last record. */
  readonly hear: (record: FramesRecord, programme: readonly Interval[]) => number;
  /** It goes on. */
  readonly goesOn: () => boolean;
}

/** Sound and picture may be so far apart. */
const SILENCE_MS_MIN = 500;

export function followSilence(): LiveSilence {
  let heardMs = 0;
  let silence: Interval = { fromMs: -Infinity, toMs: -Infinity };
  let countedToMs = -Infinity;
  let listenedToMs = -Infinity;
  const isLong = () => heardMs >= GLITCH_MS && lengthMs(silence) >= SILENCE_MS_MIN;
  return {
    hear: ({ atMs, player: { sound } }, programme) => {
      if (!sound) return 0;
      let addedMs = 0;
      const { silent = [] } = sound;
      for (const [from, to] of silent) {
        const next = { fromMs: atMs + from, toMs: atMs + to };
        if (next.fromMs - silence.toMs > SOUND_GAP_MS) {
          silence = next;
          countedToMs = next.fromMs;
        } else silence = { ...silence, toMs: next.toMs };
        if (!isLong()) continue;
        const uncounted = { fromMs: countedToMs, toMs: silence.toMs };
        addedMs += coveredMs(touching(programme, uncounted).map((shown) => clip(shown, uncounted)));
        countedToMs = silence.toMs;
      }
      heardMs += sound.toMs - sound.fromMs - silent.reduce((sum, [from, to]) => sum + to - from, 0);
      listenedToMs = atMs + sound.toMs;
      return addedMs;
    },
    goesOn: () => isLong() && listenedToMs - silence.toMs <= SOUND_GAP_MS,
  };
}
