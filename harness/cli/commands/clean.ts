// The words and options of `clean`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .option('dry-run', { type: 'boolean', default: false, describe: 'only show' })
    .example('$0 clean --dry-run', 'what is there, and whose it is');

export type CleanArguments = Chosen<typeof options>;
