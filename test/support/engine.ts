// The container engine of this machine. Without one, tests of containers cannot run: a machine for
// CI has one (`.ci/engine start`), elsewhere the title of the group says it.

import { connectEngine, type Engine } from '../../harness/runtime/containers/engine.ts';

/** The first build fetches packages. */
export const BUILD_MS = 600_000;

export const engine: Engine | undefined = await connectEngine().catch((error: unknown) => {
  if (process.env['CI']) throw error;
  return undefined;
});

export const title = (text: string): string =>
  engine ? text : `${text} (not run: no container engine answers)`;
