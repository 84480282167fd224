// The only home of real time. Everything that waits or asks the time gets a Clock.

export interface Clock {
  /** Milliseconds since the Unix epoch with fractions; monotonic within a process. */
  epochMs(): number;
  /** Resolves at or just after the instant; rejects with the signal's reason when aborted. */
  sleepUntil(atEpochMs: number, signal?: AbortSignal): Promise<void>;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls at the instant, when one who sleeps until then would go on; gives its number. Only a virtual
   * clock has it: millions of sleeps pass there, and a promise for each is dear.
   */
  readonly callAt?: (atEpochMs: number, act: () => void) => number;
  /** Calls one off that is not due yet. */
  readonly callOff?: (id: number) => void;
}

/** An import would load 2 MB for it. */
const { setTimeout: delay } = process.getBuiltinModule('node:timers/promises');

/** Longest single timer; setTimeout overflows above 2^31-1 ms. */
const TIMER_MS_MAX = 0x7fffffff;

const epochMs = (): number => performance.timeOrigin + performance.now();

const sleepUntil = async (atEpochMs: number, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted();
  for (let left = atEpochMs - epochMs(); left > 0; left = atEpochMs - epochMs()) {
    await delay(Math.min(Math.ceil(left), TIMER_MS_MAX), undefined, signal ? { signal } : {}).catch(
      (error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      },
    );
  }
};

/** Calls once so much time has passed. */
export function callAfter(clock: Clock, ms: number, act: () => void): void {
  if (clock.callAt) clock.callAt(clock.epochMs() + ms, act);
  else void clock.sleep(ms).then(act);
}

export const systemClock: Clock = {
  epochMs,
  sleepUntil,
  sleep: (ms, signal) => sleepUntil(epochMs() + ms, signal),
};
