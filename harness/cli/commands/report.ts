// The words and options of `report`.

import type { Argv } from 'yargs';
import type { Chosen } from '../chosen.ts';

export const options = (y: Argv) =>
  y
    .positional('dir', { type: 'string', demandOption: true, describe: 'folder of a run' })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'print report.json instead, and write nothing',
    })
    .example('$0 report runs/orange-2025-09-12/latest', 'the newest run of a scenario');

export type ReportArguments = Chosen<typeof options>;
