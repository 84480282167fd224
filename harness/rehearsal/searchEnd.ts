// The end of a search: what is asked of the designs that are told, and the best of them as a file.

import { join } from 'node:path';
import { stringify } from 'yaml';
import { listGroups } from '../model/scenario.ts';
import type { CaseSeen, DesignSeen } from '../model/search.ts';
import { plan } from '../scenario/plan.ts';
import { casesIn } from '../search/cases.ts';
import { playFinals, type Finals } from '../search/finalists.ts';
import { shortestKiller } from '../search/killer.ts';
import { build, type Built, type Words } from '../search/space.ts';
import { counted } from '../../reports/duration.ts';
import type { SearchPool } from './searchPool.ts';
import type { OpenedSearch, SearchOptions } from './searchSetting.ts';
import { simulateRehearsal } from './simulate.ts';

export interface Ending extends OpenedSearch {
  readonly options: SearchOptions;
  readonly pool: SearchPool;
  /** The folder of the search. */
  readonly dir: string;
}

/** Tells of each design the shortest length of each fault that breaks a limit, where that is asked for. */
export async function withKillers(
  designs: readonly DesignSeen[],
  { options, opened, space, asking, pool }: Ending,
): Promise<readonly DesignSeen[]> {
  const { longestMs } = options;
  if (longestMs === undefined) return designs;
  options.onRound(`shortest killers of ${counted(designs.length, 'design')}`, 0);
  const playersOf = (words: Words): readonly (string | undefined)[] => {
    const { scenario } = build(opened, words) as Built;
    const players = [...new Set(listGroups(scenario).map(({ player }) => player))];
    const isAboutGroups = space.limits.some(({ group }) => group !== undefined);
    return players.length === 1 || isAboutGroups ? [undefined] : players;
  };
  const killersOf = (words: Words, cases: readonly CaseSeen[]) =>
    Promise.all(
      cases.flatMap(({ name }) =>
        playersOf(words).map((player) =>
          shortestKiller({ case: name, player }, longestMs, (ms) =>
            pool.broken({ words, agents: asking.agents, killer: { name, ms, player } }),
          ),
        ),
      ),
    );
  return Promise.all(
    designs.map(async (one) => ({ ...one, killers: await killersOf(one.knobs, one.cases) })),
  );
}

/** Plays the first of them by virtual players, under each fault by itself, until enough hold. */
export async function playedFinals(
  designs: readonly DesignSeen[],
  ending: Ending,
): Promise<Finals> {
  const { finalists, onRound } = ending.options;
  let place = 0;
  return playFinals(designs, finalists, async (one) => {
    onRound(`finalist ${++place} by virtual players`, 0);
    return playFinalist(one, place, ending);
  });
}

async function playFinalist(
  { knobs }: DesignSeen,
  place: number,
  { opened, space, asking, dir, options }: Ending,
): Promise<CaseSeen[]> {
  const { scenario } = build(opened, knobs) as Built;
  const cases: CaseSeen[] = [];
  for (const { name, scenario: alone } of casesIn(scenario)) {
    const viewers = listGroups(alone).map(({ weight: _, ...group }) => group);
    const played = {
      ...alone,
      viewers: 'count' in alone.viewers ? viewers[0]! : viewers,
      expectations: space.limits,
    };
    const made = plan(played, { compress: asking.compress, seed: asking.seed });
    const folder = join(dir, `finalist-${place}-${name}`);
    const { report, error } = await simulateRehearsal(made, { dir: folder }, options.signal);
    if (error !== undefined) throw error as Error;
    const limits = report.expectations.map(({ text, verdict, observed }) => ({
      limit: text,
      verdict,
      observed,
    }));
    cases.push({ name, limits });
  }
  return cases;
}

/** Gives a design as a scenario file of its own, that expects the limits. */
export function writeYaml({ opened, space }: Ending, { knobs }: DesignSeen): string {
  const { data } = build(opened, knobs) as Built;
  const expected = space.limits.map(({ text }) => text);
  return stringify({ ...data, kind: 'drill', expect: expected }, { lineWidth: 100 });
}
