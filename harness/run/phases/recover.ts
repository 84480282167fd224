// The recover phase: viewers come back.

import type { Running } from '../running.ts';

/** Judge tells whether all did; a passed deadline is no error. */
export async function recover(running: Running): Promise<void> {
  running.enter('recover');
  const { recoverWithinMs } = running.request.plan;
  await running.everybodySees(recoverWithinMs).catch((error: unknown) => {
    if (running.signal.aborted) throw error;
  });
  await running.screenshot('after');
}
