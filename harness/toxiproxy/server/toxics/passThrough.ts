// The stage that holds nothing: the base of the toxics that count, drop or close.

import type { Outlet, Stage } from './stage.ts';

/** A stage without memory; `changes` replaces what the toxic does differently. */
export function passThrough(outlet: Outlet, changes: Partial<Stage>): Stage {
  return {
    write: (chunk) => outlet.send(chunk),
    end: () => outlet.end(),
    drained: () => outlet.ready(),
    update: () => undefined,
    heldBytes: () => 0,
    release: () => ({ chunks: [], ended: false }),
    ...changes,
  };
}
