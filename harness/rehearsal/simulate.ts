// One simulated rehearsal from a plan to a report on disk, by virtual players.

import { availableParallelism } from 'node:os';
import { sleepOn } from '../kernel/virtualClock.ts';
import { virtualTimers } from '../kernel/virtualTimers.ts';
import type { RealTimes } from '../model/agreement.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { listGroups } from '../model/scenario.ts';
import type { Emit } from '../model/world.ts';
import { createRecorder } from '../run/recorder.ts';
import { describeViewers } from '../scenario/audience.ts';
import { agreementSentence } from '../simulate/agreement.ts';
import { findRefusals } from '../simulate/playable.ts';
import { dealParts, sayParts } from '../simulate/parts.ts';
import { findFleet, PLAYERS } from '../../players/registry.ts';
import { MEASURED_FILE, readMeasured } from './measured.ts';
import type { RunPlace } from './runFolder.ts';
import { simulateParts } from './simulateParts.ts';
import { simulatePlan } from './simulatePlan.ts';
import {
  makeHeader,
  playerVersions,
  refuse,
  reportSimulated,
  simulationStart,
  type Simulated,
} from './simulated.ts';
import { harnessVersion } from './version.ts';

/** Players whose production code runs in virtual time: all but those that need a decoder. */
const VIRTUAL = Object.keys(PLAYERS).filter((name) => findFleet(name) !== 'boxes');

/**
 * Plays a plan in virtual time and judges it.
 * @throws HarnessError SCENARIO_INVALID for what virtual players cannot play, CANNOT_WRITE.
 */
export async function simulateRehearsal(
  plan: Plan,
  out: RunPlace,
  signal: AbortSignal,
  simulating: Pick<Simulating, 'workers'> = {},
): Promise<Simulated> {
  requirePlayable(plan);
  return reportSimulated(plan, out, (journal) => simulateInto(plan, journal, signal, simulating));
}

export interface Simulating {
  readonly alongside?: RealTimes;
  /** The number of threads that play parts of many viewers; every core when not said. */
  readonly workers?: number;
  /** Number of the page, where there are no parts: another one draws other chance for its players. */
  readonly page?: number;
}

/** Writes the journal. The same plan gives the same bytes, on any number of workers. */
export async function simulateInto(
  plan: Plan,
  file: string,
  signal: AbortSignal,
  { alongside, workers = availableParallelism(), page = 0 }: Simulating = {},
): Promise<void> {
  const startedAtEpochMs = simulationStart(plan);
  const timers = virtualTimers(startedAtEpochMs);
  const broken = new AbortController();
  const recorder = createRecorder({
    file,
    startedAtEpochMs,
    clock: sleepOn(timers),
    gathers: true,
    onFailure: (error) => broken.abort(error),
  });
  let toldEpochMs = startedAtEpochMs;
  const emit: Emit = (record) => {
    toldEpochMs = Math.max(toldEpochMs, record.atEpochMs ?? timers.epochMs());
    recorder.emit(record);
  };
  const viewers = describeViewers(plan.scenario).filter(({ control }) => !control);
  const players = playerVersions(listGroups(plan.scenario).map(({ player }) => player));
  const harness = harnessVersion();
  const parts = alongside ? [] : dealParts(viewers);
  const agreement = [
    agreementSentence({ harness, players }, readMeasured(MEASURED_FILE)),
    ...sayParts(parts),
  ].join(' ');
  const header = makeHeader(plan, { engine: 'virtual-player', players, agreement });
  emit({ ...header, viewers, atEpochMs: startedAtEpochMs });
  const playing = AbortSignal.any([signal, broken.signal]);
  try {
    await (parts.length > 1
      ? simulateParts({ plan, startedAtEpochMs, parts, workers, emit, signal: playing })
      : simulatePlan({ plan, timers, emit, alongside, page, signal: playing }));
  } catch (error) {
    const interrupted = signal.aborted;
    emit({
      type: 'end',
      atEpochMs: toldEpochMs,
      ...(interrupted
        ? { reason: 'interrupted' }
        : { reason: 'error', detail: errorMessage(error) }),
    });
    throw interrupted ? new HarnessError('INTERRUPTED', 'interrupted', { cause: error }) : error;
  } finally {
    recorder.close();
  }
}

/** Throws SCENARIO_INVALID for what virtual players cannot play, at its place in the file. */
export function requirePlayable(plan: Plan): void {
  refuse(plan, findRefusals(plan, VIRTUAL), 'docs/simulate.md');
}
