// The names of clusters, for the help, which loads none of them.

import type { ClusterName } from '../cluster/catalogue.ts';

export const CLUSTER_NAMES = [
  'slurm',
  'swarm',
  'kubernetes',
] as const satisfies readonly ClusterName[];
