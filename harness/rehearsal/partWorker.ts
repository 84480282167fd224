// A thread of a simulation in parts: plays those that it was given, in turns with each other.

import { parentPort, workerData } from 'node:worker_threads';
import { findEntries } from '../design/hops.ts';
import { virtualTimers } from '../kernel/virtualTimers.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import type { Unstamped } from '../model/history.ts';
import type { Told } from '../simulate/mergeParts.ts';
import type { AllMet, Failure, FromPart, PartWork } from './partMessages.ts';
import { simulatePlan } from './simulatePlan.ts';

const { plan, startedAtEpochMs, parts } = workerData as PartWork;
const port = parentPort!;
const send = (message: FromPart) => port.postMessage(message);
let met = Promise.withResolvers<number>();

port.on('message', ({ lastEpochMs }: AllMet) => {
  const { resolve } = met;
  met = Promise.withResolvers();
  resolve(lastEpochMs);
});

/** So many records are sent at once. */
const TOLD_AT_ONCE = 500;

await Promise.all(parts.map(({ part, viewers }) => play(part, viewers)));
port.close();

async function play(part: number, viewers: readonly string[]): Promise<void> {
  const timers = virtualTimers(startedAtEpochMs);
  let told: Told[] = [];
  const flush = (reachedEpochMs: number) => {
    send({ part, told, reachedEpochMs });
    told = [];
  };
  const emit = (record: Unstamped) => {
    if (part > 0 && !isAboutViewers(record)) return;
    told.push([timers.epochMs(), record]);
    if (told.length >= TOLD_AT_ONCE) flush(timers.epochMs());
  };
  const meet = (meetsAtEpochMs: number) => {
    const { promise } = met;
    flush(timers.epochMs());
    send({ meetsAtEpochMs });
    return promise;
  };
  const { signal } = new AbortController();
  const here = { viewers: new Set(viewers), meet };
  try {
    await simulatePlan({ plan, timers, emit, signal, part: here, page: part });
    flush(Infinity);
  } catch (error) {
    send({ failure: describeFailure(error) });
  }
}

/** The first part tells of the chain; edges count the requests of the viewers of every part. */
function isAboutViewers(record: Unstamped): boolean {
  if (record.type === 'stats')
    return findEntries(plan.scenario.design).some(({ name }) => name === record.stage);
  return 'viewer' in record || record.type === 'log';
}

function describeFailure(error: unknown): Failure {
  if (!(error instanceof HarnessError))
    return { code: 'INTERNAL', message: errorMessage(error), target: undefined, hint: undefined };
  const { code, message, target, hint } = error;
  return { code, message, target, hint };
}
