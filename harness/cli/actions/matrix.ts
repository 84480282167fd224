// `matrix`: what each player makes of each wrong answer, measured in one rehearsal.

import { join } from 'node:path';
import { parseDurationMs } from '../../kernel/duration.ts';
import { EXIT, badArgument } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { ANSWER_NAMES, planMatrix, readMatrix, type MatrixWishes } from '../../rehearsal/matrix.ts';
import { requireMachine } from '../../rehearsal/plan.ts';
import { rehearse } from '../../rehearsal/rehearse.ts';
import { JOURNAL, writeRunFile } from '../../rehearsal/runFolder.ts';
import { settingFor } from '../../rehearsal/setting.ts';
import { simulateRehearsal } from '../../rehearsal/simulate.ts';
import { linesIn } from '../../run/journal.ts';
import { renderMatrix, renderMatrixJson } from '../../../reports/matrix.ts';
import { takes } from '../../rehearsal/takes.ts';
import { announce } from '../announce.ts';
import { catchInterrupt } from '../interrupt.ts';
import { liveScreen } from '../liveScreen.ts';
import { namesIn, WALL_PLAYERS } from '../nameList.ts';
import { print, say } from '../terminal.ts';
import type { MatrixArguments } from '../commands/matrix.ts';

export async function playMatrix(argv: MatrixArguments): Promise<void> {
  const wishes = readWishes(argv);
  const plan = planMatrix(wishes);
  using interrupt = catchInterrupt();
  const { report, dir, error } = await ENGINES[argv.engine](plan, argv, interrupt.signal);
  if (error !== undefined) throw error as Error;
  const matrix = readMatrix({ lines: linesIn(join(dir, JOURNAL)), report }, wishes);
  const file = join(dir, 'matrix.json');
  await writeRunFile(file, renderMatrixJson(matrix));
  print(argv.json ? renderMatrixJson(matrix).trimEnd() : renderMatrix(matrix).trimEnd());
  for (const finding of report.findings)
    if (finding.verdict === 'inconclusive') say(`not to be relied on: ${finding.text}`);
  process.exitCode = matrix.verdict === 'inconclusive' ? EXIT.inconclusive : EXIT.pass;
}

const ENGINES = {
  run: async (plan: Plan, argv: MatrixArguments, signal: AbortSignal) => {
    requireMachine(plan);
    const setting = await settingFor(argv, signal);
    announce('fate matrix', takes(plan));
    const { report, dir, end } = await rehearse(plan, { setting, watch: liveScreen(argv) }, signal);
    return { report, dir, error: end.error };
  },
  'virtual-player': (plan: Plan, { out }: MatrixArguments, signal: AbortSignal) =>
    simulateRehearsal(plan, out, signal),
};

/** Throws ARGUMENT_INVALID. */
function readWishes(argv: MatrixArguments): MatrixWishes {
  const lengthMs = parseDurationMs(argv.length);
  if (lengthMs === undefined || lengthMs < LENGTH_MS_MIN || lengthMs > LENGTH_MS_MAX)
    throw badArgument(
      '--length',
      `--length ${argv.length}: expected 5s to 1d`,
      'shorter outages are played from the buffers: 40s tells players apart',
    );
  return {
    lengthMs,
    onFatal: argv.onFatal,
    players: namesIn(argv.players, '--players', WALL_PLAYERS),
    answers: namesIn(argv.answers, '--answers', ANSWER_NAMES),
    moments: namesIn(argv.moments, '--moments', ['running', 'joining'] as const),
  };
}

const LENGTH_MS_MIN = 5_000;
const LENGTH_MS_MAX = 86_400_000;
