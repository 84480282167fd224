// The words and options of `diff`.

import type { DiffArguments } from '../actions/diff.ts';
import type { Command } from '../command.ts';

export const diffCommand: Command<DiffArguments> = {
  builder: (y) =>
    y
      .positional('a', { type: 'string', demandOption: true, describe: 'folder of a run' })
      .positional('b', { type: 'string', demandOption: true, describe: 'folder of a later run' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
      .example('$0 diff runs/night/2025-09-12-202500 runs/night/latest', ''),
  handler: async (argv) => (await import('../actions/diff.ts')).showDiff(argv),
};
