// The ruler held against known lengths, as `ecran-noir calibrate` does it, with five quiet minutes:
// a black and a freeze are reported within 80 ms, and nothing that was not there.

import { rm } from 'node:fs/promises';
import { calibrate } from '../../harness/cli/calibration.ts';
import { catchInterrupt } from '../../harness/cli/interrupt.ts';
import { createOwnedFolder } from '../../harness/runtime/owner.ts';
import { renderCalibrationConsole } from '../../reports/calibration.ts';

const QUIET_MS = 5 * 60_000;
const VIEWERS = 6;
/** Twice each: a moment in which the machine was busy says nothing about a length. */
const LENGTHS_MS = [200, 400, 1000, 3000, 200, 400, 1000, 3000];

export async function main(): Promise<void> {
  const out = await createOwnedFolder('bench');
  using interrupt = catchInterrupt();
  try {
    const { calibration, leftovers } = await calibrate(
      {
        ...{ out, runtime: 'processes', browser: 'host', chrome: undefined, toxiproxy: 'embedded' },
        ...{ quiet: true, design: 'single-access', viewers: VIEWERS },
        ...{ lengthsMs: LENGTHS_MS, quietMs: QUIET_MS },
      },
      interrupt.signal,
    );
    console.log(renderCalibrationConsole(calibration, { columns: 100, colours: false }));
    for (const leftover of leftovers) console.log(`left behind: ${leftover}`);
    if (calibration.verdict !== 'pass') process.exitCode = 1;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

if (import.meta.main) await main();
