// Timers on a time that passes only when it is told to. Each is over, with everything that it made
// ready to run, before the next one is due; ids are numbers, as in a browser.

import type { Clock } from './clock.ts';

export interface VirtualTimers {
  /** Milliseconds since the Unix epoch. */
  readonly epochMs: () => number;
  /** Calls once; gives an id above 0. */
  readonly after: (ms: number, act: () => void) => number;
  /** Calls again and again, at least one millisecond apart. */
  readonly every: (ms: number, act: () => void) => number;
  readonly clear: (id: number | undefined) => void;
  /** Lets time pass up to an instant; rejects with the reason of the signal once that is aborted. */
  readonly passUntil: (atEpochMs: number, signal?: AbortSignal) => Promise<void>;
  /** The number of calls so far. */
  readonly fired: number;
}

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

export function virtualTimers(startEpochMs = 0): VirtualTimers {
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
  return {
    epochMs: () => nowEpochMs,
    after: (ms, act) => set(ms, act),
    every: (ms, act) => set(ms, act, Math.max(1, Number(ms) || 0)),
    clear: (id) => void waiting.delete(id ?? 0),
    passUntil: async (atEpochMs, signal) => {
      await settled();
      for (let next = due.first(); next && next.dueEpochMs <= atEpochMs; next = due.first()) {
        due.shift();
        if (waiting.get(next.id) !== next) continue;
        fire(next);
        await (fired % TURN_EVERY === 0 ? turn() : settled());
        signal?.throwIfAborted();
      }
      nowEpochMs = Math.max(nowEpochMs, atEpochMs);
    },
    get fired() {
      return fired;
    },
  };
}

/** The time of these timers as a clock, for code that sleeps. */
export function clockOf(timers: VirtualTimers): Clock {
  const sleepUntil = (dueEpochMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const ms = dueEpochMs - timers.epochMs();
      if (ms <= 0) return resolve();
      const wakeless = () => {
        timers.clear(id);
        reject(signal?.reason as Error);
      };
      const id = timers.after(ms, () => {
        signal?.removeEventListener('abort', wakeless);
        resolve();
      });
      signal?.addEventListener('abort', wakeless, { once: true });
    });
  return {
    epochMs: timers.epochMs,
    sleepUntil,
    sleep: (ms, signal) => sleepUntil(timers.epochMs() + ms, signal),
  };
}

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
  const swap = (i: number, j: number) => ([all[i], all[j]] = [all[j]!, all[i]!]);
  const rise = (from: number): void => {
    for (let i = from; i > 0;) {
      const above = (i - 1) >> 1;
      if (isBefore(all[above]!, all[i]!)) return;
      swap(i, above);
      i = above;
    }
  };
  const sink = (): void => {
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      if (left >= all.length) return;
      const least = right < all.length && isBefore(all[right]!, all[left]!) ? right : left;
      if (isBefore(all[i]!, all[least]!)) return;
      swap(i, least);
      i = least;
    }
  };
  return {
    first: (): Timer | undefined => all[0],
    push: (timer: Timer) => {
      all.push(timer);
      rise(all.length - 1);
    },
    shift: () => {
      const last = all.pop();
      if (all.length === 0 || !last) return;
      all[0] = last;
      sink();
    },
  };
}
