// Set-top boxes as a fleet: they run in a program of their own, whose records are the run's.

import { cpus, totalmem } from 'node:os';
import { withDeadline } from '../../harness/kernel/deadline.ts';
import type { HarnessError } from '../../harness/model/errors.ts';
import type { PlayerFleet } from '../../harness/model/world.ts';
import { requireCapacity } from '../capacity.ts';
import type { StartFleetOptions } from '../fleet.ts';
import type { FromBoxes, ToBoxes } from './messages.ts';
import { boxesEnded, openHere } from './openProgram.ts';

const MB = 1024 * 1024;
const LEAVE_MS_MAX = 10_000;

/** @throws HarnessError CAPACITY_EXCEEDED for more boxes than this machine decodes, STAGE_FAILED. */
export async function startBoxFleet(
  options: StartFleetOptions,
  signal: AbortSignal,
): Promise<PlayerFleet> {
  const { count, media, seed, emit, ffmpeg = 'ffmpeg' } = options;
  requireCapacity(new Map([['boxes', count]]), { cores: cpus().length, memoryMb: totalmem() / MB });
  const { openBoxes = openHere(ffmpeg) } = options;
  let left: () => void = () => undefined;
  const program = await openBoxes((line) => {
    const message = JSON.parse(line) as FromBoxes;
    if (message.type === 'record') emit(message.record);
    else if (message.type === 'left') left();
  }, signal);
  const tell = (message: ToBoxes) => program.send(`${JSON.stringify(message)}\n`);
  const settings = { ffmpeg: program.ffmpeg, count, fps: media.fps, seed, by: program.by };
  tell({ does: 'start', settings });
  const lost = Promise.withResolvers<HarnessError>();
  let isOver = false;
  void program.exited.then(() => {
    left();
    if (!isOver) lost.resolve(boxesEnded());
  });
  return {
    browser: program.description,
    lost: lost.promise,
    join: async (launches) => tell({ does: 'join', launches }),
    screenshot: async () => new Uint8Array(),
    leave: (viewers) =>
      withDeadline(
        { ms: LEAVE_MS_MAX, what: 'the set-top boxes to leave', code: 'STAGE_FAILED' },
        () =>
          new Promise<void>((resolve) => {
            left = resolve;
            tell({ does: 'leave', viewers });
          }),
      ),
    [Symbol.asyncDispose]: () => {
      isOver = true;
      return program[Symbol.asyncDispose]();
    },
  };
}
