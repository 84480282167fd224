// The words and options of `clean`.

import { flagOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .option('dry-run', flagOption('only show'))
    .example('$0 clean --dry-run', 'what is there, and whose it is');

export type CleanArguments = Chosen<typeof options>;
