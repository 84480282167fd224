// The words and options of `plan`.

import { planOptions } from '../planOptions.ts';
import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  planOptions(y)
    .positional('file', { ...textOption('scenario file (YAML)'), demandOption: true })
    .option('json', flagOption('the plan as JSON'))
    .example('$0 plan scenarios/incidents/orange-2025-09-12.yaml --compress 60', 'the night');

export type PlanArguments = Chosen<typeof options>;
