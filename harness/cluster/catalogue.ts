// The clusters that shards are submitted to. Adding one is a file and a line.

import type { Cluster } from './cluster.ts';
import { kubernetes } from './kubernetes.ts';
import { slurm } from './slurm.ts';
import { swarm } from './swarm.ts';

export const CLUSTERS = {
  slurm,
  swarm,
  kubernetes,
} as const satisfies Readonly<Record<string, Cluster>>;

export type ClusterName = keyof typeof CLUSTERS;
