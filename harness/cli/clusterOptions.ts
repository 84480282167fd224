// The options of `test` and `search` on other machines that play their shards.

import type { ClusterName } from '../cluster/catalogue.ts';
import {
  durationOption,
  flagOption,
  wholeOption,
  wordOption,
  type Argv,
  type Chosen,
} from './options.ts';

/** Their names are written here for the help, which loads none of them. */
const CLUSTER_NAMES = ['slurm', 'swarm', 'kubernetes'] as const satisfies readonly ClusterName[];

export const clusterOptions = <T>(y: Argv<T>) =>
  y.options({
    on: {
      choices: CLUSTER_NAMES,
      implies: 'shards',
      conflicts: 'shard',
      describe: 'submit shards to this cluster, watch them, and join what comes back',
    },
    shards: {
      ...wholeOption('shards', [1, 1000], 'one a machine'),
      implies: 'on',
      describe: 'with --on: number of shards',
    },
    image: {
      ...wordOption('with --on swarm or kubernetes: the image that shards play in'),
      implies: 'on',
    },
    'collect-at': {
      ...wordOption(
        'with --image: the URL by which shards reach this machine (http://10.0.0.5:8900)',
      ),
      implies: 'image',
      coerce: urlOption('collect-at'),
    },
    deliver: {
      ...wordOption('for the shards of --on: send what was written to this URL, and exit with 0'),
      implies: 'shard',
      coerce: urlOption('deliver'),
    },
    'time-limit': {
      ...wordOption('with --on: shards that have not ended by then are given up (2h)'),
      coerce: durationOption('time-limit'),
      implies: 'on',
    },
    print: flagOption('with --on: print what would be submitted, and submit nothing'),
  });

export type ClusterArguments = Chosen<typeof clusterOptions>;

const urlOption =
  (name: string) =>
  (given: unknown): string => {
    const text = String(given);
    const url = URL.parse(text);
    if (url?.protocol === 'http:' && url.pathname === '/') return url.origin;
    throw new Error(`--${name} ${text}: expected a URL such as http://10.0.0.5:8900`);
  };
