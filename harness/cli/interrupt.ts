// Ctrl-C, TERM and HUP become one AbortSignal: everything then heals and cleans up in order.

import { HarnessError } from '../model/errors.ts';
import { say } from './terminal.ts';

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let signalled = false;

/** Tells that this process was asked to end: its exit code says so, whatever else happened. */
export const wasInterrupted = (): boolean => signalled;

const OF_A_RUN = 'healing, stopping every process, writing what was measured';

/** Says what happens now at every signal; the clean-up is bounded, so a second one changes nothing. */
export function catchInterrupt(what = OF_A_RUN): Interrupt {
  const controller = new AbortController();
  const onSignal = () => {
    say(controller.signal.aborted ? 'still cleaning up, this is bounded' : `interrupted: ${what}`);
    signalled = true;
    controller.abort(new HarnessError('INTERRUPTED', 'interrupted'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
