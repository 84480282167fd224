// An outlet that counts what a toxic lets through and what it ends.

import type { ToxicCounters } from './toxic.ts';
import type { Outlet } from './toxics/stage.ts';

export function countingOutlet(counters: ToxicCounters, target: Outlet): Outlet {
  return {
    send: (chunk) => {
      counters.sentBytes += chunk.length;
      return target.send(chunk);
    },
    end: () => target.end(),
    close: () => {
      counters.closedConnections += 1;
      target.close();
    },
    reset: () => {
      counters.resetConnections += 1;
      target.reset();
    },
    ready: () => target.ready(),
  };
}
