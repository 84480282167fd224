// Makes the plan of a rehearsal on this machine from a scenario and the choices that bend it.

import { cpus, totalmem } from 'node:os';
import type { Plan } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import { loadScenario } from '../scenario/load.ts';
import { plan } from '../scenario/plan.ts';
import { requireCapacity } from '../../players/capacity.ts';

export interface PlanChoices {
  readonly compress: number;
  /** The scenario's own where it is not said. */
  readonly seed: number | undefined;
  /** Instead of the count in the scenario. */
  readonly viewers: number | undefined;
  readonly design: string | undefined;
  readonly variant: string | undefined;
}

/** Throws SCENARIO_INVALID, CAPACITY_EXCEEDED. */
export async function planFor(file: string, choices: PlanChoices): Promise<Plan> {
  const { design, variant } = choices;
  const choice = { ...(design ? { design } : {}), ...(variant ? { variant } : {}) };
  return planOf(await loadScenario(file, choice), choices);
}

/** The same for a scenario that has been read already. */
export function planOf(
  read: Scenario,
  { compress, seed, viewers }: Pick<PlanChoices, 'compress' | 'seed' | 'viewers'>,
): Plan {
  const scenario =
    viewers === undefined ? read : { ...read, viewers: { ...read.viewers, count: viewers } };
  const machine = { cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20) };
  requireCapacity(scenario.viewers.count, machine);
  return plan(scenario, { compress, seed: seed ?? scenario.seed });
}
