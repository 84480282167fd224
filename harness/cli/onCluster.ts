// The common part of `test --on` and `search --on`: the job that is submitted, what is said of its
// shards, and a shard that sends what it wrote.

import { CLUSTERS, type ClusterName } from '../cluster/catalogue.ts';
import { COLLECTOR_TOKEN, type ShardJob, type ShardState } from '../cluster/cluster.ts';
import { deliverFolder } from '../cluster/deliver.ts';
import { systemClock } from '../kernel/clock.ts';
import { EXIT, badArgument, errorMessage } from '../model/errors.ts';
import type { Shard } from '../model/suite.ts';
import type { ShardsElsewhere } from '../rehearsal/shardsElsewhere.ts';
import type { ClusterArguments } from './clusterOptions.ts';
import { say } from './terminal.ts';

/** Throws ARGUMENT_INVALID where this cluster needs an image or takes none. */
export function requireImage(on: ClusterName, image: string | undefined): void {
  const { playsInImage } = CLUSTERS[on];
  if (playsInImage === (image !== undefined)) return;
  throw badArgument(
    '--image',
    playsInImage ? `--on ${on} needs --image` : `--on ${on} takes no --image`,
    playsInImage
      ? 'name an image that has ecran-noir and the scenarios in it (docs/clusters.md)'
      : `${on} plays with the installation of this machine`,
  );
}

/** Completes what a shard needs to the job that is submitted. */
export const makeJob = (
  { shards = 1, image = '', collectAt }: ClusterArguments,
  needs: Pick<ShardJob, 'words' | 'cpus' | 'memoryMb' | 'dir'>,
): ShardJob => ({
  ...needs,
  name: `ecran-noir-${Math.floor(systemClock.epochMs()).toString(36)}`,
  shards,
  image,
  collector: { url: collectAt ?? 'http://THIS-MACHINE', token: '' },
});

/** `what` is counted in words: `12 scenarios`. */
export const playingOn = (
  { timeLimit, collectAt }: ClusterArguments,
  { on, job, what, tell }: OnCluster,
): ShardsElsewhere => ({
  cluster: CLUSTERS[on],
  job,
  limitMs: timeLimit,
  collectAt,
  onSubmitted: (name) => tell(`${what} in ${job.shards} shards: ${name}`),
  onLeftover: (name, error) => say(`note: could not remove ${name}: ${errorMessage(error)}`),
});

interface OnCluster {
  readonly on: ClusterName;
  readonly job: ShardJob;
  readonly what: string;
  readonly tell: (text: string) => void;
}

export function sayShard({ index, phase, node, reason }: ShardState, of: number): string {
  const at = node === undefined ? '' : ` on ${node}`;
  return `[${index}/${of}] ${phase}${at}${reason === undefined ? '' : ` (${reason})`}`;
}

/**
 * The verdict is in what was delivered; the exit code says that it arrived. The file `last` comes behind
 * all others, and `to` is the URL of the collector.
 */
export async function deliverShard(
  dir: string,
  last: string,
  { index }: Shard,
  to: string,
): Promise<void> {
  const token = process.env[COLLECTOR_TOKEN] ?? '';
  await deliverFolder(dir, last, { url: `${to}/${index}`, token });
  process.exitCode = EXIT.pass;
}
