// Samples how busy the machine is while a run goes on, into its journal.

import { readLoad } from '../kernel/load.ts';
import type { Emit } from '../model/world.ts';

/** The peak of a short burst is seen, and the journal hardly grows. */
const SAMPLE_EVERY_MS = 2_000;

/** Nothing is recorded where a machine does not say. */
export function watchLoad(emit: Emit): Disposable {
  let before = readLoad();
  const timer = setInterval(() => {
    const now = readLoad(before?.ticks);
    if (now) emit({ type: 'machine', ...now.load });
    before = now;
  }, SAMPLE_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
