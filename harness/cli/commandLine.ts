// Parse, load the command that is called, call it, print, exit. The only room that imports all others.

import { hideBin } from 'yargs/helpers';
import { EXIT, HarnessError } from '../model/errors.ts';
import { wasInterrupted } from './interrupt.ts';
import { parseWords } from './parser.ts';
import { printError } from './printError.ts';
import { outliveReaders } from './terminal.ts';

/** The time for a process with nothing open to end: nobody reads our output for longer. */
const LET_GO_MS = 3_000;

outliveReaders();

const words = hideBin(process.argv);
try {
  await parseWords(words, async ({ act }, argv) => act(argv));
} catch (error) {
  process.exitCode = printError(unlessInterrupted(error), {
    json: words.includes('--json'),
    verbose: words.includes('--verbose') || words.includes('-v'),
  });
}
if (wasInterrupted()) process.exitCode = EXIT.interrupted;
process.exitCode ??= EXIT.pass;
// All is done and cleaned up: what something outside does not let go of (a connection that an engine
// neither answers nor closes) must not keep us here.
setTimeout(() => process.exit(), LET_GO_MS).unref();

/** A call that somebody ended is no bug. */
function unlessInterrupted(cause: unknown): unknown {
  if (cause instanceof HarnessError || !wasInterrupted()) return cause;
  return new HarnessError('INTERRUPTED', 'interrupted', { cause });
}
