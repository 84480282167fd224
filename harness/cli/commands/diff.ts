// The words and options of `diff`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .positional('a', { type: 'string', demandOption: true, describe: 'folder of a run' })
    .positional('b', { type: 'string', demandOption: true, describe: 'folder of a later run' })
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .example('$0 diff runs/night/2025-09-12-202500 runs/night/latest', '');

export type DiffArguments = Chosen<typeof options>;
