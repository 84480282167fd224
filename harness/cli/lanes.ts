// Several rehearsals of one comparison at the same time, where the machine carries them.

/**
 * Processors that a rehearsal is given. `npm run bench rehearsal`: one with 12 viewers uses 1.1 of
 * them over all, and needs room for the moments in which everything happens at once.
 */
const CORES_EACH = 2;

/** How many rehearsals run side by side without measuring each other; at least one. */
export const lanesOn = (cores: number): number => Math.max(1, Math.floor(cores / CORES_EACH));

export interface Lanes<J, R> {
  readonly lanes: number;
  readonly jobs: readonly J[];
  readonly work: (job: J, signal: AbortSignal) => Promise<R>;
}

/**
 * Works the jobs off, some at a time, in their order; answers in their order too. The first that
 * fails ends the others by their signal, and is what this rejects with once they have ended.
 */
export async function inLanes<J, R>(
  { lanes, jobs, work }: Lanes<J, R>,
  signal: AbortSignal,
): Promise<readonly R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const results = new Map<number, R>();
  const waiting = jobs.entries();
  const lane = async (): Promise<void> => {
    for (const [index, job] of waiting) {
      either.throwIfAborted();
      results.set(index, await work(job, either));
    }
  };
  const guarded = () =>
    lane().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  await Promise.allSettled(Array.from({ length: lanes }, guarded));
  if (failed.signal.aborted) throw failed.signal.reason;
  return jobs.map((_, index) => results.get(index) as R);
}
