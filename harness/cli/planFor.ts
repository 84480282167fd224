// Makes a plan from a scenario file and the options that bend it; the same for every command.

import { cpus, totalmem } from 'node:os';
import type { Argv } from 'yargs';
import type { Plan } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import { loadScenario } from '../scenario/load.ts';
import { plan } from '../scenario/plan.ts';
import { requireCapacity } from '../../players/capacity.ts';
import { numberOption } from './numberOption.ts';

export interface PlanArguments {
  readonly compress: number;
  readonly seed: number | undefined;
  readonly viewers: number | undefined;
  readonly design: string | undefined;
  readonly variant: string | undefined;
}

/** A month in less than an hour; beyond, everything is at the same time. */
const COMPRESS_MAX = 10_000;

/** The number of viewers; its limit is for the machine to say. */
export const viewersOption = numberOption('viewers', {
  ...{ from: 1, to: 100_000_000, whole: true },
  hint: 'at least one viewer must watch, or there is nothing to measure',
});

export const planOptions = <T>(y: Argv<T>) =>
  y
    .option('compress', {
      ...numberOption('compress', {
        ...{ from: 1, to: COMPRESS_MAX },
        hint: '60 plays an hour in a minute; 1 plays at full length',
      }),
      default: 1,
      describe: "divide the scenario's own times by this; components keep their timers",
    })
    .option('seed', {
      ...numberOption('seed', {
        ...{ from: 0, to: 0x7fffffff, whole: true },
        hint: 'a report names the seed of its run: it plays the same chances again',
      }),
      describe: 'play the same chances again',
    })
    .option('viewers', {
      ...viewersOption,
      describe: 'instead of the count in the scenario',
    })
    .option('design', { type: 'string', describe: 'instead of the design in the scenario' })
    .option('variant', { type: 'string', describe: 'a variant that the scenario describes' });

/** Throws SCENARIO_INVALID, CAPACITY_EXCEEDED. */
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
  const scenario =
    viewers === undefined ? read : { ...read, viewers: { ...read.viewers, count: viewers } };
  const machine = { cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20) };
  requireCapacity(scenario.viewers.count, machine);
  return plan(scenario, { compress, seed: seed ?? scenario.seed });
}
