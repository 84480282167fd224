// `plan FILE`: the resolved timeline, without starting anything.

import { printPlan } from '../../scenario/printPlan.ts';
import type { Command } from '../command.ts';
import { print } from '../terminal.ts';
import { planFor, type PlanChoices } from '../../rehearsal/plan.ts';
import { planOptions } from '../planOptions.ts';

interface Arguments extends PlanChoices {
  readonly file: string;
  readonly json: boolean;
}

export const planCommand: Command<Arguments> = {
  builder: (y) =>
    planOptions(y)
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('json', { type: 'boolean', default: false, describe: 'the plan as JSON' })
      .example('$0 plan scenarios/incidents/orange-2025-09-12.yaml --compress 60', 'the night'),
  handler: async (argv) => {
    const plan = await planFor(argv.file, argv);
    const text = argv.json ? JSON.stringify(plan, null, 2) : printPlan(plan);
    print(text);
  },
};
