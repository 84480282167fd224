// `report DIR`: judges a stored run again and writes the same bytes; `--json` prints and writes
// nothing, so that it needs no right to.

import { realpath } from 'node:fs/promises';
import { judgeFolder, writeReports } from '../../rehearsal/writeReports.ts';
import { finish } from '../finish.ts';
import type { ReportArguments } from '../commands/report.ts';

export async function judgeAgain({ dir, json }: ReportArguments): Promise<void> {
  const folder = await realpath(dir).catch(() => dir);
  const report = judgeFolder(folder);
  const files = json ? [] : await writeReports(folder, report);
  finish({ report, files, json });
}
