// `plan FILE`: the resolved timeline, without starting anything.

import type { CommandModule } from 'yargs';
import { loadScenario } from '../../scenario/load.ts';
import { plan as planOf, printPlan } from '../../scenario/plan.ts';

interface PlanArguments {
  readonly file: string;
  readonly compress: number;
  readonly seed: number | undefined;
  readonly json: boolean;
}

export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan <file>',
  describe: 'Print what a scenario will do, and when, without starting anything',
  builder: (y) =>
    y
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('compress', { type: 'number', default: 1, describe: 'as for `run`' })
      .option('seed', { type: 'number', describe: 'as for `run`' })
      .option('json', { type: 'boolean', default: false, describe: 'the plan as JSON' })
      .example('$0 plan scenarios/incidents/orange-2025-09-12.yaml --compress 60', ''),
  handler: async ({ file, compress, seed, json }) => {
    const scenario = await loadScenario(file);
    const plan = planOf(scenario, { compress, seed: seed ?? scenario.seed });
    process.stdout.write(json ? `${JSON.stringify(plan, null, 2)}\n` : `${printPlan(plan)}\n`);
  },
};
