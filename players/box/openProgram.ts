// Starts the program of the boxes as a process of this machine, where groups stay on loopback.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { withDeadline } from '../../harness/kernel/deadline.ts';
import { runAtOnce } from '../../harness/kernel/priority.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { programAt } from '../../harness/kernel/programAt.ts';
import type { OpenBoxProgram } from '../../harness/model/world.ts';

const START_MS_MAX = 20_000;
const END_MS_MAX = 5_000;

export const openHere =
  (ffmpeg: string): OpenBoxProgram =>
  async (onLine, signal) => {
    const child = spawn(process.execPath, [programAt(import.meta.url, './program')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => undefined);
    const exited = untilClosed(child);
    const end = () => endProgram(child, exited);
    const lines = createInterface({ input: child.stdout });
    const ready = new Promise<void>((resolve, reject) => {
      lines.once('line', () => resolve());
      void exited.then(() => reject(boxesEnded()));
    });
    const wait = { ms: START_MS_MAX, what: 'the set-top boxes to be ready', signal } as const;
    try {
      await withDeadline({ ...wait, code: 'STAGE_FAILED' }, () => ready);
    } catch (error) {
      await end();
      throw error;
    }
    lines.on('line', onLine);
    // It sleeps nearly always: what it starts decodes.
    if (child.pid !== undefined) void runAtOnce(child.pid);
    return {
      description: `set-top boxes with ${ffmpeg}`,
      by: '127.0.0.1',
      ffmpeg,
      send: (line) => void child.stdin.write(line),
      exited,
      [Symbol.asyncDispose]: end,
    };
  };

const untilClosed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));

/** It ends by itself once its standard input has ended. */
async function endProgram(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.end();
  await withDeadline({ ms: END_MS_MAX, what: 'the boxes to end' }, () => exited).catch(() =>
    child.kill('SIGKILL'),
  );
}

export const boxesEnded = (): HarnessError =>
  new HarnessError('STAGE_FAILED', 'the program of the set-top boxes ended by itself', {
    target: 'viewers',
    hint: 'A machine short of memory ends processes: try fewer boxes.',
  });
