// `doctor`: what this machine can do, what is missing, and the command that mends it.

import { join } from 'node:path';
import { EXIT } from '../../model/errors.ts';
import type { MediaSettings } from '../../model/scenario.ts';
import { doctor } from '../../runtime/doctor.ts';
import { renderDoctor } from '../../runtime/doctorText.ts';
import { createOwnedFolder, PASSABLE, removeScratch } from '../../runtime/ownedFolder.ts';
import { viewersMax } from '../../../players/capacity.ts';
import { startFleet } from '../../../players/fleet.ts';
import { fit, print } from '../terminal.ts';
import { catchInterrupt } from '../interrupt.ts';
import { rulersHere } from '../../rehearsal/rulerStore.ts';
import type { DoctorArguments } from '../commands/doctor.ts';

export async function examine({ chrome, json }: DoctorArguments): Promise<void> {
  using interrupt = catchInterrupt('stopping what was started');
  const report = await doctor({
    browser: (signal) => askBrowser(chrome, signal),
    viewersMax,
    rulers: await rulersHere(),
    signal: interrupt.signal,
  });
  print(json ? JSON.stringify(report, null, 2) : fit(renderDoctor(report)));
  process.exitCode = report.ready ? EXIT.pass : EXIT.unavailable;
}

const NO_MEDIA: MediaSettings = {
  width: 320,
  height: 180,
  fps: 25,
  contributionKbps: 0,
  segmentMs: 2000,
  playlistSegments: 6,
  ladder: [],
};

/** An empty wall: the browser starts, and says that it can decode what the channels are made of. */
async function askBrowser(chrome: string | undefined, signal: AbortSignal): Promise<string> {
  const scratch = await createOwnedFolder('doctor', PASSABLE);
  try {
    await using fleet = await startFleet(
      {
        count: 1,
        media: NO_MEDIA,
        seed: 1,
        emit: () => undefined,
        chrome,
        profileDir: join(scratch, 'profile'),
      },
      signal,
    );
    return fleet.browser;
  } finally {
    await removeScratch(scratch);
  }
}
