// Takes the error that work of ours is refused with.

import { HarnessError } from '../../harness/model/errors.ts';

/** Gives the error of what is refused. Throws where nothing is, or for an error of another kind. */
export function refusal(work: () => unknown): HarnessError {
  const error = tried(work);
  if (error === undefined) throw new Error('nothing was refused');
  return error;
}

/** Gives the message of what is refused, or `accepted`. */
export const outcome = (work: () => unknown): string => tried(work)?.message ?? 'accepted';

function tried(work: () => unknown): HarnessError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}
