// One simulated rehearsal from a plan to a report on disk, by virtual players.

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { sleepOn } from '../kernel/virtualClock.ts';
import { virtualTimers } from '../kernel/virtualTimers.ts';
import type { RealTimes } from '../model/agreement.ts';
import { HarnessError, errorMessage } from '../model/errors.ts';
import { HISTORY_VERSION, type RunRecord } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { listGroups } from '../model/scenario.ts';
import type { Simulated as SimulatedBy } from '../model/simulated.ts';
import type { Emit } from '../model/world.ts';
import { createRecorder } from '../run/recorder.ts';
import { describeViewers } from '../scenario/audience.ts';
import { invalid } from '../scenario/invalid.ts';
import { readYaml } from '../scenario/sourceFile.ts';
import { withVariant } from '../scenario/variant.ts';
import { agreementSentence } from '../simulate/agreement.ts';
import { findRefusals, type Refusal } from '../simulate/playable.ts';
import { dealParts, sayParts } from '../simulate/parts.ts';
import { findVersions } from '../../players/installed.ts';
import { findFleet, pagePlayers, PLAYERS } from '../../players/registry.ts';
import { MEASURED_FILE, readMeasured } from './measured.ts';
import { createRunFolder, type RunPlace } from './runFolder.ts';
import { simulateParts } from './simulateParts.ts';
import { simulatePlan } from './simulatePlan.ts';
import { harnessVersion } from './version.ts';
import { judgeFolder, writeReports } from './writeReports.ts';

/** Players whose production code runs in virtual time: all but those that need a decoder. */
const VIRTUAL = Object.keys(PLAYERS).filter((name) => findFleet(name) !== 'boxes');

/**
 * Every simulation begins at this moment, and a part of a segment later that its seed draws: where the
 * discontinuity sequence of a packager, which hls.js walks up to at every refresh, begins at 0.
 */
const START_EPOCH_MS = Date.UTC(2025, 11, 29, 9, 20);

export interface Simulated {
  readonly report: Report;
  /** The reason why it did not come to its end; undefined when it did. */
  readonly error: unknown;
  readonly dir: string;
  readonly files: readonly string[];
}

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

/** Makes the folder of a simulation, which `play` writes the journal of, and judges it. */
export async function reportSimulated(
  plan: Plan,
  out: RunPlace,
  play: (journal: string) => Promise<void>,
): Promise<Simulated> {
  const folder = await createRunFolder(out, plan.scenario.name, new Date());
  const error = await play(folder.journal).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const report = judgeFolder(folder.dir);
  const files = await writeReports(folder.dir, report);
  return { report, error, dir: folder.dir, files: [folder.journal, ...files] };
}

export interface Simulating {
  readonly alongside?: RealTimes;
  /** The number of threads that play parts of many viewers; every core when not said. */
  readonly workers?: number;
}

/** Writes the journal. The same plan gives the same bytes, on any number of workers. */
export async function simulateInto(
  plan: Plan,
  file: string,
  signal: AbortSignal,
  { alongside, workers = availableParallelism() }: Simulating = {},
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
      : simulatePlan({ plan, timers, emit, alongside, page: 0, signal: playing }));
  } catch (error) {
    const interrupted = signal.aborted;
    emit({
      type: 'end',
      atEpochMs: toldEpochMs,
      reason: interrupted ? 'interrupted' : 'error',
      detail: errorMessage(error),
    });
    throw interrupted ? new HarnessError('INTERRUPTED', 'interrupted', { cause: error }) : error;
  } finally {
    recorder.close();
  }
}

/** Gives the time at which a simulation of a plan begins. */
export const simulationStart = ({ seed, scenario }: Plan): number =>
  START_EPOCH_MS + ((seed * 7919) % scenario.design.media.segmentMs);

/** Gives the first record of a simulation, but for its viewers. */
export function makeHeader(
  plan: Plan,
  simulated: SimulatedBy,
): Omit<RunRecord, 'atMs' | 'viewers'> {
  return {
    type: 'run',
    version: HISTORY_VERSION,
    engine: 'simulate',
    startedAtEpochMs: simulationStart(plan),
    plan,
    id: `${plan.scenario.name}-${simulated.engine}-${plan.seed}-x${plan.compress}`,
    harness: harnessVersion(),
    simulated,
    environment: {
      runtime: 'none',
      runtimeReason: 'virtual time',
      toxiproxy: 'none: numbers of faults',
      node: process.version,
      platform: 'virtual',
      cores: 0,
      memoryMb: 0,
      tools: simulated.players,
    },
  };
}

/** Gives the versions of players: a run and a simulation bundle the same packages. */
export const playerVersions = (players: readonly string[]): Readonly<Record<string, string>> =>
  findVersions(pagePlayers(players));

/** Throws SCENARIO_INVALID for what virtual players cannot play, at its place in the file. */
export function requirePlayable(plan: Plan): void {
  refuse(plan, findRefusals(plan, VIRTUAL));
}

/** Throws SCENARIO_INVALID where there is something to refuse, at its place in the file. */
export function refuse(plan: Plan, refusals: readonly Refusal[]): void {
  const [first] = refusals;
  if (!first) return;
  const { file, variant } = plan.scenario;
  if (file === '')
    throw new HarnessError('SCENARIO_INVALID', first.message, { target: plan.scenario.name });
  const read = readYaml(readFileSync(file, 'utf8'), file);
  const source = variant === undefined ? read : withVariant(read, variant);
  const problems = refusals.map(({ path, message }) => source.problemAt(path, message));
  throw invalid(file, problems, 'docs/simulate.md says what can be simulated');
}
