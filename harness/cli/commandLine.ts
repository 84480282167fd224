// Parse, load the command that is called, call it, print, exit. The only room that imports all others.

import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT, HarnessError } from '../model/errors.ts';
import { badArguments, refuseTwice } from './badArguments.ts';
import { COMMANDS } from './commands.ts';
import { wasInterrupted } from './interrupt.ts';
import { printError } from './printError.ts';
import { outliveReaders } from './terminal.ts';
import { harnessVersion } from '../rehearsal/version.ts';

/** The time for a process with nothing open to end: nobody reads our output for longer. */
const LET_GO_MS = 3_000;

const EXIT_CODES = `Exit codes: 0 pass, 1 fail, 2 inconclusive, 64 bad scenario or arguments,
69 something is not installed or not reachable, 70 our own bug, 74 cannot write,
130 interrupted (after healing and cleaning up).`;

outliveReaders();

/** A command line without a word asks for help. */
const words = hideBin(process.argv);
const parser = yargs(words.length === 0 ? ['--help'] : words)
  // Errors are recognised by their English words, and all we say ourselves is English.
  .detectLocale(false)
  .scriptName('ecran-noir')
  .usage(
    '$0 <command>\n\nRehearse a maintenance window or a failure on a live-TV chain, and measure per\nviewer, to the frame, how long the screen stays black.',
  )
  .option('verbose', {
    alias: 'v',
    type: 'boolean',
    default: false,
    describe: 'say more: what was chosen, and what led to an error',
  })
  .demandCommand(1, 'name a command')
  .strict()
  .completion('completion', 'Print the script that completes words in bash or zsh')
  .version(harnessVersion())
  .help()
  .alias('help', 'h')
  .wrap(Math.min(100, process.stdout.columns || 100))
  .epilogue(EXIT_CODES)
  .exitProcess(false)
  .fail((message: string | null, error: unknown) => {
    if (error instanceof Error) throw error;
    throw badArguments(message ?? 'bad arguments', { words, known: knownOptions() });
  });

for (const { command, describe, load } of COMMANDS)
  parser.command(
    command,
    describe,
    async (y: Argv) => {
      const { builder } = await load();
      return typeof builder === 'function' ? builder(y) : y.options(builder);
    },
    async (argv) => {
      refuseTwice(argv, hideBin(process.argv));
      await (await load()).handler(argv as never);
    },
  );

try {
  await parser.parseAsync();
} catch (error) {
  process.exitCode = printError(asHarnessError(error), {
    json: words.includes('--json'),
    verbose: words.includes('--verbose') || words.includes('-v'),
  });
}
if (wasInterrupted()) process.exitCode = EXIT.interrupted;
process.exitCode ??= EXIT.pass;
// All is done and cleaned up: what something outside does not let go of (a connection that an engine
// neither answers nor closes) must not keep us here.
setTimeout(() => process.exit(), LET_GO_MS).unref();

/** Makes errors of yargs bad input; neither they nor a call that somebody ended are bugs. */
function asHarnessError(error: unknown): unknown {
  if (error instanceof Error && error.name === 'YError')
    return badArguments(error.message, { words, known: [] });
  if (error instanceof HarnessError || !wasInterrupted()) return error;
  return new HarnessError('INTERRUPTED', 'interrupted', { cause: error });
}

/** Lists the options of the command that was called; yargs has them, its types do not. */
function knownOptions(): readonly string[] {
  return Object.keys((parser as unknown as { getOptions(): { key: object } }).getOptions().key);
}
