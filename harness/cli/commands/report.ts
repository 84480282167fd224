// The words and options of `report`.

import { flagOption, textOption, type Argv, type Chosen } from '../options.ts';

export const options = (y: Argv) =>
  y
    .positional('dir', { ...textOption('folder of a run'), demandOption: true })
    .option('json', flagOption('print report.json instead, and write nothing'))
    .example('$0 report runs/orange-2025-09-12/latest', 'the newest run of a scenario');

export type ReportArguments = Chosen<typeof options>;
