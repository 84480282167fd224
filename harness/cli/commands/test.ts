// The words and options of `test`.

import {
  durationOption,
  flagOption,
  listOption,
  textOption,
  wholeOption,
  wordOption,
  type Argv,
  type Chosen,
} from '../options.ts';
import { bendOptions } from '../planOptions.ts';
import { ENGINE_NAMES, readSuiteConfig } from '../../rehearsal/suite/config.ts';
import { clusterOptions } from '../clusterOptions.ts';
import { reportersOption } from '../reportersOption.ts';
import { wishOptions } from '../wishOptions.ts';

/** Options on which scenarios are played, and how often. */
const choosing = <T>(y: Argv<T>) =>
  y
    .positional('files', {
      ...textOption('scenario files, folders or globs'),
      array: true,
      default: ['scenarios'],
    })
    .options({
      tag: { ...listOption, describe: 'only scenarios with one of these tags or kinds' },
      grep: {
        ...wordOption('only those whose name, title or file matches'),
        coerce: regularExpression,
      },
      'only-changed': wordOption('only those whose file or design differs from this commit (git)'),
      variants: flagOption('every variant too'),
      designs: { ...listOption, describe: 'play each scenario on each of these' },
      players: { ...listOption, describe: 'each with these in its browsers' },
      repeat: {
        ...wholeOption('repeat', [1, 1000], 'once is 1'),
        default: 1,
        describe: 'times each is played',
      },
      shard: wordOption('play only this part, dealt by expected time (2/4)'),
    });

/** Options on how they are played. */
const playing = <T>(y: Argv<T>) =>
  y.options({
    engine: {
      choices: ENGINE_NAMES,
      default: 'run' as const,
      describe:
        'run: real processes and browsers; virtual-player: virtual time; agents: the whole audience in virtual time',
    },
    retries: {
      ...wholeOption('retries', [0, 10], '1 is one more attempt'),
      default: 0,
      describe: 'play an inconclusive run again; every output says so',
    },
    within: {
      ...wordOption('start nothing that would not end in this time (45m)'),
      coerce: durationOption('within'),
    },
    baseline: wordOption('hold each run against an earlier one: last-good, or of a commit (git)'),
    'fail-on': {
      choices: ['regression'] as const,
      implies: 'baseline',
      describe: 'regression: what became worse fails, what nobody can tell is inconclusive',
    },
    runs: {
      ...wordOption('with --baseline and --keep: the folder of earlier runs'),
      default: 'runs',
    },
    keep: {
      ...wholeOption('keep', [1, 1_000_000], 'leave it out'),
      describe: 'afterwards strip all but so many runs of each series in --runs to their report',
    },
    'fail-fast': flagOption('end at the first fail'),
    parallel: {
      ...wholeOption('parallel', [1, 1000], 'leave it out'),
      describe: 'scenarios at the same time; as many as the machine carries when not said',
    },
    reporters: reportersOption,
    json: flagOption('print suite.json at the end'),
  });

export const options = (y: Argv) =>
  clusterOptions(playing(choosing(wishOptions(bendOptions(y)))))
    .default('out', undefined as never)
    .describe('out', 'the folder of the suite; runs/suite-TIME when not said')
    .config(readSuiteConfig())
    .example('$0 test --compress 60', 'all of scenarios/, one verdict, one junit.xml')
    .example('$0 test drills/ --tag nightly --within 45m --retries 1', 'a night of 45 minutes')
    .example('$0 test --shard 2/4 --out shard-2', 'one of four machines; then `merge shard-*`')
    .example('$0 test --on slurm --shards 4', 'four machines of a cluster (docs/clusters.md)')
    .example(
      '$0 test --on swarm --shards 4 --image registry/suite:7',
      'four containers of a Docker Swarm',
    )
    .example('$0 test --engine virtual-player --only-changed main', 'for a pull request');

export type TestArguments = Chosen<typeof options>;

function regularExpression(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new Error(`--grep ${text}: expected a regular expression`);
  }
}
