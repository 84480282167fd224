// The ruler held against known lengths, as `ecran-noir calibrate` does it: a black and a freeze are
// reported within 80 ms, and nothing that was not there. Then the same ruler held against a recording
// of the display, edge by edge, with ten quiet minutes in which nothing may be reported.

import { rm } from 'node:fs/promises';
import { calibrate } from '../../harness/rehearsal/calibrate.ts';
import type { CalibrationWishes } from '../../harness/rehearsal/calibration.ts';
import { catchInterrupt } from '../../harness/cli/interrupt.ts';
import { calibrateScreen, SCREEN_LOSSES } from '../../harness/rehearsal/calibrateScreen.ts';
import { createOwnedFolder } from '../../harness/runtime/ownedFolder.ts';
import { renderCalibrationConsole } from '../../reports/calibration.ts';
import { renderScreenCalibrationConsole } from '../../reports/screenCalibration.ts';
import { calibrationWishes } from '../support/calibrationWishes.ts';

const MINUTE_MS = 60_000;
const VIEWERS = 6;
/** Twice each: a moment in which the machine was busy says nothing about a length. */
const LENGTHS_MS = [200, 400, 1000, 3000, 200, 400, 1000, 3000];
const TERMINAL = { columns: 100, colours: false };

export async function main(): Promise<void> {
  const out = await createOwnedFolder('bench');
  using interrupt = catchInterrupt();
  const { signal } = interrupt;
  const wishes: Omit<CalibrationWishes, 'quietMs'> = {
    ...calibrationWishes(out),
    viewers: VIEWERS,
    lengthsMs: LENGTHS_MS,
  };
  try {
    const known = await calibrate({ ...wishes, quietMs: MINUTE_MS }, signal);
    tell(known, renderCalibrationConsole(known.calibration, TERMINAL));
    const asked = { ...wishes, ...SCREEN_LOSSES, quietMs: 10 * MINUTE_MS, keepRecording: false };
    const screen = await calibrateScreen(asked, signal);
    tell(screen, renderScreenCalibrationConsole(screen.calibration, TERMINAL));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

interface Told {
  readonly calibration: { readonly verdict: string };
  readonly leftovers: readonly string[];
}

function tell({ calibration, leftovers }: Told, text: string): void {
  console.log(`${text}\n`);
  for (const leftover of leftovers) console.log(`left behind: ${leftover}`);
  if (calibration.verdict !== 'pass') process.exitCode = 1;
}

if (import.meta.main) await main();
