// Several rehearsals of one comparison at the same time, where the machine carries them.

import pLimit from 'p-limit';

/**
 * Processors that a rehearsal is given. `npm run bench rehearsal`: one with 12 viewers uses 1.1 of
 * them over all, and needs room for the moments in which everything happens at once.
 */
const CORES_EACH = 2;

/** The number of rehearsals that run side by side without measuring each other; at least one. */
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
  const limit = pLimit(lanes);
  const one = async (job: J): Promise<R> => {
    try {
      either.throwIfAborted();
      return await work(job, either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const results = await Promise.allSettled(jobs.map((job) => limit(one, job)));
  return results.map((result) => {
    if (result.status === 'rejected') throw failed.signal.reason;
    return result.value;
  });
}
