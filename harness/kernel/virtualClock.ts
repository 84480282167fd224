// A clock on virtual timers, so that code which waits for minutes plays in milliseconds, always in the
// same order.

import type { VirtualTimers } from '../model/virtualWorld.ts';
import type { Clock } from './clock.ts';

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
    callAt: (atEpochMs, act) => {
      const ms = atEpochMs - timers.epochMs();
      if (ms > 0) return timers.after(ms, act);
      queueMicrotask(act);
      return 0;
    },
    callOff: timers.clear,
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
