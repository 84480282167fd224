// A search before anything is played: its scenario, its space, and the designs that differ.

import { systemClock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { invalid } from '../scenario/invalid.ts';
import { openScenario, type Opened } from '../scenario/openScenario.ts';
import { plan } from '../scenario/plan.ts';
import { casesIn } from '../search/cases.ts';
import {
  build,
  distinctDesigns,
  readSpace,
  type Built,
  type Distinct,
  type Refusals,
  type Space,
} from '../search/space.ts';
import { refusalsOfAgents } from '../simulate/agents/playable.ts';
import { counted } from '../../reports/duration.ts';
import { AGENT_PLAYERS } from './agentPlayers.ts';
import type { PlanChoices } from './plan.ts';
import { playDesign, type Asking } from './playDesign.ts';
import type { RunPlace } from './runFolder.ts';
import { agentsFor } from './simulateAgents.ts';

/** The wishes of a search: the same give the same answer. */
export interface SearchWishes extends Pick<
  PlanChoices,
  'variant' | 'design' | 'compress' | 'seed'
> {
  readonly file: string;
  /** In place of those of the file. */
  readonly limits: readonly string[];
  readonly audience: number | undefined;
  readonly agents: number | undefined;
  /** So many of the front must hold with virtual players too. */
  readonly finalists: number;
  /** The longest length that is tried to break a limit; undefined where nobody asks. */
  readonly longestMs: number | undefined;
}

/** The means of a search; the answer is the same with others. */
export interface Searching {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Told what begins, and how many plays it takes. */
  readonly onRound: (what: string, plays: number) => void;
  readonly onPlayed: () => void;
}

export interface SearchOptions extends SearchWishes, Searching {
  /** A folder in which a search makes its own, or its own. */
  readonly out: RunPlace;
}

/** A search whose designs were built. */
export interface OpenedSearch {
  readonly opened: Opened;
  readonly space: Space;
  readonly asking: Asking;
  readonly scenario: Scenario;
  readonly distinct: Distinct;
}

/** All of them are built before the first is played; what takes longer is not waited for. */
const DESIGNS_MAX = 10_000;
export const FIRST_AGENTS = [400, 1_600] as const;

/** Throws SCENARIO_INVALID, ARGUMENT_INVALID. */
export async function openSearch(
  wishes: SearchWishes,
  { workers, onRound }: Pick<Searching, 'workers' | 'onRound'>,
): Promise<OpenedSearch> {
  const opened = await openScenario(wishes.file, wishes);
  const space = readSpace(opened, wishes.limits);
  const base = buildBase(opened, wishes);
  const { scenario } = base;
  const asking = askingFor(wishes, space, scenario);
  if (space.size > DESIGNS_MAX) throw tooMany(space, base, asking, workers);
  onRound(`${counted(space.size, 'design')} built`, 0);
  const distinct = distinctDesigns(opened, space, refusalsWith(wishes));
  return { opened, space, asking, scenario, distinct };
}

/** The file as it stands, which must be one that agents can play. */
function buildBase(opened: Opened, wishes: SearchWishes): Built {
  const built = build(opened, {});
  if ('problems' in built)
    throw invalid(opened.file, [opened.source.problemAt([], built.problems[0]!.message)]);
  if (casesIn(built.scenario).length === 0)
    throw new HarnessError('SCENARIO_INVALID', `${opened.file} has no fault and no window`, {
      target: opened.file,
      hint: 'a design is searched for what it must withstand: add `faults:` or `windows:`',
    });
  const refused = refusalsWith(wishes)(built.scenario);
  if (refused.length === 0) return built;
  const problems = refused.map(({ path, message }) => opened.source.problemAt(path, message));
  throw invalid(opened.file, problems, 'docs/search.md says what can be searched');
}

/** Finds what agents cannot play of a scenario. */
const refusalsWith =
  ({ compress, seed }: SearchWishes): Refusals =>
  (scenario) =>
    refusalsOfAgents(plan(scenario, { compress, seed: seed ?? scenario.seed }), AGENT_PLAYERS);

const askingFor = (wishes: SearchWishes, space: Space, { design, seed }: Scenario): Asking => ({
  limits: space.limits,
  audience: wishes.audience ?? space.audience,
  agents: wishes.agents ?? agentsFor(design),
  compress: wishes.compress,
  seed: wishes.seed ?? seed,
});

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
