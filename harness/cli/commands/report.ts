// `report DIR`: judges a stored run again and writes the same bytes.

import { realpath } from 'node:fs/promises';
import type { Command } from '../command.ts';
import { judgeFolder, writeReports } from '../../rehearsal/writeReports.ts';
import { finish } from '../finish.ts';

interface ReportArguments {
  readonly dir: string;
  readonly json: boolean;
}

export const reportCommand: Command<ReportArguments> = {
  builder: (y) =>
    y
      .positional('dir', { type: 'string', demandOption: true, describe: 'folder of a run' })
      .option('json', { type: 'boolean', default: false, describe: 'print report.json instead' })
      .example('$0 report runs/orange-2025-09-12/latest', 'the newest run of a scenario'),
  handler: async ({ dir, json }) => {
    const folder = await realpath(dir).catch(() => dir);
    const report = await judgeFolder(folder);
    const files = await writeReports(folder, report);
    finish({ report, files, json });
  },
};
