// The embedded server as a process of its own: what the adapter and containers start.

import { HarnessError, messageOf } from '../model/errors.ts';
import { toxiproxyCommand } from './command.ts';

try {
  process.exitCode = await toxiproxyCommand(process.argv.slice(2));
} catch (error) {
  const known = error instanceof HarnessError;
  const hint = known && error.hint !== undefined ? ` (${error.hint})` : '';
  process.stderr.write(`error: ${messageOf(error)}${hint}\n`);
  process.exitCode = known ? error.exitCode : 1;
}
// Standard input may still be open; nothing is left to wait for.
process.exit();
