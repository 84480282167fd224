// Parse, load the command that is called, call it, print, exit. The only room that imports all others.

import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT, HarnessError } from '../model/errors.ts';
import { COMMANDS } from './commands.ts';
import { printError } from './printError.ts';
import { harnessVersion } from './version.ts';

/** Nobody reads our output for longer; a process that has nothing open ends at once. */
const LET_GO_MS = 3_000;

const EXIT_CODES = `Exit codes: 0 pass, 1 fail, 2 inconclusive, 64 bad scenario or arguments,
69 something is not installed or not reachable, 70 our own bug, 74 cannot write,
130 interrupted (after healing and cleaning up).`;

const parser = yargs(hideBin(process.argv))
  .scriptName('ecran-noir')
  .usage(
    '$0 <command>\n\nRehearse a maintenance window or a failure on a live-TV chain, and measure per\nviewer, to the frame, how long the screen stays black.',
  )
  .demandCommand(1, 'name a command')
  .recommendCommands()
  .strict()
  .version(harnessVersion())
  .help()
  .alias('help', 'h')
  .wrap(Math.min(100, process.stdout.columns || 100))
  .epilogue(EXIT_CODES)
  .exitProcess(false)
  .fail((message: string | null, error: unknown) => {
    if (error instanceof Error) throw error;
    throw new HarnessError('ARGUMENT_INVALID', message ?? 'bad arguments', {
      hint: 'see `ecran-noir --help`, or `ecran-noir <command> --help`',
    });
  });

for (const { command, describe, load } of COMMANDS)
  parser.command(
    command,
    describe,
    async (y: Argv) => {
      const { builder } = await load();
      return typeof builder === 'function' ? builder(y) : y.options(builder);
    },
    async (argv) => (await load()).handler(argv as never),
  );

try {
  await parser.parseAsync();
} catch (error) {
  process.exitCode = printError(error, { json: process.argv.includes('--json') });
}
process.exitCode ??= EXIT.pass;
// All is done and cleaned up: what something outside does not let go of (a connection that an engine
// neither answers nor closes) must not keep us here.
setTimeout(() => process.exit(), LET_GO_MS).unref();
