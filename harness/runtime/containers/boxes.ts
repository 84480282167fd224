// Set-top boxes in a container of the run: groups stay on its network, so boxes must be there too.

import { pathInImage } from './buildContext.ts';
import { startCompanion } from './companion.ts';
import type { RunNetwork } from './runNetwork.ts';
import { programAt } from '../../kernel/programAt.ts';
import type { BoxProgram } from '../../model/world.ts';

export interface BoxesOptions {
  readonly network: RunNetwork;
  /** Our stage image, which has the decoder. */
  readonly image: string;
  readonly logDir: string;
  readonly onLine: (line: string) => void;
}

const INSTANCE = 'set-top-boxes';
/** Two dozen boxes of 50 MB, and the program. */
const MEMORY_MB = 1_536;

/** Throws STAGE_FAILED, ENGINE_UNAVAILABLE. */
export async function startBoxes(options: BoxesOptions, signal: AbortSignal): Promise<BoxProgram> {
  const companion = await startCompanion(
    {
      ...options,
      instance: INSTANCE,
      code: 'STAGE_FAILED',
      command: [program()],
      limits: { memoryMb: MEMORY_MB },
      tmpfsMb: {},
      publish: [],
      usesGroups: true,
    },
    signal,
  );
  const { container, stop } = companion;
  return {
    description: 'set-top boxes in a container',
    by: '0.0.0.0',
    ffmpeg: 'ffmpeg',
    send: (line) => container.send(line),
    exited: container.exited,
    [Symbol.asyncDispose]: stop,
  };
}

/** Finds the program by its place: it is of another room, and nothing is imported here. */
const program = (): string =>
  pathInImage(programAt(import.meta.url, '../../../players/box/program'));
