// Ctrl-C, TERM and HUP become one AbortSignal: everything then heals and cleans up in order.

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `say` is called for every signal; the clean-up is bounded, so a second one changes nothing. */
export function catchInterrupt(say: (text: string) => void): Interrupt {
  const controller = new AbortController();
  const onSignal = () => {
    say(
      controller.signal.aborted
        ? 'still cleaning up, this is bounded'
        : 'interrupted: healing, stopping every process, writing what was measured',
    );
    controller.abort(new Error('interrupted'));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
