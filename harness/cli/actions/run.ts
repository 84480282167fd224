// `run FILE`: the whole way through, from a scenario file to a verdict.

import type { Plan } from '../../model/plan.ts';
import { say } from '../terminal.ts';
import { finish } from '../finish.ts';
import { takes } from '../../rehearsal/takes.ts';
import { announce } from '../announce.ts';
import { catchInterrupt } from '../interrupt.ts';
import { printError } from '../printError.ts';
import { planBesideWorkers, planFor, planHere } from '../../rehearsal/plan.ts';
import { rehearse } from '../../rehearsal/rehearse.ts';
import { settingFor, type Setting } from '../../rehearsal/setting.ts';
import { liveScreen } from '../liveScreen.ts';
import { readWallWish, waitForWorkers } from '../wall.ts';
import type { RunArguments } from '../commands/run.ts';

export async function play(argv: RunArguments): Promise<void> {
  const wish = readWallWish(argv);
  const plan = await planFor(argv.file, argv, wish ? planBesideWorkers : planHere);
  using interrupt = catchInterrupt();
  const setting = await settingFor(argv, interrupt.signal, [plan]);
  if (argv.verbose) say(describeSetting(setting));
  await using wall = wish && (await waitForWorkers(wish, plan, interrupt.signal));
  warnOfCompression(plan);
  announce(plan.scenario.name, takes(plan));
  const watch = liveScreen(argv);
  const { report, end, files } = await rehearse(plan, { setting, watch, wall }, interrupt.signal);
  if (wall) wall.over = `the run ended: ${report.run.ended}, ${report.verdict}`;
  if (end.error) process.exitCode = printError(end.error, { json: argv.json });
  for (const leftover of end.leftovers) say(`left behind: ${leftover}`);
  finish({ report, files, json: argv.json });
}

/** Says before it is played what the report will say. */
function warnOfCompression({ compress, scenario }: Plan): void {
  const { name, compressAtMost = Infinity } = scenario;
  if (compress <= compressAtMost) return;
  say(
    `warning: the expectations of ${name} hold up to --compress ${compressAtMost}; at ${compress} the run is inconclusive`,
  );
}

const describeSetting = ({ runtime, browser, tools }: Setting): string =>
  [
    `runtime ${runtime.kind}: ${runtime.reason}`,
    `browser: ${browser}`,
    ...Object.entries(tools).map(([name, path]) => `${name}: ${path}`),
  ].join('\n');
