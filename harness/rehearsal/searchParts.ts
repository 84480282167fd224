// The parts of a search that several machines play, each a file, and all of them as one search. Whatever
// a machine played is a figure of one design by so many agents, and gives the same on every machine: so
// the whole is searched again with what is known, and only what no part has is played.

import { listIndexes } from '../cluster/cluster.ts';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../model/errors.ts';
import type { Finding } from '../model/report.ts';
import type { Shard } from '../model/suite.ts';
import { readStored } from '../store/storedReport.ts';
import { requireFresh, writeRunFile } from './runFolder.ts';
import {
  concludeSearch,
  playPart,
  SEARCH_FILE,
  searchFolder,
  type Play,
  type Searched,
} from './search.ts';
import {
  openSearch,
  type OpenedSearch,
  type SearchOptions,
  type Searching,
  type SearchWishes,
} from './searchSetting.ts';
import {
  findShardMistakes,
  findStrangers,
  shardFinding,
  type DescribedShard,
} from './shardMistakes.ts';
import {
  playShards,
  removeShards,
  shardFolder,
  type Lost,
  type WatchedShards,
} from './shardsElsewhere.ts';
import { readCommit } from './suite/git.ts';
import { shardShape } from './suite/shards.ts';
import { harnessVersion } from './version.ts';

const PART_VERSION = 1;

/** The part of one machine. */
export interface SearchPart {
  readonly version: typeof PART_VERSION;
  readonly harness: string;
  readonly commit?: string | undefined;
  readonly shard: Shard;
  readonly scenario: string;
  readonly wishes: SearchWishes;
  /** The sum of everything that is searched. */
  readonly sum: string;
  readonly plays: readonly Play[];
}

/** The end of the name of a part: it is told by its name in a folder. */
const PART_FILES = '**/*.search-*-of-*.json';
export const partFile = (scenario: string, { index, of }: Shard): string =>
  `${scenario}.search-${index}-of-${of}.json`;

/** Plays a part, and writes it into a folder; answers its file. Throws as `searchDesigns` does. */
export async function searchPart(
  { out, ...options }: SearchWishes & Searching & { readonly out: string },
  shard: Shard,
): Promise<{ readonly part: SearchPart; readonly file: string }> {
  const search = await openSearch(options, options);
  const part: SearchPart = {
    version: PART_VERSION,
    harness: harnessVersion(),
    commit: await readCommit(),
    shard,
    scenario: search.scenario.name,
    wishes: wishShape.parse(options) as SearchWishes,
    sum: search.distinct.sum,
    plays: await playPart(search, shard, options),
  };
  const file = join(out, partFile(part.scenario, shard));
  await writeRunFile(file, `${JSON.stringify(part)}\n`);
  return { part, file };
}

/** Searches on a cluster, and joins what came back into a new folder. Throws what cannot be submitted. */
export async function searchElsewhere(
  search: OpenedSearch,
  { out, ...options }: SearchOptions & { readonly out: string },
  playing: Omit<WatchedShards, 'isHere'>,
): Promise<MergedSearch> {
  const { job } = playing;
  const { name } = search.scenario;
  const fileOf = (index: number) =>
    join(shardFolder(job, index), partFile(name, { index, of: job.shards }));
  const isHere = (index: number) => existsSync(fileOf(index));
  const lost = await playShards({ ...playing, isHere }, options.signal);
  const files = listIndexes(job)
    .map(fileOf)
    .filter((file) => existsSync(file));
  if (files.length === 0) await removeShards(job, lost);
  options.signal.throwIfAborted();
  const dir = searchFolder(out, name);
  const merged = await mergeSearchParts(files, dir, { ...options, search, lost });
  if (!('findings' in merged)) await removeShards(job, new Map());
  return merged;
}

/** The files of parts in folders or below them, sorted. */
export const findSearchParts = (dirs: readonly string[]): readonly string[] =>
  dirs
    .flatMap((dir) => globSync(PART_FILES, { cwd: dir }).map((file) => join(dir, file)))
    .toSorted();

/** Findings where the parts are no whole: then nothing is played and nothing written. */
export type MergedSearch = Searched | { readonly findings: readonly Finding[] };

interface Merging extends Searching {
  /** The search as it was opened already. */
  readonly search?: OpenedSearch;
  /** Shards that are known to be lost. */
  readonly lost?: Lost;
}

/**
 * Joins the parts in these files into a new folder.
 * @throws HarnessError ARGUMENT_INVALID where a search is there already, and as `searchDesigns` does.
 */
