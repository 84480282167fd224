// The time of toxics: that of the system, and its timers.

import { systemClock } from '../../kernel/clock.ts';
import type { StageClock } from './toxics/stage.ts';

/** Longest single timer of Node, which takes a longer one for none; longer waits are made of several. */
const TIMER_MS_MAX = 0x7fffffff;

export const stageClock: StageClock = {
  nowMs: () => systemClock.epochMs(),
  after: (ms, callback) => {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number) => {
      const stepMs = Math.min(leftMs, TIMER_MS_MAX);
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : callback()), stepMs);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
