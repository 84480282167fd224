// `diff A B`: what changed between two runs.

import { existsSync } from 'node:fs';
import { badArgument } from '../../model/errors.ts';
import { readReport } from '../../rehearsal/suite/suiteFolder.ts';
import { diffRuns } from '../../store/diffRuns.ts';
import { renderDiff, renderDiffJson } from '../../../reports/diff.ts';
import { print, terminalHere } from '../terminal.ts';
import type { DiffArguments } from '../commands/diff.ts';

export async function showDiff({ a, b, json }: DiffArguments): Promise<void> {
  for (const dir of [a, b]) requireFolder(dir);
  const diff = diffRuns(readReport(a), readReport(b));
  print(json ? renderDiffJson(diff).trimEnd() : renderDiff(diff, terminalHere(120)));
}

/** Throws ARGUMENT_INVALID where the folder of a run has been removed, or was never there. */
function requireFolder(dir: string): void {
  if (existsSync(dir)) return;
  throw badArgument(
    dir,
    `${dir}: there is no such folder`,
    'name the folder of a run; `ecran-noir history` says which there are',
  );
}
