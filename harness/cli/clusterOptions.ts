// The options of `test` and `search` on other machines that play their shards.

import type { Argv } from 'yargs';
import type { Chosen } from './chosen.ts';
import type { ClusterName } from '../cluster/catalogue.ts';
import { durationOption, wholeOption } from './options.ts';

/** Their names are written here for the help, which loads none of them. */
const CLUSTER_NAMES = ['slurm', 'swarm', 'kubernetes'] as const satisfies readonly ClusterName[];

/** Adds the options on other machines that play. */
export const clusterOptions = <T>(y: Argv<T>) =>
  y
    .option('on', {
      choices: CLUSTER_NAMES,
      implies: 'shards',
      conflicts: 'shard',
      describe: 'submit shards to this cluster, watch them, and join what comes back',
    })
    .option('shards', {
      ...wholeOption('shards', [1, 1000], 'one a machine'),
      implies: 'on',
      describe: 'with --on: number of shards',
    })
    .option('image', {
      type: 'string',
      requiresArg: true,
      implies: 'on',
      describe: 'with --on swarm or kubernetes: the image that shards play in',
    })
    .option('collect-at', {
      type: 'string',
      requiresArg: true,
      implies: 'image',
      coerce: urlOption('collect-at'),
      describe: 'with --image: the URL by which shards reach this machine (http://10.0.0.5:8900)',
    })
    .option('deliver', {
      type: 'string',
      requiresArg: true,
      implies: 'shard',
      coerce: urlOption('deliver'),
      describe: 'for the shards of --on: send what was written to this URL, and exit with 0',
    })
    .option('time-limit', {
      type: 'string',
      requiresArg: true,
      coerce: durationOption('time-limit'),
      implies: 'on',
      describe: 'with --on: shards that have not ended by then are given up (2h)',
    })
    .option('print', {
      type: 'boolean',
      default: false,
      describe: 'with --on: print what would be submitted, and submit nothing',
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
