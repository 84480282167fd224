// Compiled code is kept between starts, where the command line keeps its own: a program of ours that is
// started from TypeScript then needs no compiler, a third of the processor time, and less memory.

import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The environment of a Node program of ours, where nothing else is said. */
export const environmentWithCode = (): NodeJS.ProcessEnv => ({
  NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
  ...process.env,
});
