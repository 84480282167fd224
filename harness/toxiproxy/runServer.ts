// Runs the server to its end, prints what kept it from running, and ends the process.

import { HarnessError, errorMessage } from '../model/errors.ts';
import { toxiproxyCommand } from './command.ts';

export async function runServer(argv: readonly string[]): Promise<never> {
  try {
    process.exitCode = await toxiproxyCommand(argv);
  } catch (error) {
    const known = error instanceof HarnessError;
    const hint = known && error.hint !== undefined ? ` (${error.hint})` : '';
    process.stderr.write(`error: ${errorMessage(error)}${hint}\n`);
    process.exitCode = known ? error.exitCode : 1;
  }
  // Standard input may still be open; nothing is left to wait for.
  return process.exit();
}
