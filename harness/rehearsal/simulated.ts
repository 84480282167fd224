// A simulation whatever plays it: its header, its folder, and what it refuses.

import { readFileSync } from 'node:fs';
import { HarnessError } from '../model/errors.ts';
import { HISTORY_VERSION, type RunRecord } from '../model/history.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import type { Simulated as SimulatedBy } from '../model/simulated.ts';
import { invalid } from '../scenario/invalid.ts';
import { readYaml } from '../scenario/sourceFile.ts';
import { withVariant } from '../scenario/variant.ts';
import type { Refusal } from '../simulate/playable.ts';
import { findVersions } from '../../players/installed.ts';
import { pagePlayers } from '../../players/registry.ts';
import { createRunFolder, type RunPlace } from './runFolder.ts';
import { harnessVersion } from './version.ts';
import { reportFolder } from './writeReports.ts';

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
  return { error, ...(await reportFolder(folder)) };
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

/** Throws SCENARIO_INVALID where there is something to refuse, at its place in the file; `page` says why. */
export function refuse(plan: Plan, refusals: readonly Refusal[], page: string): void {
  const [first] = refusals;
  if (!first) return;
  const { file, variant } = plan.scenario;
  if (file === '')
    throw new HarnessError('SCENARIO_INVALID', first.message, { target: plan.scenario.name });
  const read = readYaml(readFileSync(file, 'utf8'), file);
  const source = variant === undefined ? read : withVariant(read, variant);
  const problems = refusals.map(({ path, message }) => source.problemAt(path, message));
  throw invalid(file, problems, `${page} says what can be simulated`);
}
