// The end of `test` and `merge`: the table, the files, the exit code.

import type { Suite } from '../model/suite.ts';
import { renderSuiteJson } from '../../reports/suite.ts';
import { renderAnnotations } from '../../reports/suite/annotations.ts';
import { renderSuiteConsole } from '../../reports/suite/console.ts';
import { EXIT_OF } from './finish.ts';
import { fileList, print, terminalHere } from './terminal.ts';

export interface FinishSuite {
  readonly suite: Suite;
  readonly files: readonly string[];
  readonly json: boolean;
}

/** Prints and sets the exit code of the process: fail before inconclusive before pass. */
export function finishSuite({ suite, files, json }: FinishSuite): void {
  if (json) print(renderSuiteJson(suite).trimEnd());
  else {
    print(renderSuiteConsole(suite, terminalHere(120)));
    print(fileList(files));
    if (process.env['GITHUB_ACTIONS'] === 'true') print(renderAnnotations(suite));
  }
  process.exitCode ??= EXIT_OF[suite.verdict];
}
