// Searches the space of a scenario for designs that keep its limits, and writes what was found.

import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { HarnessError } from '../model/errors.ts';
import { listGroups, type Scenario } from '../model/scenario.ts';
import type { CaseSeen, DesignSeen, SearchResult } from '../model/search.ts';
import { invalid } from '../scenario/invalid.ts';
import { openScenario, type Opened } from '../scenario/openScenario.ts';
import { plan } from '../scenario/plan.ts';
import { casesIn } from '../search/cases.ts';
import { playFinals, type Finals } from '../search/finalists.ts';
import { findFront, ranked } from '../search/front.ts';
import { hunt, type Hunting } from '../search/hunt.ts';
import { shortestKiller } from '../search/killer.ts';
import {
  build,
  distinctDesigns,
  readSpace,
  chooseWords,
  type Built,
  type Refusals,
  type Space,
  type Words,
} from '../search/space.ts';
import { countAudience } from '../simulate/agents/audience.ts';
import { refusalsOfAgents } from '../simulate/agents/playable.ts';
import { counted } from '../../reports/duration.ts';
import { renderSearchJson, renderSearchMarkdown } from '../../reports/search.ts';
import { agentsAgreement } from './agentsAgreement.ts';
import { playDesign, type Asking } from './playDesign.ts';
import { toStamp, writeRunFile } from './runFolder.ts';
import { openSearchPool, type SearchPool, type SearchSetting } from './searchPool.ts';
import { playerVersions, simulateRehearsal } from './simulate.ts';
import { AGENT_PLAYERS } from './agentPlayers.ts';
import { agentsFor } from './simulateAgents.ts';

export interface SearchOptions extends Omit<SearchSetting, 'limits' | 'seed'> {
  readonly seed: number | undefined;
  /** In place of those of the file. */
  readonly limits: readonly string[];
  readonly agents: number | undefined;
  readonly workers: number;
  /** So many of the front must hold with virtual players too. */
  readonly finalists: number;
  /** The longest length that is tried to break a limit; undefined where nobody asks. */
  readonly longestMs: number | undefined;
  readonly out: string;
  readonly signal: AbortSignal;
  /** Told what begins, and how many plays it takes. */
  readonly onRound: (what: string, plays: number) => void;
  readonly onPlayed: () => void;
}

export interface Searched {
  readonly result: SearchResult;
  readonly dir: string;
  readonly files: readonly string[];
}

/** All of them are built before the first is played; what takes longer is not waited for. */
const DESIGNS_MAX = 10_000;
const FIRST_AGENTS = [400, 1_600] as const;
/** Where none holds. */
const NEAREST = 3;

interface Searching {
  readonly options: SearchOptions;
  readonly opened: Opened;
  readonly space: Space;
  readonly asking: Asking;
  readonly pool: SearchPool;
  readonly dir: string;
}

/** Throws SCENARIO_INVALID, ARGUMENT_INVALID, CANNOT_WRITE, INTERRUPTED. */
export async function searchDesigns(options: SearchOptions): Promise<Searched> {
  const opened = await openScenario(options.file, options);
  const space = readSpace(opened, options.limits);
  const base = buildBase(opened, options);
  const asking = askingFor(options, space, base.scenario);
  if (space.size > DESIGNS_MAX) throw tooMany(space, base, asking, options.workers);
  const { file, variant, design, workers, onPlayed, signal } = options;
  options.onRound(`${counted(space.size, 'design')} built`, 0);
  const designs = distinctDesigns(opened, space, refusalsWith(options));
  const playing = { workers, onPlayed, signal };
  await using pool = openSearchPool({ file, variant, design, ...asking }, playing);
  const dir = join(options.out, base.scenario.name, 'search', toStamp(new Date()));
  const searching = { options, opened, space, asking, pool, dir };
  const agents = [...FIRST_AGENTS.filter((few) => few < asking.agents), asking.agents];
  const hunted = await hunt({ space, designs, agents, play: makePlay(searching) });
  const holding = findFront(hunted.seen.filter(({ holds }) => holds));
  const { kept, rejected } = await playedFinals(holding, searching);
  const nearest = rejected.length > 0 ? rejected : ranked(hunted.seen).slice(0, NEAREST);
  const told = await withKillers(kept.length > 0 ? kept : nearest, searching);
  const players = listGroups(base.scenario).map(({ player }) => player);
  const result: SearchResult = {
    scenario: base.scenario.name,
    file,
    seed: asking.seed,
    audience: asking.audience ?? countAudience(listGroups(base.scenario)),
    cases: casesIn(base.scenario).map(({ name }) => name),
    limits: space.limits.map(({ text }) => text),
    size: space.size,
    distinct: designs.length,
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
    'search.json': renderSearchJson(result),
    [BEST]: writeYaml(searching, told[0]!),
  };
  for (const [name, text] of Object.entries(texts)) await writeRunFile(join(dir, name), text);
  return { result, dir, files: Object.keys(texts).map((name) => join(dir, name)) };
}

