// The end of a run, on every way out: all is healed, the viewers leave, everything is undone.

import { HarnessError, errorMessage } from '../../model/errors.ts';
import type { RunEnd, RunRequest } from '../request.ts';
import type { Running } from '../running.ts';
import { GuardrailBroken } from './guard.ts';

const HEAL_MS = 10_000;
const LEAVE_MS = 5_000;

export interface Ending extends Pick<RunEnd, 'reason' | 'error'> {
  readonly detail?: string;
}

/** Never rejects. What cannot be healed goes with its server. */
export async function tearDown(
  running: Running,
  { reason, error, detail }: Ending,
): Promise<RunEnd> {
  running.settling = true;
  await running.attempt('heal all links', HEAL_MS, async () => running.links?.reset());
  await running.attempt('viewers leave', LEAVE_MS, async () => running.fleet?.leave());
  const { emit } = running.request.recorder;
  emit({ type: 'phase', phase: 'teardown' });
  const failures = await running.cleanup.run();
  emit({ type: 'end', reason, ...(detail ? { detail } : {}) });
  const leftovers = failures.map((failure) => `${failure.what}: ${errorMessage(failure.error)}`);
  return { reason, error, leftovers };
}

/** Ctrl-C comes first, then what aborted the run from within, then what a phase rejected with. */
export function explainEnding(error: unknown, request: RunRequest): Ending {
  if (request.signal.aborted)
    return {
      reason: 'interrupted',
      error: new HarnessError('INTERRUPTED', 'interrupted', { cause: error }),
    };
  const first: unknown = request.stop.signal.aborted ? request.stop.signal.reason : error;
  if (first instanceof GuardrailBroken)
    return { reason: 'guardrail', error: undefined, detail: first.message };
  if (first instanceof HarnessError) return because('error', first);
  const message = first instanceof Error ? (first.stack ?? first.message) : String(first);
  return because('error', new HarnessError('INTERNAL', message, { cause: first }));
}

const because = (reason: RunEnd['reason'], error: HarnessError): Ending => ({
  reason,
  error,
  detail: error.message,
});
