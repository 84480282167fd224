// Plays the parts of many viewers on several threads, and tells what they tell as one simulation.

import { Worker } from 'node:worker_threads';
import { programAt } from '../kernel/programAt.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Emit } from '../model/world.ts';
import { mergeParts } from '../simulate/mergeParts.ts';
import type { AllMet, Failure, FromPart, PartWork } from './partMessages.ts';

export interface SimulatingParts {
  readonly plan: Plan;
  readonly startedAtEpochMs: number;
  /** The names of the viewers of each. */
  readonly parts: readonly (readonly string[])[];
  readonly workers: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Rejects with the failure of the first part that fails, or the reason of the signal. */
export async function simulateParts(options: SimulatingParts): Promise<void> {
  const { parts, emit, signal } = options;
  signal.throwIfAborted();
  const merged = mergeParts(parts.length, emit);
  const over = Promise.withResolvers<void>();
  const { meet } = meeting(parts.length, (message) => {
    for (const worker of workers) worker.postMessage(message);
  });
  const hear = (message: FromPart) => {
    if ('failure' in message) return over.reject(madeAgain(message.failure));
    if ('meetsAtEpochMs' in message) return meet(message.meetsAtEpochMs);
    if (merged.take(message)) over.resolve();
  };
  const workers = shareWork(options).map((work) => startWorker(work, hear, over.reject));
  const stop = () => over.reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await over.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Deals the parts over no more threads than there are parts. */
function shareWork({ plan, startedAtEpochMs, parts, workers }: SimulatingParts): PartWork[] {
  const count = Math.min(workers, parts.length);
  const numbered = parts.map((viewers, part) => ({ part, viewers }));
  return Array.from({ length: count }, (_, worker) => ({
    plan,
    startedAtEpochMs,
    parts: numbered.filter(({ part }) => part % count === worker),
  }));
}

/** Bounds what is young in a thread: next to nothing of it lives on, and V8 lets it take tens of megabytes. */
const YOUNG_MB_MAX = 12;

function startWorker(
  workerData: PartWork,
  hear: (message: FromPart) => void,
  fail: (error: unknown) => void,
): Worker {
  const worker = new Worker(programAt(import.meta.url, './partWorker'), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB_MAX },
  });
  worker.on('message', hear);
  worker.on('error', fail);
  worker.on('exit', (code) => {
    if (code !== 0) fail(new HarnessError('INTERNAL', `a worker ended with ${code} on the way`));
  });
  return worker;
}

/** Waits for every part, and tells when the last one came. */
function meeting(parts: number, tell: (message: AllMet) => void) {
  let came: number[] = [];
  return {
    meet: (epochMs: number) => {
      came.push(epochMs);
      if (came.length < parts) return;
      const lastEpochMs = Math.max(...came);
      came = [];
      tell({ lastEpochMs });
    },
  };
}

const madeAgain = ({ code, message, target, hint }: Failure): HarnessError =>
  new HarnessError(code, message, {
    ...(target !== undefined && { target }),
    ...(hint !== undefined && { hint }),
  });
