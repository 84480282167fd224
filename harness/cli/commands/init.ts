// The words and options of `init`.

import type { InitArguments } from '../actions/init.ts';
import type { Command } from '../command.ts';

export const initCommand: Command<InitArguments> = {
  builder: (y) =>
    y
      .option('name', { type: 'string', describe: 'short name, also of the file (my-window)' })
      .option('title', { type: 'string', describe: 'one line for people' })
      .option('design', { type: 'string', describe: 'the design to start from (single-access)' })
      .option('for', { type: 'string', describe: 'how long the work takes (10m)' })
      .option('dir', { type: 'string', default: '.', describe: 'where the files are written' })
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'ask nothing' })
      .example('$0 init', 'with questions, on a terminal')
      .example('$0 init --name friday --design dual-access-bfd --for 40m', 'without'),
  handler: async (argv) => (await import('../actions/init.ts')).writeFirst(argv),
};
