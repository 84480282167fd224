// Timers in the order in which they are due. There are thousands of timers and few delays: those of
// one delay are a queue, since time only passes, and only the first of each queue is compared.

export interface QueuedTimer<T> {
  dueEpochMs: number;
  /** The order in which timers of one instant were set. */
  order: number;
  /** The next one that waits for as long. */
  next: T | undefined;
}

interface Queue<T> {
  first: T | undefined;
  last: T | undefined;
}

/** A queue with a timer in it. */
interface Filled<T> extends Queue<T> {
  first: T;
}

export interface TimerQueues<T> {
  readonly first: () => T | undefined;
  /** Adds one that is due so long after now. */
  readonly add: (timer: T, delayMs: number) => void;
  /** Takes the first out. */
  readonly shift: () => void;
}

export function timerQueues<T extends QueuedTimer<T>>(): TimerQueues<T> {
  const queues = new Map<number, Queue<T>>();
  const filled = heap<T>();
  const queueOf = (delayMs: number): Queue<T> => {
    const known = queues.get(delayMs);
    if (known) return known;
    const queue: Queue<T> = { first: undefined, last: undefined };
    // A delay that is no whole number of milliseconds seldom comes again.
    if (Number.isInteger(delayMs)) queues.set(delayMs, queue);
    return queue;
  };
  return {
    first: () => filled.first()?.first,
    add: (timer, delayMs) => {
      const queue = queueOf(delayMs);
      if (queue.last) {
        queue.last = queue.last.next = timer;
        return;
      }
      queue.first = queue.last = timer;
      filled.push(queue as Filled<T>);
    },
    shift: () => {
      const queue: Queue<T> | undefined = filled.first();
      if (!queue?.first) return;
      const timer = queue.first;
      queue.first = timer.next;
      // An old timer that led to a new one would keep it until everything old is looked at.
      timer.next = undefined;
      if (queue.first) return filled.delayed();
      queue.last = undefined;
      filled.shift();
    },
  };
}

const isBefore = <T extends QueuedTimer<T>>(
  { first: a }: Filled<T>,
  { first: b }: Filled<T>,
): boolean => a.dueEpochMs < b.dueEpochMs || (a.dueEpochMs === b.dueEpochMs && a.order < b.order);

/** Queues with the one whose first timer is due first on top. */
function heap<T extends QueuedTimer<T>>() {
  const all: Filled<T>[] = [];
  const rise = (queue: Filled<T>, from: number): void => {
    let at = from;
    for (let above = (at - 1) >> 1; at > 0 && isBefore(queue, all[above]!); above = (at - 1) >> 1) {
      all[at] = all[above]!;
      at = above;
    }
    all[at] = queue;
  };
  const sink = (queue: Filled<T>): void => {
    let at = 0;
    for (let below = 1; below < all.length; below = 2 * at + 1) {
      const least =
        below + 1 < all.length && isBefore(all[below + 1]!, all[below]!) ? below + 1 : below;
      if (isBefore(queue, all[least]!)) break;
      all[at] = all[least]!;
      at = least;
    }
    all[at] = queue;
  };
  return {
    first: (): Filled<T> | undefined => all[0],
    push: (queue: Filled<T>) => {
      rise(queue, all.length);
    },
    shift: () => {
      const last = all.pop();
      if (last && all.length > 0) sink(last);
    },
    /** The first is due later now. */
    delayed: () => sink(all[0]!),
  };
}
