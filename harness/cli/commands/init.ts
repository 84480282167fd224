// The words and options of `init`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .option('name', { type: 'string', describe: 'short name, also of the file (my-window)' })
    .option('title', { type: 'string', describe: 'one line for people' })
    .option('design', { type: 'string', describe: 'the design to start from (single-access)' })
    .option('for', { type: 'string', describe: 'how long the work takes (10m)' })
    .option('dir', { type: 'string', default: '.', describe: 'where the files are written' })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'ask nothing' })
    .example('$0 init', 'with questions, on a terminal')
    .example('$0 init --name friday --design dual-access-bfd --for 40m', 'without');

export type InitArguments = Chosen<typeof options>;
