// `diff A B`: what changed between two runs.

import { readReport } from '../../rehearsal/suite/suiteFolder.ts';
import { diffRuns } from '../../store/diffRuns.ts';
import { renderDiff, renderDiffJson } from '../../../reports/diff.ts';
import { print, terminalHere } from '../terminal.ts';

export interface DiffArguments {
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
}

export async function showDiff({ a, b, json }: DiffArguments): Promise<void> {
  const diff = diffRuns(readReport(a), readReport(b));
  print(json ? renderDiffJson(diff).trimEnd() : renderDiff(diff, terminalHere(120)));
}
