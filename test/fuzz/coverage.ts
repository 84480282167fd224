// Tells which places of the code an input ran, by the coverage that V8 counts.

import { Session, type Profiler } from 'node:inspector';

const OWN = /\/(?:harness|reports|players)\//;

export interface Coverage extends Disposable {
  /** Gives the places that were run since the last look, and now and then one that always is. */
  readonly look: () => ReadonlySet<string>;
}

export function watchCoverage(): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    look: () => {
      const places = new Set<string>();
      // The answer is there before the call returns.
      session.post('Profiler.takePreciseCoverage', (error, taken) => {
        if (error) throw error;
        for (const script of taken.result) if (OWN.test(script.url)) addRun(script, places);
      });
      return places;
    },
    [Symbol.dispose]: () => session.disconnect(),
  };
}

function addRun({ scriptId, functions }: Profiler.ScriptCoverage, places: Set<string>): void {
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges)
      if (count > 0) places.add(`${scriptId} ${startOffset} ${endOffset}`);
}
