// The words and options of `plan`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';
import { planOptions } from '../planOptions.ts';

export const options = (y: Argv) =>
  planOptions(y)
    .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
    .option('json', { type: 'boolean', default: false, describe: 'the plan as JSON' })
    .example('$0 plan scenarios/incidents/orange-2025-09-12.yaml --compress 60', 'the night');

export type PlanArguments = Chosen<typeof options>;
