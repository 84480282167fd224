// A clock whose time passes only when it is told to, so that code which waits for minutes plays in
// milliseconds, always in the same order.

import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from './clock.ts';

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

interface Sleeper {
  readonly dueEpochMs: number;
  readonly wake: () => void;
}

export function virtualClock(startEpochMs = 0): VirtualClock {
  let nowEpochMs = startEpochMs;
  const sleepers: Sleeper[] = [];
  const forget = (sleeper: Sleeper) => {
    const at = sleepers.indexOf(sleeper);
    if (at >= 0) sleepers.splice(at, 1);
  };
  const sleepUntil = (dueEpochMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      if (dueEpochMs <= nowEpochMs) return resolve();
      const wakeless = () => {
        forget(sleeper);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener('abort', wakeless);
        resolve();
      };
      const sleeper = { dueEpochMs, wake };
      signal?.addEventListener('abort', wakeless, { once: true });
      const after = sleepers.findLastIndex((other) => other.dueEpochMs <= dueEpochMs);
      sleepers.splice(after + 1, 0, sleeper);
    });
  const passUntil = async (atEpochMs: number) => {
    await turn();
    for (let next = sleepers[0]; next && next.dueEpochMs <= atEpochMs; next = sleepers[0]) {
      sleepers.shift();
      nowEpochMs = next.dueEpochMs;
      next.wake();
      await turn();
    }
    nowEpochMs = Math.max(nowEpochMs, atEpochMs);
  };
  const passDuring = async <T>(work: Promise<T>) => {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    for (await turn(); !settled; await turn())
      await passUntil(sleepers[0]?.dueEpochMs ?? nowEpochMs);
    return work;
  };
  return {
    epochMs: () => nowEpochMs,
    sleepUntil,
    sleep: (ms, signal) => sleepUntil(nowEpochMs + ms, signal),
    passUntil,
    pass: (ms) => passUntil(nowEpochMs + ms),
    passDuring,
  };
}
