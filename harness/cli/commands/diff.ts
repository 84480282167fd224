// The words and options of `diff`.

import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('a', { ...textOption('folder of a run'), demandOption: true })
    .positional('b', { ...textOption('folder of a later run'), demandOption: true })
    .option('json', flagOption('as JSON'))
    .example('$0 diff runs/night/2025-09-12-202500 runs/night/latest', '');

export type DiffArguments = Chosen<typeof options>;
