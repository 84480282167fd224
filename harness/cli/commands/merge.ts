// The words and options of `merge`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';
import { reportersOption } from '../reportersOption.ts';
import { workersOption } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('dirs', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'folders of shards of `test` or `search`, or folders that hold them',
    })
    .option('out', {
      type: 'string',
      demandOption: true,
      describe: 'the folder of the whole: a suite with copies of all runs, or a search',
    })
    .option('workers', {
      ...workersOption,
      describe: 'of a search: designs that are played at the same time, where no shard has them',
    })
    .option('reporters', {
      ...reportersOption,
      describe: `of a suite: ${reportersOption.describe}`,
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'print suite.json or search.json',
    })
    .example('$0 merge shards/ --out suite', 'exit 2 where a shard is missing');

export type MergeArguments = Chosen<typeof options>;
