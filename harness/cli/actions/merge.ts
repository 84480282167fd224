// `merge DIRS… --out DIR`: the shards of a suite, or of a search, as one.

import { badArgument } from '../../model/errors.ts';
import { findSearchParts, mergeSearchParts } from '../../rehearsal/searchParts.ts';
import { holdsSuite, mergeSuites } from '../../rehearsal/suite/merge.ts';
import { finishMergedSearch, SEARCH_STOPS, searchProgress } from '../finishSearch.ts';
import { finishSuite } from '../finishSuite.ts';
import { catchInterrupt } from '../interrupt.ts';
import type { MergeArguments } from '../commands/merge.ts';

export async function mergeShards(argv: MergeArguments): Promise<void> {
  const { dirs, out, json, reporters } = argv;
  const parts = findSearchParts(dirs);
  if (parts.length === 0)
    return finishSuite({ ...(await mergeSuites(dirs, out, { reporters })), json });
  if (dirs.some(holdsSuite))
    throw badArgument(
      dirs.join(', '),
      'shards of a suite and of a search are there',
      'merge them one after the other, each from folders of its own',
    );
  return mergeParts(parts, argv);
}

async function mergeParts(
  parts: readonly string[],
  { out, workers, json }: MergeArguments,
): Promise<void> {
  using interrupt = catchInterrupt(SEARCH_STOPS);
  const { signal } = interrupt;
  const searching = { ...searchProgress(), workers, signal };
  finishMergedSearch(await mergeSearchParts(parts, out, searching), { json });
}
