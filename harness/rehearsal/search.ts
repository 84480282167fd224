// Searches the space of a scenario for designs that keep its limits, and writes what was found.

import { join } from 'node:path';
import { listGroups } from '../model/scenario.ts';
import type { Figures, SearchResult } from '../model/search.ts';
import type { Shard } from '../model/suite.ts';
import { casesIn } from '../search/cases.ts';
import { findFront, ranked } from '../search/front.ts';
import { hunt, listLadders, type Hunting } from '../search/hunt.ts';
import { chooseWords } from '../search/space.ts';
import { countAudience } from '../simulate/agents/audience.ts';
import { counted } from '../../reports/duration.ts';
import { renderSearchJson, renderSearchMarkdown } from '../../reports/search.ts';
import { agentsAgreement } from './agentsAgreement.ts';
import { toStamp, writeRunFile } from './runFolder.ts';
import { playedFinals, withKillers, writeYaml } from './searchEnd.ts';
import { openSearchPool, type SearchPool } from './searchPool.ts';
import {
  FIRST_AGENTS,
  openSearch,
  type OpenedSearch,
  type Searching,
  type SearchOptions,
  type SearchWishes,
} from './searchSetting.ts';
import { playerVersions } from './simulated.ts';
import { dealShard } from './suite/shards.ts';

export interface Searched {
  readonly result: SearchResult;
  readonly dir: string;
  readonly files: readonly string[];
}

/** A design that was played by so many agents. */
export interface Play {
  readonly agents: number;
  readonly design: number;
  readonly figures: Figures;
}

/** Where none holds. */
const NEAREST = 3;

/** Throws SCENARIO_INVALID, ARGUMENT_INVALID, CANNOT_WRITE, INTERRUPTED. */
export const searchDesigns = async (options: SearchOptions): Promise<Searched> =>
  concludeSearch(await openSearch(options, options), options);

/** Searches with what was played already, by parts of the same search. */
export async function concludeSearch(
  search: OpenedSearch,
  options: SearchOptions,
  known: readonly Play[] = [],
): Promise<Searched> {
  const { space, asking, scenario, distinct } = search;
  const { name } = scenario;
  const { out } = options;
  const dir = typeof out === 'string' ? searchFolder(out, name) : out.dir;
  await using pool = openPool(search, options, options);
  const play = makePlay({ search, pool, known }, options);
  const ending = { ...search, options, pool, dir };
  const hunted = await hunt({ ...huntingIn(search), play });
  const holding = findFront(hunted.seen.filter(({ holds }) => holds));
  const { kept, rejected } = await playedFinals(holding, ending);
  const nearest = rejected.length > 0 ? rejected : ranked(hunted.seen).slice(0, NEAREST);
  const told = await withKillers(kept.length > 0 ? kept : nearest, ending);
  const players = listGroups(scenario).map(({ player }) => player);
  const result: SearchResult = {
    scenario: name,
    file: options.file,
    seed: asking.seed,
    audience: asking.audience ?? countAudience(listGroups(scenario)),
    cases: casesIn(scenario).map((one) => one.name),
    limits: space.limits.map(({ text }) => text),
    size: space.size,
    distinct: distinct.designs.length,
    played: hunted.played,
    rungs: hunted.rungs,
    ...(hunted.bisected && { bisected: hunted.bisected }),
    front: kept.length > 0 ? told : [],
    ...(rejected.length > 0 && { rejected }),
    nearest: kept.length > 0 ? [] : told,
    agreement: agentsAgreement(players, playerVersions(players)),
    command: `ecran-noir run ${BEST}${asking.compress === 1 ? '' : ` --compress ${asking.compress}`} --seed ${asking.seed}`,
  };
  const texts = {
    'search.md': renderSearchMarkdown(result),
    [SEARCH_FILE]: renderSearchJson(result),
    [BEST]: writeYaml(ending, told[0]!),
  };
  for (const [file, text] of Object.entries(texts)) await writeRunFile(join(dir, file), text);
  return { result, dir, files: Object.keys(texts).map((file) => join(dir, file)) };
}

/** The folder of a search that begins now. */
export const searchFolder = (out: string, scenario: string): string =>
  join(out, scenario, 'search', toStamp(new Date()));

export const SEARCH_FILE = 'search.json';
/** The best design as a scenario, beside the report. */
const BEST = 'best.yaml';

/**
 * Plays the part of one machine: its designs in the first round, and of those in each later round as
 * many as it would keep if there were no others.
 */
export async function playPart(
  search: OpenedSearch,
  shard: Shard,
  options: SearchWishes & Searching,
): Promise<readonly Play[]> {
  await using pool = openPool(search, options, options);
  const plays: Play[] = [];
  const played = makePlay({ search, pool, known: [] }, options);
  const play: Hunting['play'] = async (designs, agents) => {
    const all = await played(designs, agents);
    plays.push(...designs.map((design, at) => ({ agents, design, figures: all[at]! })));
    return all;
  };
  await hunt({ ...huntingIn(search), play, own: dealDesigns(search, shard) });
  return plays;
}

/** Deals what must be played together, by the requests that it makes. */
function dealDesigns({ space, distinct }: OpenedSearch, shard: Shard): ReadonlySet<number> {
  const { designs, paceOf } = distinct;
  const ladders = listLadders(space, designs).map((ladder) => ({
    key: String(ladder[0]),
    expectedMs: ladder.reduce((sum, design) => sum + paceOf(design), 0),
    ladder,
  }));
  return new Set(dealShard(ladders, shard).flatMap(({ ladder }) => ladder));
}

const huntingIn = ({ space, asking, distinct }: OpenedSearch): Omit<Hunting, 'play'> => ({
  space,
  designs: distinct.designs,
  agents: [...FIRST_AGENTS.filter((few) => few < asking.agents), asking.agents],
});

const openPool = (
  { asking }: OpenedSearch,
  { file, variant, design }: SearchWishes,
  { workers, onPlayed, signal }: Searching,
): SearchPool =>
  openSearchPool({ file, variant, design, ...asking }, { workers, onPlayed, signal });

interface Playing {
  readonly search: OpenedSearch;
  readonly pool: SearchPool;
  readonly known: readonly Play[];
}

function makePlay(
  { search: { space }, pool, known }: Playing,
  { onRound }: Searching,
): Hunting['play'] {
  const keyOf = (agents: number, design: number) => `${agents} ${design}`;
  const figures = new Map(known.map((one) => [keyOf(one.agents, one.design), one.figures]));
  return (designs, agents) => {
    const fresh = designs.filter((design) => !figures.has(keyOf(agents, design))).length;
    if (fresh > 0) onRound(`${counted(fresh, 'design')}, ${agents} agents each`, fresh);
    return Promise.all(
      designs.map(
        async (design) =>
          figures.get(keyOf(agents, design)) ??
          pool.play({ words: chooseWords(space, design), agents }),
      ),
    );
  };
}
