// The words and options of `merge`.

import type { MergeArguments } from '../actions/merge.ts';
import type { Command } from '../command.ts';

export const mergeCommand: Command<MergeArguments> = {
  builder: (y) =>
    y
      .positional('dirs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'folders of shards, or folders that hold them',
      })
      .option('out', {
        type: 'string',
        demandOption: true,
        describe: 'the folder of the whole suite, with copies of all runs',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print suite.json at the end' })
      .example('$0 merge shards/ --out suite', 'exit 2 where a shard is missing'),
  handler: async (argv) => (await import('../actions/merge.ts')).mergeShards(argv),
};
