// A clock whose time passes only when it is told to, so that code which waits for minutes plays in
// milliseconds, always in the same order.

import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../harness/kernel/clock.ts';
import { sleepOn } from '../../harness/kernel/virtualClock.ts';
import { virtualTimers } from '../../harness/kernel/virtualTimers.ts';

export interface VirtualClock extends Clock {
  /**
   * Lets time pass up to an instant. Whoever sleeps until then wakes at its own time, the one that
   * slept first where two are due at once, and what it does is over before time goes on.
   */
  readonly passUntil: (atEpochMs: number) => Promise<void>;
  readonly pass: (ms: number) => Promise<void>;
  /** Lets as much time pass as work takes, and settles like it. */
  readonly passDuring: <T>(work: Promise<T>) => Promise<T>;
}

export function virtualClock(startEpochMs = 0): VirtualClock {
  const timers = virtualTimers(startEpochMs, 1);
  const { epochMs, nextEpochMs, passUntil } = timers;
  const passDuring = async <T>(work: Promise<T>) => {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    for (await turn(); !settled; await turn()) await passUntil(nextEpochMs() ?? epochMs());
    return work;
  };
  return { ...sleepOn(timers), passUntil, pass: (ms) => passUntil(epochMs() + ms), passDuring };
}
