// `search FILE --on CLUSTER --shards n`: the designs in shards on other machines, with one front.

import { resolve } from 'node:path';
import { hideBin } from 'yargs/helpers';
import { CLUSTERS, type ClusterName } from '../../cluster/catalogue.ts';
import type { ShardJob } from '../../cluster/cluster.ts';
import { searchElsewhere } from '../../rehearsal/searchParts.ts';
import { openSearch } from '../../rehearsal/searchSetting.ts';
import { counted } from '../../../reports/duration.ts';
import { finishMergedSearch, SEARCH_STOPS } from '../finishSearch.ts';
import { catchInterrupt } from '../interrupt.ts';
import { makeJob, playingOn, requireImage, sayShard } from '../onCluster.ts';
import { shardWords } from '../shardWords.ts';
import { print, say } from '../terminal.ts';
import type { SearchArguments } from '../commands/search.ts';
import { searchOptions } from './search.ts';

/** Memory of the search and of each worker. */
const MEMORY_MB = 1024;

export async function searchOn(on: ClusterName, argv: SearchArguments): Promise<void> {
  requireImage(on, argv.image);
  using interrupt = catchInterrupt(SEARCH_STOPS);
  const options = searchOptions(argv, interrupt.signal);
  const search = await openSearch(options, options);
  const { scenario, distinct } = search;
  const job = jobFor(argv, scenario.name);
  if (argv.print) return print(CLUSTERS[on].describe(job).trimEnd());
  const what = counted(distinct.designs.length, 'design');
  const merged = await searchElsewhere(search, options, {
    ...playingOn(argv, { on, job, what, tell: say }),
    onChange: (state) => say(sayShard(state, job.shards)),
  });
  finishMergedSearch(merged, argv);
}

function jobFor(argv: SearchArguments, scenario: string): ShardJob {
  const words = shardWords(hideBin(process.argv));
  // A shard sees all the processors of its machine, and was given a few of them.
  const isSaid = words.some((word) => /^--workers\b/.test(word));
  const workers = isSaid ? argv.workers : 1;
  return makeJob(argv, {
    words: isSaid ? words : [...words, '--workers', '1'],
    cpus: workers,
    memoryMb: MEMORY_MB * (workers + 1),
    dir: resolve(argv.out, `${scenario}-search-shards`),
  });
}
