// The root of the command line: parse, wire, call, print, exit. The only room that imports all others.

import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { EXIT, HarnessError } from '../model/errors.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { checkCommand } from './commands/check.ts';
import { cleanCommand } from './commands/clean.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { imagesCommand } from './commands/images.ts';
import { planCommand } from './commands/plan.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { setupCommand } from './commands/setup.ts';
import { toxiproxyServerCommand } from './commands/toxiproxy.ts';
import { validateCommand } from './commands/validate.ts';
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
  .command(runCommand)
  .command(planCommand)
  .command(validateCommand)
  .command(reportCommand)
  .command(checkCommand)
  .command(compareCommand)
  .command(calibrateCommand)
  .command(doctorCommand)
  .command(setupCommand)
  .command(schemaCommand)
  .command(imagesCommand)
  .command(cleanCommand)
  .command(toxiproxyServerCommand)
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

try {
  await parser.parseAsync();
} catch (error) {
  process.exitCode = printError(error, { json: process.argv.includes('--json') });
}
process.exitCode ??= EXIT.pass;
// All is done and cleaned up: what something outside does not let go of (a connection that an engine
// neither answers nor closes) must not keep us here.
setTimeout(() => process.exit(), LET_GO_MS).unref();
