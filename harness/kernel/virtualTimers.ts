// Timers on a time that passes only when it is told to. Each is over, with everything that it made
// ready to run, before the next one is due; ids are numbers, as in a browser.

import { HarnessError } from '../model/errors.ts';
import type { VirtualTimers } from '../model/virtualWorld.ts';
import { timerQueues, type QueuedTimer } from './timerQueues.ts';

interface Timer extends QueuedTimer<Timer> {
  readonly id: number;
  readonly everyMs: number | undefined;
  act: () => void;
  cleared: boolean;
}

/**
 * Runs what is ready: promises that settled, and ticks. Node does so between two immediates, by this
 * very function, which its documentation does not name: without it each timer takes a turn of its own.
 */
const { _tickCallback: runReady } = process as { readonly _tickCallback?: () => void };

/** The machine gets a turn after so many timers, for signals and for whoever wants to interrupt. */
const TURN_EVERY = runReady ? 2_000 : 1;

/** More timers than this at one instant set each other for ever: a big wall has hundreds. */
const AT_ONCE_MAX = 100_000;

interface Passing {
  /** The number of timers that were due at this instant. */
  atOnce: number;
  readonly signal: AbortSignal | undefined;
  /** Kept here: a signal that joins others looks at each of them when it is asked. */
  aborted: boolean;
}

/** @param turnEvery - a turn after each timer (1) waits for streams, too. */
export function virtualTimers(startEpochMs = 0, turnEvery = TURN_EVERY): VirtualTimers {
  const { set, clear, next, fire, now, come } = timersDue(startEpochMs);
  let fired = 0;
  /** Fires what is due until then, as many as come before a turn; true when that was all. */
  const fireUntil = (atEpochMs: number, passing: Passing): boolean => {
    for (let left = turnEvery; left > 0; left--) {
      const timer = next();
      if (!timer || timer.dueEpochMs > atEpochMs) return true;
      passing.atOnce = timer.dueEpochMs > now() ? 0 : passing.atOnce + 1;
      if (passing.atOnce > AT_ONCE_MAX) throw standsStill(now() - startEpochMs);
      fired++;
      fire(timer);
      if (left > 1) runReady?.();
      if (passing.aborted) passing.signal?.throwIfAborted();
    }
    return false;
  };
  return {
    epochMs: now,
    nextEpochMs: () => next()?.dueEpochMs,
    after: (ms, act) => set(ms, act),
    every: (ms, act) => set(ms, act, Math.max(1, Number(ms) || 0)),
    clear,
    passUntil: async (atEpochMs, signal) => {
      const passing: Passing = { atOnce: 0, signal, aborted: signal?.aborted ?? false };
      const abort = () => (passing.aborted = true);
      signal?.addEventListener('abort', abort, { once: true });
      try {
        while (!(await inTurn(() => fireUntil(atEpochMs, passing))));
      } finally {
        signal?.removeEventListener('abort', abort);
      }
      come(atEpochMs);
    },
    get fired() {
      return fired;
    },
  };
}

/** The time, and the timers that wait for theirs. */
function timersDue(startEpochMs: number) {
  const due = timerQueues<Timer>();
  const waiting = new Map<number, Timer>();
  let nowEpochMs = startEpochMs;
  let orders = 0;
  let ids = 0;
  const come = (atEpochMs: number): void => {
    nowEpochMs = Math.max(nowEpochMs, atEpochMs);
  };
  return {
    now: (): number => nowEpochMs,
    come,
    set: (ms: number, act: () => void, everyMs?: number): number => {
      const delayMs = Math.max(0, Number(ms) || 0);
      const timer: Timer = {
        dueEpochMs: nowEpochMs + delayMs,
        order: orders++,
        id: ++ids,
        everyMs,
        act,
        cleared: false,
        next: undefined,
      };
      waiting.set(timer.id, timer);
      due.add(timer, delayMs);
      return timer.id;
    },
    clear: (id = 0): void => {
      const timer = waiting.get(id);
      if (!timer) return;
      waiting.delete(id);
      timer.cleared = true;
      // It stands in its queue until its time, and would keep all that it was to act on.
      timer.act = none;
    },
    next: (): Timer | undefined => {
      for (let first = due.first(); first; first = due.first()) {
        if (!first.cleared) return first;
        due.shift();
      }
      return undefined;
    },
    /** Calls the one that is due first. */
    fire: (timer: Timer): void => {
      come(timer.dueEpochMs);
      due.shift();
      if (timer.everyMs === undefined) waiting.delete(timer.id);
      else {
        timer.dueEpochMs += timer.everyMs;
        timer.order = orders++;
        due.add(timer, timer.everyMs);
      }
      timer.act();
    },
  };
}

const none = (): undefined => undefined;

const standsStill = (ms: number): HarnessError =>
  new HarnessError(
    'INTERNAL',
    `virtual time stands still ${ms / 1000} s after it began: timers of no delay set each other`,
  );

/** Does it outside of every micro-task, where those that it makes ready can be run. */
const inTurn = <T>(act: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(act());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
