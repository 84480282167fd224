// The words and options of `plan`.

import type { PlanArguments } from '../actions/plan.ts';
import type { Command } from '../command.ts';
import { planOptions } from '../planOptions.ts';

export const planCommand: Command<PlanArguments> = {
  builder: (y) =>
    planOptions(y)
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('json', { type: 'boolean', default: false, describe: 'the plan as JSON' })
      .example('$0 plan scenarios/incidents/orange-2025-09-12.yaml --compress 60', 'the night'),
  handler: async (argv) => (await import('../actions/plan.ts')).showPlan(argv),
};
