// From a scenario file and the options that bend it to a plan; the same for every command.

import { cpus, totalmem } from 'node:os';
import type { Argv } from 'yargs';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import { loadScenario } from '../scenario/load.ts';
import { plan } from '../scenario/plan.ts';
import { requireCapacity } from '../../players/capacity.ts';

export interface PlanArguments {
  readonly compress: number;
  readonly seed: number | undefined;
  readonly viewers: number | undefined;
  readonly design: string | undefined;
  readonly variant: string | undefined;
}

export const planOptions = <T>(y: Argv<T>) =>
  y
    .option('compress', {
      type: 'number',
      default: 1,
      describe: "divide the scenario's own times by this; components keep their timers",
    })
    .option('seed', { type: 'number', describe: 'play the same chances again' })
    .option('viewers', { type: 'number', describe: 'instead of the count in the scenario' })
    .option('design', { type: 'string', describe: 'instead of the design in the scenario' })
    .option('variant', { type: 'string', describe: 'a variant that the scenario describes' });

/** Throws SCENARIO_INVALID, ARGUMENT_INVALID, CAPACITY_EXCEEDED. */
export async function planFor(file: string, options: PlanArguments): Promise<Plan> {
  const { design, variant } = options;
  const choice = { ...(design ? { design } : {}), ...(variant ? { variant } : {}) };
  return planOf(await loadScenario(file, choice), options);
}

/** The same for a scenario that has been read already. */
export function planOf(
  read: Scenario,
  { compress, seed, viewers }: Pick<PlanArguments, 'compress' | 'seed' | 'viewers'>,
): Plan {
  if (!(compress >= 1 && Number.isFinite(compress)))
    throw new HarnessError('ARGUMENT_INVALID', `--compress ${compress}: expected 1 or more`, {
      target: '--compress',
      hint: '60 plays an hour in a minute; 1 plays at full length',
    });
  const scenario = withViewers(read, viewers);
  const machine = { cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20) };
  requireCapacity(scenario.viewers.count, machine);
  return plan(scenario, { compress, seed: seed ?? scenario.seed });
}

function withViewers(scenario: Scenario, count: number | undefined): Scenario {
  if (count === undefined) return scenario;
  if (!Number.isInteger(count) || count < 1)
    throw new HarnessError(
      'ARGUMENT_INVALID',
      `--viewers ${count}: expected a whole number from 1`,
      {
        target: '--viewers',
        hint: 'at least one viewer must watch, or there is nothing to measure',
      },
    );
  return { ...scenario, viewers: { ...scenario.viewers, count } };
}
