// The words and options of `search`.

import { clusterOptions } from '../clusterOptions.ts';
import {
  flagOption,
  numberOption,
  textOption,
  wholeOption,
  wordOption,
  workersOption,
  type Argv,
  type Chosen,
} from '../options.ts';
import { agentsOption, audienceOption } from './simulate.ts';

/** The options for what is told of each design beside its figures. */
const toldBeside = <T>(y: Argv<T>) =>
  y.options({
    killer: flagOption(
      'find the shortest length of each fault that breaks a limit, for each design told',
    ),
    longest: { ...wordOption('with --killer: the longest length that is tried'), default: '2h' },
    finalists: {
      ...wholeOption('finalists', [0, 100], 'three take some seconds each'),
      default: 0,
      describe:
        'play designs of the front with the production players in virtual time until so many hold; those that do not leave the front',
    },
  });

export const options = (y: Argv) =>
  clusterOptions(toldBeside(y))
    .positional('file', {
      ...textOption('scenario file (YAML); its key `search` says limits, knobs and costs'),
      demandOption: true,
    })
    .options({
      limit: {
        ...wordOption('a limit in place of those of the file, such as "p99(blackScreen) < 5s"'),
        array: true,
        default: [],
      },
      design: textOption('instead of the design in the scenario'),
      variant: textOption('a variant that the scenario describes'),
      audience: { ...audienceOption, describe: 'viewers in all' },
      agents: {
        ...agentsOption,
        describe: 'agents of the last round; 2000 a class of edges when not said',
      },
      workers: { ...workersOption, describe: 'designs that are played at the same time' },
      compress: {
        ...numberOption('compress', [1, 10_000], '1 plays at full length'),
        default: 1,
        describe: "divide the scenario's own times by this",
      },
      seed: {
        ...wholeOption('seed', [0, 0x7fffffff], 'the same seed gives the same answer'),
        describe: 'play the same chances again',
      },
      shard: wordOption(
        'play only this part, dealt by expected time (2/4), into one file in --out',
      ),
      out: { ...textOption('where the folder is made'), default: 'runs' },
      json: flagOption('print search.json at the end'),
    })
    .example(
      '$0 search scenarios/drills/which-design-holds.yaml',
      'the front, and the best as a file',
    )
    .example('$0 search my.yaml --shard 2/4 --out parts', 'one of four; then `merge parts`')
    .example('$0 search my.yaml --on slurm --shards 4', 'four machines (docs/clusters.md)')
    .example(
      '$0 search my.yaml --killer --limit "p99(blackScreen) < 5s"',
      'the shortest fault that breaks it, without any knob',
    );

export type SearchArguments = Chosen<typeof options>;
