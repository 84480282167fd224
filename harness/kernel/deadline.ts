// Every wait on the outside has a deadline, and says what it waited for.

import { HarnessError, type ErrorCode } from '../model/errors.ts';
import { systemClock, type Clock } from './clock.ts';
import { withBusyText } from './load.ts';

export interface DeadlineOptions {
  readonly ms: number;
  /** Names the thing waited for, as in "waited 5000 ms for <what>". */
  readonly what: string;
  readonly code?: ErrorCode;
  readonly hint?: string;
  readonly signal?: AbortSignal;
  /** The clock that the time is taken from; the machine's when not said. */
  readonly clock?: Clock;
}

/** Settles like `work`, or rejects when the deadline passes; the signal given to `work` is aborted then. */
export function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { ms, what, code = 'DEADLINE_EXCEEDED', hint } = options;
  const late = (): HarnessError => {
    const advice = withBusyText(hint);
    return new HarnessError(code, `waited ${ms} ms for ${what}`, advice ? { hint: advice } : {});
  };
  return within({ ...options, late }, work);
}

export interface Bound extends Pick<DeadlineOptions, 'ms' | 'signal' | 'clock'> {
  /** Gives the error of a deadline that has passed. */
  readonly late: () => Error;
}

/** Does what `withDeadline` does, with an error of the caller's own. */
export async function within<T>(
  { ms, signal, clock = systemClock, late }: Bound,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const failing = Promise.withResolvers<never>();
  failing.promise.catch(() => undefined);
  const fail = (reason: unknown) => {
    over.abort(reason);
    failing.reject(over.signal.reason);
  };
  // A listener that is taken back: a signal that joins others is kept by each of them.
  const end = () => fail(signal?.reason);
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end, { once: true });
  const callOff = callLater(clock, { ms, signal: over.signal }, () => fail(late()));
  try {
    return await Promise.race([work(over.signal), failing.promise]);
  } finally {
    signal?.removeEventListener('abort', end);
    // Who works in virtual time has nothing left to hear of, and to tell it is half of the cost.
    if (callOff) callOff();
    else over.abort(OVER);
  }
}

/** Calls once the time has passed, unless the signal is aborted before; gives what calls it off, too. */
function callLater(
  clock: Clock,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
  act: () => void,
): (() => void) | undefined {
  const { callAt, callOff } = clock;
  if (callAt && callOff) {
    const id = callAt(clock.epochMs() + ms, act);
    return () => callOff(id);
  }
  clock.sleep(ms, signal).then(act, () => undefined);
  return undefined;
}

/** Made once: each new reason would cost the trace of a stack, and nobody sees it. */
const OVER = new Error('the deadline is called off');

/** Rejects with the reason of the signal once it is aborted. */
export function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/** Polls until `probe` answers something other than undefined. */
export async function waitFor<T>(
  options: DeadlineOptions & { readonly everyMs?: number },
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const { everyMs = 50, clock = systemClock } = options;
  return withDeadline(options, async (signal) => {
    for (;;) {
      const found = await probe();
      if (found !== undefined) return found;
      await clock.sleep(everyMs, signal);
    }
  });
}
