// Words of a command line -> the command that is called, with its options. Calls nothing by itself.

import yargs, { type Argv } from 'yargs';
import { harnessVersion } from '../rehearsal/version.ts';
import { badArguments, refuseTwice } from './badArguments.ts';
import { COMMANDS, type Named } from './commands.ts';
import { flagOption } from './options.ts';

const EXIT_CODES = `Exit codes: 0 pass, 1 fail, 2 inconclusive, 64 bad scenario or arguments,
69 something is not installed or not reachable, 70 our own bug, 74 cannot write,
130 interrupted (after healing and cleaning up).`;

export type Call = (command: Named, argv: never) => Promise<void>;

/** Throws ARGUMENT_INVALID for words that are no call of a command. */
export async function parseWords(words: readonly string[], call: Call): Promise<void> {
  // A command line without a word asks for help.
  const parser = yargs(words.length === 0 ? ['--help'] : [...words])
    .scriptName('ecran-noir')
    // Errors are recognised by their English words, and all we say ourselves is English.
    .detectLocale(false)
    // No option has parts: with its dots `--seed.0` is one that nobody knows.
    .parserConfiguration({ 'dot-notation': false })
    .usage(
      '$0 <command>\n\nRehearse a maintenance window or a failure on a live-TV chain, and measure per\nviewer, to the frame, how long the screen stays black.',
    )
    .option('verbose', {
      ...flagOption('say more: what was chosen, and what led to an error'),
      alias: 'v',
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
      throw badArguments(message ?? 'bad arguments', { words, known: knownOptions(parser) });
    });
  for (const command of COMMANDS)
    parser.command(
      command.command,
      command.describe,
      async (y: Argv) => (await command.load()).options(y),
      async (argv) => {
        refuseTwice(argv, words);
        await call(command, argv as never);
      },
    );
  await parser.parseAsync().catch((error: unknown) => {
    // A shell that asks for completions would show the error in the middle of the user's line.
    if (words.includes('--get-yargs-completions')) return;
    throw error instanceof Error && error.name === 'YError'
      ? badArguments(error.message, { words })
      : error;
  });
}

/** Lists the options of the command that was called; yargs has them, its types do not. */
function knownOptions(parser: Argv): readonly string[] {
  return Object.keys((parser as unknown as { getOptions(): { key: object } }).getOptions().key);
}
