// `search FILE`: the designs that hold, from the knobs of a scenario; or the part of one machine of it.

import { basename } from 'node:path';
import { parseDurationMs } from '../../kernel/duration.ts';
import { EXIT, badArgument } from '../../model/errors.ts';
import { searchDesigns } from '../../rehearsal/search.ts';
import { searchPart, type SearchPart } from '../../rehearsal/searchParts.ts';
import { parseShard } from '../../rehearsal/suite/shards.ts';
import { counted } from '../../../reports/duration.ts';
import { finishSearch, SEARCH_STOPS, searchProgress } from '../finishSearch.ts';
import { catchInterrupt } from '../interrupt.ts';
import { deliverShard } from '../onCluster.ts';
import { near, print } from '../terminal.ts';
import type { SearchArguments } from '../commands/search.ts';

export async function searchForDesign(argv: SearchArguments): Promise<void> {
  const shard = argv.shard === undefined ? undefined : parseShard(argv.shard);
  using interrupt = catchInterrupt(SEARCH_STOPS);
  const options = searchOptions(argv, interrupt.signal);
  if (!shard) return finishSearch(await searchDesigns(options), argv);
  const { part, file } = await searchPart(options, shard);
  if (argv.deliver !== undefined) await deliverShard(argv.out, basename(file), shard, argv.deliver);
  print(argv.json ? JSON.stringify(part, null, 2) : sayPart(part, file));
  process.exitCode = EXIT.pass;
}

export const searchOptions = (argv: SearchArguments, signal: AbortSignal) => ({
  ...argv,
  ...searchProgress(),
  limits: argv.limit,
  longestMs: argv.killer ? readLongest(argv.longest) : undefined,
  signal,
});

const sayPart = ({ shard: { index, of }, plays }: SearchPart, file: string): string =>
  `shard ${index} of ${of}: ${counted(plays.length, 'play')}, in ${near(file)}; join all of them with \`ecran-noir merge\``;

function readLongest(word: string): number {
  const ms = parseDurationMs(word);
  if (ms !== undefined && ms > 0) return ms;
  throw badArgument(
    '--longest',
    `--longest ${word}: expected a duration above zero`,
    'such as 40m or 2h',
  );
}
