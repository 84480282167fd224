// `merge DIRS… --out DIR`: the shards of a suite as one.

import { mergeSuites } from '../../rehearsal/suite/merge.ts';
import { finishSuite } from '../finishSuite.ts';

export interface MergeArguments {
  readonly dirs: readonly string[];
  readonly out: string;
  readonly json: boolean;
}

export async function mergeShards({ dirs, out, json }: MergeArguments): Promise<void> {
  finishSuite({ ...(await mergeSuites(dirs, out)), json });
}
