// The wait for a container that is being started.

import { withDeadline } from '../../kernel/deadline.ts';
import { CALL_MS, type ContainerSpec } from './containerSpec.ts';

/** A busy machine takes seconds to make a container. */
const START_MS = 60_000;

interface Start {
  readonly spec: ContainerSpec;
  readonly signal: AbortSignal;
  /** Settles when it has started and ended. */
  readonly ended: Promise<void>;
  readonly remove: () => Promise<unknown>;
}

/** Removes what did not start in time. */
export async function waitForStart(
  starting: Promise<unknown>,
  { spec, signal, ended, remove }: Start,
): Promise<void> {
  starting.catch(() => undefined);
  try {
    await withDeadline(
      { ms: START_MS, what: `${spec.instance} to start`, code: 'STAGE_FAILED', signal },
      // One that has ended already has started: testcontainers would wait for its ports in vain.
      () => Promise.race([starting, ended]),
    );
  } catch (error) {
    await remove();
    // testcontainers cannot be stopped half-way: it may have been about to make it.
    const what = `${spec.instance} to have started`;
    await withDeadline({ ms: CALL_MS, what }, () => starting).catch(() => undefined);
    await remove();
    throw error;
  }
}
