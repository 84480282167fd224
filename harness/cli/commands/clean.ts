// The words and options of `clean`.

import type { CleanArguments } from '../actions/clean.ts';
import type { Command } from '../command.ts';

export const cleanCommand: Command<CleanArguments> = {
  builder: (y) =>
    y
      .option('dry-run', { type: 'boolean', default: false, describe: 'only show' })
      .example('$0 clean --dry-run', 'what is there, and whose it is') as never,
  handler: async (argv) => (await import('../actions/clean.ts')).clean(argv),
};
