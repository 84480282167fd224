// The words and options of `merge`.

import { reportersOption } from '../reportersOption.ts';
import { flagOption, textOption, workersOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('dirs', {
      ...textOption('folders of shards of `test` or `search`, or folders that hold them'),
      array: true,
      demandOption: true,
    })
    .options({
      out: {
        ...textOption('the folder of the whole: a suite with copies of all runs, or a search'),
        demandOption: true,
      },
      workers: {
        ...workersOption,
        describe: 'of a search: designs that are played at the same time, where no shard has them',
      },
      reporters: {
        ...reportersOption,
        describe: `of a suite: ${reportersOption.describe}`,
      },
      json: flagOption('print suite.json or search.json'),
    })
    .example('$0 merge shards/ --out suite', 'exit 2 where a shard is missing');

export type MergeArguments = Chosen<typeof options>;
