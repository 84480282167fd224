// `agree [PATHS..]`: the same cases by real players and by simulated ones, and how far apart they are.

import { join } from 'node:path';
import {
  renderAgreementConsole,
  renderAgreementJson,
  renderAgreementMarkdown,
  renderAgreementMetrics,
} from '../../../reports/agreement.ts';
import { EXIT, badArgument } from '../../model/errors.ts';
import { agree, agreeAgain } from '../../rehearsal/agree.ts';
import { MEASURED_FILE, readMeasured } from '../../rehearsal/measured.ts';
import { writeRunFile } from '../../rehearsal/runFolder.ts';
import { settingFor } from '../../rehearsal/setting.ts';
import { makeAgreementReport } from '../../simulate/agreement.ts';
import { takes } from '../../rehearsal/takes.ts';
import { announce } from '../announce.ts';
import { catchInterrupt } from '../interrupt.ts';
import { liveScreen } from '../liveScreen.ts';
import { fileList, print, terminalHere } from '../terminal.ts';
import type { AgreeArguments } from '../commands/agree.ts';

/** Exit 0 where every player is shown to be equivalent, else 2: a difference is no failure of a chain. */
export async function agreeWithReality(argv: AgreeArguments): Promise<void> {
  if (argv.paths.length > 0 && argv.measured !== undefined)
    throw badArgument(
      '--measured',
      '--measured: what is named is measured now',
      'leave it out, or the scenarios and folders',
    );
  using interrupt = catchInterrupt();
  const { signal } = interrupt;
  const measured =
    argv.paths.length === 0
      ? await agreeAgain(measuredBefore(argv), signal)
      : await agree(
          {
            paths: argv.paths,
            settingFor: () => settingFor(argv, signal),
            watch: liveScreen(argv),
            onStart: (plan) => announce(plan.scenario.name, takes(plan)),
          },
          signal,
        );
  const report = makeAgreementReport(measured);
  const folder = join(argv.out, 'agreement');
  const files = {
    'measured.json': `${JSON.stringify(measured, null, 1)}\n`,
    'agreement.md': renderAgreementMarkdown(report),
    'agreement.json': renderAgreementJson(report),
    'metrics.prom': renderAgreementMetrics(report),
  };
  for (const [name, text] of Object.entries(files)) await writeRunFile(join(folder, name), text);
  const written = fileList(Object.keys(files).map((name) => join(folder, name)));
  print(
    argv.json
      ? renderAgreementJson(report).trimEnd()
      : `${renderAgreementConsole(report, terminalHere())}\n${written}`,
  );
  const proven = report.tables.length > 0 && report.tables.every((one) => one.equivalence.holds);
  process.exitCode = proven ? EXIT.pass : EXIT.inconclusive;
}

function measuredBefore({ measured = MEASURED_FILE }: AgreeArguments) {
  const before = readMeasured(measured);
  if (before) return before;
  throw badArgument(
    '--measured',
    `${measured}: no measured cases of this version`,
    'name scenarios to measure them here: ecran-noir agree scenarios/agreement/*.yaml',
  );
}