export async function mergeSearchParts(
  files: readonly string[],
  out: string,
  { search: known, lost = new Map(), ...searching }: Merging,
): Promise<MergedSearch> {
  requireFresh(out, 'search', [SEARCH_FILE]);
  const { parts, findings } = readParts(files);
  const [first] = parts;
  const described = parts.map(describePart);
  const wrong = [
    ...findings,
    ...findStrangers(described, 'shard-of-another-search'),
    ...findShardMistakes(described, lost),
    ...findContradictions(parts),
  ];
  if (!first || wrong.length > 0) return { findings: wrong };
  const { part } = first;
  const search = known ?? (await openSearch(part.wishes, searching));
  if (search.distinct.sum !== part.sum) {
    const text = `${part.wishes.file} was another when it was searched, or a design of it was`;
    return { findings: [shardFinding('search-of-another-file', text)] };
  }
  const options: SearchOptions = { ...part.wishes, ...searching, out: { dir: out } };
  return concludeSearch(
    search,
    options,
    parts.flatMap((one) => one.part.plays),
  );
}

interface ReadPart {
  readonly file: string;
  readonly part: SearchPart;
}

function readParts(files: readonly string[]): {
  readonly parts: readonly ReadPart[];
  readonly findings: readonly Finding[];
} {
  const parts: ReadPart[] = [];
  const findings: Finding[] = [];
  for (const file of files)
    try {
      const part = readStored(file, partShape, 'play this shard again, with this version');
      parts.push({ file, part: part as unknown as SearchPart });
    } catch (error) {
      findings.push(shardFinding('shard-unreadable', errorMessage(error)));
    }
  return { parts: parts.toSorted((a, b) => a.part.shard.index - b.part.shard.index), findings };
}

/** A design that two machines played gives the same on both. */
function findContradictions(parts: readonly ReadPart[]): Finding[] {
  const known = new Map<string, { readonly file: string; readonly figures: string }>();
  const differing = parts.flatMap(({ file, part }) =>
    part.plays.flatMap(({ agents, design, figures: played }) => {
      const key = `${agents} ${design}`;
      const figures = JSON.stringify(played);
      const other = known.get(key);
      if (!other) known.set(key, { file, figures });
      return other && other.figures !== figures ? [{ design, files: [other.file, file] }] : [];
    }),
  );
  return differing.slice(0, 1).map(({ design, files }) => {
    const text = `${files.join(' and ')} have different figures of design ${design}: the machines do not play alike`;
    return shardFinding('shard-differs', text);
  });
}

const text = z.string().optional();
const count = z.number().optional();
const limit = z.looseObject({
  limit: z.string(),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  observed: z.string(),
  slackMs: count,
});
/** Takes the wishes alone out of all that a search is called with. */
const wishShape = z.object({
  file: z.string(),
  variant: text,
  design: text,
  limits: z.array(z.string()),
  audience: count,
  agents: count,
  compress: z.number(),
  seed: count,
  finalists: z.number(),
  longestMs: count,
});

const partShape = z.looseObject({
  version: z.literal(PART_VERSION),
  harness: z.string(),
  commit: text,
  shard: shardShape,
  scenario: z.string(),
  wishes: wishShape,
  sum: z.string(),
  plays: z.array(
    z.looseObject({
      agents: z.int().positive(),
      design: z.int().nonnegative(),
      figures: z.looseObject({
        p99Ms: z.number().nonnegative(),
        originPerS: z.number().nonnegative(),
        latencyMs: z.number().nonnegative(),
        cases: z.array(z.looseObject({ name: z.string(), limits: z.array(limit) })),
      }),
    }),
  ),
});

/** Another version, seed or space: it is another search. */
function describePart({ file, part }: ReadPart): DescribedShard {
  const { commit, harness, shard, scenario, sum, wishes } = part;
  const of = (value: string | number | undefined, none: string) => String(value ?? none);
  return {
    from: file,
    shard,
    facts: [
      ['commit', of(commit, 'unknown')],
      ['version', harness],
      ['scenario', scenario],
      ['variant', of(wishes.variant, 'none')],
      ['design', of(wishes.design, 'of the scenario')],
      ['limits', wishes.limits.length > 0 ? wishes.limits.join(', ') : 'of the scenario'],
      ['audience', of(wishes.audience, 'of the scenario')],
      ['agents', of(wishes.agents, 'of the design')],
      ['compression', String(wishes.compress)],
      ['seed', of(wishes.seed, 'of the scenario')],
      ['finalists', String(wishes.finalists)],
      ['longest killer', of(wishes.longestMs, 'none')],
      ['number of shards', String(shard.of)],
      ['checksum of the space', sum],
    ],
  };
}
