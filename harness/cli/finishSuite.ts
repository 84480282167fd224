// The end of `test` and `merge`: the table, the files, the exit code.

import pc from 'picocolors';
import type { Suite } from '../model/suite.ts';
import { renderSuiteJson } from '../../reports/suite.ts';
import { renderAnnotations } from '../../reports/suite/annotations.ts';
import { renderSuiteConsole } from '../../reports/suite/console.ts';
import { EXIT_OF } from './finish.ts';
import { near, print } from './terminal.ts';

export interface FinishSuite {
  readonly suite: Suite;
  readonly files: readonly string[];
  readonly json: boolean;
}

/** Prints and sets the exit code of the process: fail before inconclusive before pass. */
export function finishSuite({ suite, files, json }: FinishSuite): void {
  if (json) print(renderSuiteJson(suite).trimEnd());
  else {
    const columns = process.stdout.columns || 120;
    print(renderSuiteConsole(suite, { columns, colours: pc.isColorSupported }));
    print(`\nfiles\n${files.map((file) => `  ${near(file)}`).join('\n')}`);
    if (process.env['GITHUB_ACTIONS'] === 'true') print(renderAnnotations(suite));
  }
  process.exitCode ??= EXIT_OF[suite.verdict];
}
