// The clusters that shards are submitted to. Adding one is a file and a line.

import type { Cluster } from './cluster.ts';
import { slurm } from './slurm.ts';

export const CLUSTERS = { slurm } as const satisfies Readonly<Record<string, Cluster>>;

export type ClusterName = keyof typeof CLUSTERS;
