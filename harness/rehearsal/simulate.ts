// One simulated rehearsal from a plan to a report on disk, by virtual players.

import { readFileSync } from 'node:fs';
import { sleepOn } from '../kernel/virtualClock.ts';
import { virtualTimers } from '../kernel/virtualTimers.ts';
import type { RealTimes } from '../model/agreement.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import { HISTORY_VERSION, type RunRecord } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { groupsOf } from '../model/scenario.ts';
import { createRecorder } from '../run/recorder.ts';
import { describeViewers } from '../scenario/audience.ts';
import { invalid } from '../scenario/invalid.ts';
import { readYaml } from '../scenario/sourceFile.ts';
import { withVariant } from '../scenario/variant.ts';
import { agreementSentence } from '../simulate/agreement.ts';
import { refusalsOf } from '../simulate/playable.ts';
import { simulate } from '../simulate/simulate.ts';
import { versionsOf } from '../../players/installed.ts';
import { fleetOf, pagePlayers, PLAYERS } from '../../players/registry.ts';
import { withLightViewers } from '../../players/light/virtual.ts';
import { openVirtualWall, VIRTUAL_PLAYERS } from '../../players/virtual/wall.ts';
import { MEASURED_FILE, readMeasured } from './measured.ts';
import { createRunFolder, type RunPlace } from './runFolder.ts';
import { harnessVersion } from './version.ts';
import { judgeFolder, writeReports } from './writeReports.ts';

/** Players whose production code runs in virtual time. */
const VIRTUAL = [
  ...Object.keys(VIRTUAL_PLAYERS),
  ...Object.keys(PLAYERS).filter((name) => fleetOf(name) === 'light'),
];

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
): Promise<Simulated> {
  requirePlayable(plan);
  const folder = await createRunFolder(out, plan.scenario.name, new Date());
  const error = await simulateInto(plan, folder.journal, signal).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const report = judgeFolder(folder.dir);
  const files = await writeReports(folder.dir, report);
  return { report, error, dir: folder.dir, files: [folder.journal, ...files] };
}

/** Writes the journal. The same plan gives the same bytes. */
export async function simulateInto(
  plan: Plan,
  file: string,
  signal: AbortSignal,
  alongside?: RealTimes,
): Promise<void> {
  const { segmentMs } = plan.scenario.design.media;
  const startedAtEpochMs = START_EPOCH_MS + ((plan.seed * 7919) % segmentMs);
  const timers = virtualTimers(startedAtEpochMs);
  const broken = new AbortController();
  const recorder = createRecorder({
    file,
    startedAtEpochMs,
    clock: sleepOn(timers),
    onFailure: (error) => broken.abort(error),
  });
  const { emit } = recorder;
  const viewers = describeViewers(plan.scenario).filter(({ control }) => !control);
  emit({ ...headerOf(plan, startedAtEpochMs), viewers, atEpochMs: startedAtEpochMs });
  const { seed } = plan;
  try {
    await simulate({
      plan,
      viewers,
      timers,
      emit,
      alongside,
      openViewers: async (stream, fail) => {
        const wall = await openVirtualWall({ stream, seed, emit, fail });
        return withLightViewers(wall, { stream, seed, emit, spreadMs: segmentMs });
      },
      signal: AbortSignal.any([signal, broken.signal]),
    });
  } catch (error) {
    const interrupted = signal.aborted;
    emit({ type: 'end', reason: interrupted ? 'interrupted' : 'error', detail: messageOf(error) });
    throw interrupted ? new HarnessError('INTERRUPTED', 'interrupted', { cause: error }) : error;
  } finally {
    recorder.close();
  }
}

function headerOf(plan: Plan, startedAtEpochMs: number): Omit<RunRecord, 'atMs' | 'viewers'> {
  const players = playerVersions(groupsOf(plan.scenario).map(({ player }) => player));
  return {
    type: 'run',
    version: HISTORY_VERSION,
    engine: 'simulate',
    startedAtEpochMs,
    plan,
    id: `${plan.scenario.name}-virtual-player-${plan.seed}-x${plan.compress}`,
    harness: harnessVersion(),
    simulated: {
      engine: 'virtual-player',
      players,
      agreement: agreementSentence(
        { harness: harnessVersion(), players },
        readMeasured(MEASURED_FILE),
      ),
    },
    environment: {
      runtime: 'none',
      runtimeReason: 'virtual time',
      toxiproxy: 'none: numbers of faults',
      node: process.version,
      platform: 'virtual',
      cores: 0,
      memoryMb: 0,
      tools: players,
    },
  };
}

/** Gives the versions of players: a run and a simulation bundle the same packages. */
export const playerVersions = (players: readonly string[]): Readonly<Record<string, string>> =>
  versionsOf(pagePlayers(players));

/** Throws SCENARIO_INVALID for what virtual players cannot play, at its place in the file. */
export function requirePlayable(plan: Plan): void {
  const refusals = refusalsOf(plan, VIRTUAL);
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
