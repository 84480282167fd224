// Set-top boxes in a container of the run: groups stay on its network, so boxes must be there too.

import { pathInImage } from './buildContext.ts';
import { startCompanion } from './companion.ts';
import type { ContainerExit } from './container.ts';
import type { RunNetwork } from './runNetwork.ts';
import { programAt } from '../../kernel/programAt.ts';

export interface BoxesOptions {
  readonly network: RunNetwork;
  /** Our stage image, which has the decoder. */
  readonly image: string;
  readonly logDir: string;
  readonly onLine: (line: string) => void;
}

/** The same that players/box/openProgram.ts has for a process. */
export interface BoxesContainer extends AsyncDisposable {
  readonly description: string;
  readonly by: string;
  readonly ffmpeg: string;
  readonly send: (line: string) => void;
  readonly exited: Promise<ContainerExit>;
  readonly end: () => Promise<void>;
}

const INSTANCE = 'set-top-boxes';
/** Two dozen decoders of 40 MB, and the program. */
const MEMORY_MB = 1_536;

/** Throws STAGE_FAILED, ENGINE_UNAVAILABLE. */
export async function startBoxes(
  options: BoxesOptions,
  signal: AbortSignal,
): Promise<BoxesContainer> {
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
    end: stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Finds the program by its place: it is of another room, and nothing is imported here. */
const program = (): string =>
  pathInImage(programAt(import.meta.url, '../../../players/box/program'));
