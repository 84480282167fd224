// `calibrate`: the whole measuring chain held against losses of known length, or against a recording
// of the display.

import { parseDurationMs } from '../../kernel/duration.ts';
import { badArgument } from '../../model/errors.ts';
import type { Verdict } from '../../model/report.ts';
import { renderCalibrationConsole, renderCalibrationJson } from '../../../reports/calibration.ts';
import {
  renderScreenCalibrationConsole,
  renderScreenCalibrationJson,
} from '../../../reports/screenCalibration.ts';
import type { Terminal } from '../../../reports/terminal.ts';
import { fileList, print, say, terminalHere } from '../terminal.ts';
import { calibrate } from '../../rehearsal/calibrate.ts';
import { calibrateScreen, SCREEN_LOSSES, screenLosses } from '../../rehearsal/calibrateScreen.ts';
import {
  plannedLosses,
  requireLengths,
  type Calibrated,
  type CalibrationWishes,
} from '../../rehearsal/calibration.ts';
import { rememberRuler } from '../../rehearsal/rulerStore.ts';
import { announce, takesCalibrating } from '../announce.ts';
import { EXIT_OF } from '../finish.ts';
import { catchInterrupt } from '../interrupt.ts';
import { liveScreen } from '../liveScreen.ts';
import { namesIn, PICTURE_PLAYERS, WALL_PLAYERS } from '../nameList.ts';
import type { CalibrateArguments } from '../commands/calibrate.ts';

const MINUTE_MS = 60_000;

export async function calibrateMeasure(argv: CalibrateArguments): Promise<void> {
  const { lengths, quietMinutes, screen } = argv;
  requireOneWall(argv);
  using interrupt = catchInterrupt();
  const lengthsMs = requireLengths(lengths.split(',').map((text) => parseDurationMs(text.trim())));
  const quietMs = quietMinutes * MINUTE_MS;
  const losses = screen
    ? screenLosses({ ...SCREEN_LOSSES, lengthsMs })
    : plannedLosses('transcoder', lengthsMs);
  const recorded = screen ? argv.viewers : undefined;
  announce('calibration', takesCalibrating({ losses, quietMs, recorded }));
  const known = screen ? WALL_PLAYERS : PICTURE_PLAYERS;
  const players =
    argv.players === undefined ? undefined : namesIn(argv.players, '--players', known);
  const wishes = { ...argv, players, lengthsMs, quietMs, watch: liveScreen(argv) };
  const against = screen ? againstScreen : againstKnown;
  process.exitCode = await against(argv, wishes, interrupt.signal);
}

type SharedWishes = Omit<CalibrationWishes, 'viewers'>;

async function againstKnown(
  argv: CalibrateArguments,
  wishes: SharedWishes,
  signal: AbortSignal,
): Promise<number> {
  const result = await calibrate({ ...wishes, viewers: argv.viewers[0] ?? 0 }, signal);
  const { calibration } = result;
  tell(argv, result, renderCalibrationJson(calibration), (terminal) =>
    renderCalibrationConsole(calibration, terminal),
  );
  return EXIT_OF[calibration.verdict];
}

/** Calibrates from few viewers to many; too many are no failure where fewer were none. */
async function againstScreen(
  argv: CalibrateArguments,
  wishes: SharedWishes,
  signal: AbortSignal,
): Promise<number> {
  let first: Verdict | undefined;
  for (const viewers of argv.viewers.toSorted((a, b) => a - b)) {
    const { keepRecording } = argv;
    const asked = { ...wishes, ...SCREEN_LOSSES, keepRecording, viewers };
    const result = await calibrateScreen(asked, signal);
    const { calibration } = result;
    first ??= calibration.verdict;
    const files = [...result.files, await rememberRuler(calibration)];
    tell(argv, { ...result, files }, renderScreenCalibrationJson(calibration), (terminal) =>
      renderScreenCalibrationConsole(calibration, terminal),
    );
    if (calibration.verdict !== 'pass') break;
  }
  return EXIT_OF[first ?? 'inconclusive'];
}

function tell(
  { json }: CalibrateArguments,
  { files, leftovers }: Omit<Calibrated, 'calibration'>,
  asJson: string,
  asText: (terminal: Terminal) => string,
): void {
  for (const leftover of leftovers) say(`left behind: ${leftover}`);
  print(json ? asJson.trimEnd() : `${asText(terminalHere())}\n${fileList(files)}`);
}

/** Throws ARGUMENT_INVALID; how many a machine carries is asked later. */
function requireOneWall({ viewers, screen }: CalibrateArguments): void {
  if (screen || viewers.length === 1) return;
  throw badArgument(
    '--viewers',
    `--viewers ${viewers.join(',')}: expected one number`,
    'several, with commas between, go with --screen',
  );
}
