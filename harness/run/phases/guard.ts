// Watches the guardrails from the first fault until everybody has recovered.

import type { Running } from '../running.ts';

const GUARD_EVERY_MS = 500;

/** Ends a run that has shown enough: no failure of the harness, and no success. */
export class GuardrailBroken extends Error {}

/** Ends the run when a guardrail breaks; over when the run is. */
export async function guard(running: Running): Promise<void> {
  const { guardrails, world, stop } = running.request;
  if (!guardrails) return;
  while (!running.settling && !running.signal.aborted) {
    const breach = guardrails.breach(running.nowMs());
    if (breach) stop.abort(new GuardrailBroken(breach.text));
    await world.clock.sleep(GUARD_EVERY_MS, running.signal).catch(() => undefined);
  }
}
