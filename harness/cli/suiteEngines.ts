// The names of the engines and clusters of a suite, for the help, which loads none of them.

import type { ClusterName } from '../cluster/catalogue.ts';
import type { SuiteEngineName } from '../rehearsal/suite/engines.ts';

export const ENGINE_NAMES = ['run', 'virtual-player'] as const satisfies readonly SuiteEngineName[];
export const CLUSTER_NAMES = ['slurm'] as const satisfies readonly ClusterName[];
