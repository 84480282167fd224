// `diff A B`: what changed between two runs.

import pc from 'picocolors';
import { readReport } from '../../rehearsal/suite/suiteFolder.ts';
import { diffRuns } from '../../store/diffRuns.ts';
import { renderDiff, renderDiffJson } from '../../../reports/diff.ts';
import { print } from '../terminal.ts';

export interface DiffArguments {
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
}

export async function showDiff({ a, b, json }: DiffArguments): Promise<void> {
  const diff = diffRuns(readReport(a), readReport(b));
  const terminal = { columns: process.stdout.columns || 120, colours: pc.isColorSupported };
  print(json ? renderDiffJson(diff).trimEnd() : renderDiff(diff, terminal));
}
