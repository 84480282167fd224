// The life of a stage in virtual time: it works, stands still, or is not there.

import type { Clock } from '../kernel/clock.ts';
import { TIMES } from './constants.ts';

export type LifeState = 'works' | 'paused' | 'absent' | 'down';

export interface StageLife {
  /** `paused`: its connections stay, nothing answers; `absent`: off the network; `down`: no program. */
  readonly state: LifeState;
  /** Aborted when this life of the program ends. */
  readonly signal: AbortSignal;
  readonly set: (state: Exclude<LifeState, 'down'>) => void;
  readonly end: () => void;
  /** Begins a new life, which works after its start-up. */
  readonly begin: () => void;
  /** Resolves at the next change. */
  readonly changed: () => Promise<void>;
}

/** `onBegin` is called for every life, the first one included. */
export function createStageLife(clock: Clock, onBegin: (signal: AbortSignal) => void): StageLife {
  let ending = new AbortController();
  let state: LifeState = 'works';
  let next = Promise.withResolvers<void>();
  let lives = 1;
  const change = (to: LifeState) => {
    state = to;
    next.resolve();
    next = Promise.withResolvers();
  };
  onBegin(ending.signal);
  const end = () => {
    lives++;
    ending.abort();
    change('down');
  };
  return {
    get state() {
      return state;
    },
    get signal() {
      return ending.signal;
    },
    set: (to) => {
      if (state !== 'down') change(to);
    },
    end,
    begin: () => {
      if (state !== 'down') end();
      const life = lives;
      void clock.sleep(TIMES.stageStartMs).then(() => {
        if (life !== lives) return;
        ending = new AbortController();
        change('works');
        onBegin(ending.signal);
      });
    },
    changed: () => next.promise,
  };
}