/** The best design as a scenario, beside the report. */
const BEST = 'best.yaml';

/** The file as it stands, which must be one that agents can play. */
function buildBase(opened: Opened, options: SearchOptions): Built {
  const built = build(opened, {});
  if ('problems' in built)
    throw invalid(opened.file, [opened.source.problemAt([], built.problems[0]!.message)]);
  if (casesIn(built.scenario).length === 0)
    throw new HarnessError('SCENARIO_INVALID', `${opened.file} has no fault and no window`, {
      target: opened.file,
      hint: 'a design is searched for what it must withstand: add `faults:` or `windows:`',
    });
  const refused = refusalsWith(options)(built.scenario);
  if (refused.length === 0) return built;
  const problems = refused.map(({ path, message }) => opened.source.problemAt(path, message));
  throw invalid(opened.file, problems, 'docs/search.md says what can be searched');
}

/** Finds what agents cannot play of a scenario. */
const refusalsWith =
  ({ compress, seed }: SearchOptions): Refusals =>
  (scenario) =>
    refusalsOfAgents(
      plan(scenario, { compress, seed: seed ?? scenario.seed }),
      Object.keys(AGENT_PLAYERS),
    );

const askingFor = (options: SearchOptions, space: Space, { design, seed }: Scenario): Asking => ({
  limits: space.limits,
  audience: options.audience ?? space.audience,
  agents: options.agents ?? agentsFor(design),
  compress: options.compress,
  seed: options.seed ?? seed,
});

const makePlay =
  ({ options, space, pool }: Searching): Hunting['play'] =>
  (designs, agents) => {
    options.onRound(`${counted(designs.length, 'design')}, ${agents} agents each`, designs.length);
    return Promise.all(
      designs.map((design) => pool.play({ words: chooseWords(space, design), agents })),
    );
  };

/** Says how long it would take, and which knobs to cut. */
function tooMany(space: Space, base: Built, asking: Asking, workers: number): HarnessError {
  const fromMs = systemClock.epochMs();
  playDesign(base, { ...asking, agents: FIRST_AGENTS[0] });
  const takesMs = ((systemClock.epochMs() - fromMs) * space.size) / workers;
  const longest = space.knobs
    .toSorted((a, b) => b.values.length - a.values.length)
    .slice(0, 3)
    .map(({ name, values }) => `${name} has ${values.length}`);
  return new HarnessError(
    'ARGUMENT_INVALID',
    `${space.size} designs are more than the ${DESIGNS_MAX} that are searched: they would take about ${formatDuration(takesMs)} on ${counted(workers, 'worker')}`,
    {
      target: 'search.knobs',
      hint: `take values away (${longest.join(', ')}), or a knob; two searches one after the other are faster than their product`,
    },
  );
}

async function withKillers(
  designs: readonly DesignSeen[],
  { options, opened, space, asking, pool }: Searching,
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

/** The first of them by virtual players, under each fault by itself, until enough hold. */
async function playedFinals(designs: readonly DesignSeen[], searching: Searching): Promise<Finals> {
  const { finalists, onRound } = searching.options;
  let place = 0;
  return playFinals(designs, finalists, async (one) => {
    onRound(`finalist ${++place} by virtual players`, 0);
    return playFinalist(one, place, searching);
  });
}

async function playFinalist(
  { knobs }: DesignSeen,
  place: number,
  { opened, space, asking, dir, options }: Searching,
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

/** A design as a scenario file of its own, that expects the limits. */
function writeYaml({ opened, space }: Searching, { knobs }: DesignSeen): string {
  const { data } = build(opened, knobs) as Built;
  const expected = space.limits.map(({ text }) => text);
  return stringify({ ...data, kind: 'drill', expect: expected }, { lineWidth: 100 });
}
