// Timers on a time that passes only when it is told to. Each is over, with everything that it made
// ready to run, before the next one is due; ids are numbers, as in a browser.

import { HarnessError } from '../model/errors.ts';
import type { VirtualTimers } from '../model/virtualWorld.ts';

interface Timer {
  dueEpochMs: number;
  /** The order in which timers of one instant were set. */
  order: number;
  readonly id: number;
  readonly everyMs: number | undefined;
  readonly act: () => void;
}

/** The machine gets a turn after so many timers, for signals and for whoever wants to interrupt. */
const TURN_EVERY = 2_000;

/** More timers than this at one instant set each other for ever: a big wall has hundreds. */
const AT_ONCE_MAX = 100_000;

/** @param turnEvery - a turn after each timer (1) waits for streams, too. */
export function virtualTimers(startEpochMs = 0, turnEvery = TURN_EVERY): VirtualTimers {
  const due = heap();
  const waiting = new Map<number, Timer>();
  let nowEpochMs = startEpochMs;
  let orders = 0;
  let ids = 0;
  let fired = 0;
  const set = (ms: number, act: () => void, everyMs?: number): number => {
    const dueEpochMs = nowEpochMs + Math.max(0, Number(ms) || 0);
    const timer: Timer = { dueEpochMs, order: orders++, id: ++ids, everyMs, act };
    waiting.set(timer.id, timer);
    due.push(timer);
    return timer.id;
  };
  const fire = (timer: Timer): void => {
    nowEpochMs = Math.max(nowEpochMs, timer.dueEpochMs);
    fired++;
    if (timer.everyMs === undefined) waiting.delete(timer.id);
    else {
      timer.dueEpochMs += timer.everyMs;
      timer.order = orders++;
      due.push(timer);
    }
    timer.act();
  };
  const next = (): Timer | undefined => {
    for (let first = due.first(); first; first = due.first()) {
      if (waiting.get(first.id) === first) return first;
      due.shift();
    }
    return undefined;
  };
  const settle = () => (fired % turnEvery === 0 ? turn() : settled());
  return {
    epochMs: () => nowEpochMs,
    nextEpochMs: () => next()?.dueEpochMs,
    after: (ms, act) => set(ms, act),
    every: (ms, act) => set(ms, act, Math.max(1, Number(ms) || 0)),
    clear: (id) => void waiting.delete(id ?? 0),
    passUntil: async (atEpochMs, signal) => {
      await settle();
      let atOnce = 0;
      for (let timer = next(); timer && timer.dueEpochMs <= atEpochMs; timer = next()) {
        due.shift();
        atOnce = timer.dueEpochMs > nowEpochMs ? 0 : atOnce + 1;
        if (atOnce > AT_ONCE_MAX) throw standsStill(nowEpochMs - startEpochMs);
        fire(timer);
        await settle();
        signal?.throwIfAborted();
      }
      nowEpochMs = Math.max(nowEpochMs, atEpochMs);
    },
    get fired() {
      return fired;
    },
  };
}

const standsStill = (ms: number): HarnessError =>
  new HarnessError(
    'INTERNAL',
    `virtual time stands still ${ms / 1000} s after it began: timers of no delay set each other`,
  );

/** Resolves once nothing is ready to run: Node comes to the next tick when no micro-task is left. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    process.nextTick(resolve);
  });

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const isBefore = (a: Timer, b: Timer): boolean =>
  a.dueEpochMs < b.dueEpochMs || (a.dueEpochMs === b.dueEpochMs && a.order < b.order);

/** The timers with the one that is due first on top. */
function heap() {
  const all: Timer[] = [];
  const rise = (timer: Timer, from: number): void => {
    let at = from;
    for (let above = (at - 1) >> 1; at > 0 && isBefore(timer, all[above]!); above = (at - 1) >> 1) {
      all[at] = all[above]!;
      at = above;
    }
    all[at] = timer;
  };
  const sink = (timer: Timer): void => {
    let at = 0;
    for (let below = 1; below < all.length; below = 2 * at + 1) {
      const least =
        below + 1 < all.length && isBefore(all[below + 1]!, all[below]!) ? below + 1 : below;
      if (isBefore(timer, all[least]!)) break;
      all[at] = all[least]!;
      at = least;
    }
    all[at] = timer;
  };
  return {
    first: (): Timer | undefined => all[0],
    push: (timer: Timer) => {
      rise(timer, all.length);
    },
    shift: () => {
      const last = all.pop();
      if (last && all.length > 0) sink(last);
    },
  };
}
