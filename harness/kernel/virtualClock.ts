// A clock whose time passes only when it is told to, so that code which waits for minutes plays in
// milliseconds, always in the same order.

import { setImmediate as turn } from 'node:timers/promises';
import type { VirtualTimers } from '../model/virtualWorld.ts';
import type { Clock } from './clock.ts';
import { virtualTimers } from './virtualTimers.ts';

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

/** The time of these timers as a clock, for code that sleeps. */
export function sleepOn(timers: VirtualTimers): Clock {
  const sleepers = sleepersBySignal();
  const sleepUntil = (dueEpochMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const ms = dueEpochMs - timers.epochMs();
      if (ms <= 0) return resolve();
      if (!signal) return void timers.after(ms, resolve);
      const asleep = sleepers(signal);
      const wakeless = () => {
        timers.clear(id);
        reject(signal.reason as Error);
      };
      const id = timers.after(ms, () => {
        asleep.delete(wakeless);
        resolve();
      });
      asleep.add(wakeless);
    });
  return {
    epochMs: timers.epochMs,
    sleepUntil,
    sleep: (ms, signal) => sleepUntil(timers.epochMs() + ms, signal),
  };
}

/** Gives who sleeps until a signal: a set costs less than a listener for each sleep. */
function sleepersBySignal(): (signal: AbortSignal) => Set<() => void> {
  const bySignal = new WeakMap<AbortSignal, Set<() => void>>();
  return (signal) => {
    const known = bySignal.get(signal);
    if (known) return known;
    const asleep = new Set<() => void>();
    bySignal.set(signal, asleep);
    signal.addEventListener('abort', () => asleep.forEach((wake) => wake()), { once: true });
    return asleep;
  };
}
