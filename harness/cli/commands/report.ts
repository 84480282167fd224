// The words and options of `report`.

import type { ReportArguments } from '../actions/report.ts';
import type { Command } from '../command.ts';

export const reportCommand: Command<ReportArguments> = {
  builder: (y) =>
    y
      .positional('dir', { type: 'string', demandOption: true, describe: 'folder of a run' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print report.json instead, and write nothing',
      })
      .example('$0 report runs/orange-2025-09-12/latest', 'the newest run of a scenario'),
  handler: async (argv) => (await import('../actions/report.ts')).judgeAgain(argv),
};
