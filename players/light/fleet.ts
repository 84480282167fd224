// Light viewers as a fleet: dealt over processes of their own, whose records are the run's.

import { fork, type ChildProcess } from 'node:child_process';
import { cpus } from 'node:os';
import { withDeadline } from '../../harness/kernel/deadline.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FleetOptions, PlayerFleet, ViewerLaunch } from '../../harness/model/world.ts';
import { lightViewer, type FromProgram, type ToProgram } from './messages.ts';
import { programAt } from '../../harness/kernel/programAt.ts';

/** So many viewers take about half of a core (npm run bench light). */
const VIEWERS_PER_PROCESS = 250;
const START_MS_MAX = 20_000;
const LEAVE_MS_MAX = 10_000;

/** Errors: STAGE_FAILED where a process does not start. */
export async function startLightFleet(
  options: FleetOptions,
  signal: AbortSignal,
): Promise<PlayerFleet> {
  const wanted = Math.ceil(options.count / VIEWERS_PER_PROCESS);
  const count = Math.max(1, Math.min(cpus().length, wanted));
  const programs = Array.from({ length: count }, () => startProgram(options));
  const end = () => Promise.all(programs.map((program) => program.end()));
  try {
    await withDeadline(
      { ms: START_MS_MAX, what: 'the light viewers to be ready', code: 'STAGE_FAILED', signal },
      () => Promise.all(programs.map(({ ready }) => ready)),
    );
  } catch (error) {
    await end();
    throw error;
  }
  return {
    browser: `light viewers in ${count === 1 ? 'a process' : `${count} processes`} of their own`,
    join: async (launches) => deal(launches, programs, options.media.segmentMs),
    screenshot: async () => new Uint8Array(),
    leave: async (viewers) => {
      await withDeadline(
        { ms: LEAVE_MS_MAX, what: 'the light viewers to leave', code: 'STAGE_FAILED' },
        () => Promise.all(programs.map((program) => program.leave(viewers))),
      );
    },
    [Symbol.asyncDispose]: async () => void (await end()),
  };
}

/** Spread over a segment: viewers who join together would otherwise ask in step for ever. */
function deal(launches: readonly ViewerLaunch[], programs: readonly Program[], spreadMs: number) {
  const viewers = launches.map((launch, i) =>
    lightViewer(launch, (i * spreadMs) / launches.length),
  );
  for (const [n, program] of programs.entries())
    program.tell({ does: 'join', viewers: viewers.filter((_, i) => i % programs.length === n) });
}

interface Program {
  readonly ready: Promise<void>;
  readonly tell: (message: ToProgram) => void;
  readonly leave: (viewers?: readonly string[]) => Promise<void>;
  readonly end: () => Promise<void>;
}

function startProgram({ emit, seed, startedAtEpochMs = 0 }: FleetOptions): Program {
  const child = fork(programAt(import.meta.url, './program'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = Promise.withResolvers<void>();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let asked = false;
  let left: (() => void) | undefined;
  child.on('message', (message: FromProgram) => {
    if (message.tells === 'records') for (const record of message.records) emit(record);
    else if (message.tells === 'ready') ready.resolve();
    else left?.();
  });
  child.once('error', (error) => ready.reject(notStarted(error.message)));
  void exited.then(() => {
    ready.reject(notStarted('it ended at once'));
    left?.();
    if (!asked) emit({ type: 'log', level: 'warning', text: GONE });
  });
  const tell = (message: ToProgram): void => {
    if (child.connected) child.send(message);
  };
  tell({ does: 'start', seed, startedAtEpochMs });
  return {
    ready: ready.promise,
    tell,
    leave: (viewers) =>
      new Promise((resolve) => {
        left = resolve;
        if (!child.connected) return resolve();
        tell(viewers ? { does: 'leave', viewers } : { does: 'leave' });
      }),
    end: () => {
      asked = true;
      return endProgram(child, exited);
    },
  };
}

const GONE =
  'a process of light viewers ended by itself: nothing is known of its viewers from then on';

const notStarted = (why: string): HarnessError =>
  new HarnessError('STAGE_FAILED', `a process of light viewers did not start: ${why}`, {
    target: 'viewers',
    hint: 'A machine short of memory ends processes: try fewer light viewers.',
  });

/** It ends by itself once nobody is connected to it. */
async function endProgram(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.connected) child.disconnect();
  await withDeadline({ ms: LEAVE_MS_MAX, what: 'a process to end' }, () => exited).catch(() =>
    child.kill('SIGKILL'),
  );
}
