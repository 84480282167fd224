// Makes the plan of a rehearsal on this machine from a scenario and the choices that bend it.

import { cpus, totalmem } from 'node:os';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { countViewers, listGroups, type Scenario } from '../model/scenario.ts';
import { loadScenario } from '../scenario/load.ts';
import { plan } from '../scenario/plan.ts';
import { requireCapacity } from '../../players/capacity.ts';
import { countByFleet } from '../../players/registry.ts';

export interface PlanChoices {
  readonly compress: number;
  /** The scenario's own where it is not said. */
  readonly seed: number | undefined;
  /** Instead of the count in the scenario. */
  readonly viewers: number | undefined;
  readonly design: string | undefined;
  readonly variant: string | undefined;
  /** Player in its browsers; their own where it is not said. */
  readonly player: string | undefined;
}

/**
 * Throws SCENARIO_INVALID, and what `make` throws: CAPACITY_EXCEEDED unless it plans for any machine.
 */
export async function planFor(file: string, choices: PlanChoices, make = planHere): Promise<Plan> {
  const { design, variant, player } = choices;
  return make(await loadScenario(file, { design, variant, player }), choices);
}

/** The same for a scenario that has been read already. */
export function planHere(read: Scenario, choices: Bending): Plan {
  const made = planAnywhere(read, choices);
  requireMachine(made);
  return made;
}

type Bending = Pick<PlanChoices, 'compress' | 'seed' | 'viewers'>;

/** The same on any machine, whether this one can play it or not. */
export function planAnywhere(read: Scenario, { compress, seed, viewers }: Bending): Plan {
  const scenario = viewers === undefined ? read : withCount(read, viewers);
  return plan(scenario, { compress, seed: seed ?? scenario.seed });
}

/** Throws CAPACITY_EXCEEDED where this machine cannot show its viewers. */
export function requireMachine({ scenario }: Plan): void {
  requireHere(countByFleet(listGroups(scenario)));
}

/** Throws SCENARIO_INVALID where somebody goes from one player to another, which agents alone do. */
export function requireOnePlayerEach({ scenario }: Plan): void {
  const group = listGroups(scenario).find(({ switches }) => switches);
  if (!group) return;
  throw new HarnessError(
    'SCENARIO_INVALID',
    `${scenario.file}: ${group.name} switches to the way of another group, which only agents do`,
    { target: scenario.file, hint: 'use `ecran-noir simulate`, or leave `switches` out' },
  );
}

function requireHere(counts: ReturnType<typeof countByFleet>): void {
  const machine = { cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20) };
  requireCapacity(counts, machine);
}

/** The same for a run whose wall is shown by workers, which answer for their own machines. */
export function planBesideWorkers(read: Scenario, choices: Bending): Plan {
  const made = planAnywhere(read, choices);
  requireHere(
    new Map([...countByFleet(listGroups(made.scenario))].filter(([name]) => name !== 'wall')),
  );
  return made;
}

/** Several groups keep their proportions, as far as whole viewers can; none becomes empty. */
function withCount(scenario: Scenario, count: number): Scenario {
  const groups = listGroups(scenario);
  if (count < groups.length)
    throw new HarnessError(
      'ARGUMENT_INVALID',
      `--viewers ${count}: ${scenario.name} has ${groups.length} groups of viewers, each of one at least`,
      { target: '--viewers', hint: `ask for ${groups.length} or more` },
    );
  const before = countViewers(scenario);
  const wished = groups.map((group) => (group.count * count) / before);
  const counts = wished.map((wish) => Math.max(1, Math.floor(wish)));
  let rest = count - counts.reduce((sum, n) => sum + n, 0);
  while (rest !== 0) {
    const step = Math.sign(rest);
    const lacks = counts.map((n, i) => (step < 0 && n === 1 ? -Infinity : step * (wished[i]! - n)));
    counts[lacks.indexOf(Math.max(...lacks))]! += step;
    rest -= step;
  }
  const resized = groups.map((group, i) => ({ ...group, count: counts[i]! }));
  const viewers = 'count' in scenario.viewers ? resized[0]! : resized;
  return { ...scenario, viewers, otherCount: count };
}
