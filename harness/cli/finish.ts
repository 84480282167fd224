// The end of `run` and `report`: the table, the files, the exit code.

import { EXIT } from '../model/errors.ts';
import type { Report, Verdict } from '../model/report.ts';
import { renderConsole } from '../../reports/console.ts';
import { renderJson } from '../../reports/json.ts';
import { NO_ASSETS } from '../../reports/renderer.ts';
import { fileList, print, terminalHere } from './terminal.ts';

export interface Finish {
  readonly report: Report;
  readonly files: readonly string[];
  readonly json: boolean;
}

export const EXIT_OF: Readonly<Record<Verdict, number>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  inconclusive: EXIT.inconclusive,
};

/** Prints and sets the exit code of the process, unless an error has already set one. */
export function finish({ report, files, json }: Finish): void {
  if (json) print(renderJson(report, NO_ASSETS).trimEnd());
  else {
    print(renderConsole(report, terminalHere()));
    print(fileList(files));
  }
  process.exitCode ??= EXIT_OF[report.verdict];
}
