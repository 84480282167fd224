// Plays the same cases by real players and by virtual ones, and keeps what was seen of both.

import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import {
  AGREEMENT_VERSION,
  type AgreementCase,
  type AgreementRun,
  type Measured,
  type RealTimes,
} from '../model/agreement.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { createOwnedFolder, removeScratch } from '../runtime/ownedFolder.ts';
import { planFor } from './plan.ts';
import type { Watch } from './recording.ts';
import { rehearse } from './rehearse.ts';
import { JOURNAL } from './runFolder.ts';
import { listCases, readRun, readTimes, type NamedCase, type SeenRun } from './seenCases.ts';
import { requirePlayable, simulateInto } from './simulate.ts';
import { playerVersions } from './simulated.ts';
import type { Setting } from './setting.ts';
import { harnessVersion, packageRoot } from './version.ts';

export interface Agreeing {
  /** Scenarios, which are played, and folders of real runs, which were. */
  readonly paths: readonly string[];
  /** Asked for only when something is to be played. */
  readonly settingFor: () => Promise<Setting>;
  readonly watch: Watch;
  /** Told of each that is played. */
  readonly onStart: (plan: Plan) => void;
}

/** Rejects with what ended a real run, SCENARIO_INVALID, RECORD_UNREADABLE. */
export async function agree(agreeing: Agreeing, signal: AbortSignal): Promise<Measured> {
  const played = agreeing.paths.filter((path) => !isFolder(path));
  const plans = new Map<string, Plan>();
  for (const path of played) {
    const plan = await planFor(path, AS_WRITTEN);
    requirePlayable(plan);
    plans.set(path, plan);
  }
  const runs: AgreementRun[] = [];
  for (const path of agreeing.paths) {
    const plan = plans.get(path);
    const real = readRun(join(plan ? await playReal(plan, agreeing, signal) : path, JOURNAL));
    runs.push(await besideVirtual(real, signal));
  }
  return {
    version: AGREEMENT_VERSION,
    madeAt: new Date().toISOString(),
    harness: harnessVersion(),
    players: versionsIn(runs),
    runs,
  };
}

/** Simulates again what was measured before: the real side stays as it is. */
export async function agreeAgain(before: Measured, signal: AbortSignal): Promise<Measured> {
  const runs: AgreementRun[] = [];
  for (const run of before.runs) {
    const file = resolve(packageRoot(), run.file);
    const plan = await planFor(file, { ...AS_WRITTEN, seed: run.seed });
    requirePlayable(plan);
    const real = run.cases.map(({ real: seen, ...one }) => ({ ...one, seen }));
    runs.push({ ...run, cases: paired(real, await simulated(plan, run.times, signal)) });
  }
  return { ...before, harness: harnessVersion(), players: versionsIn(runs), runs };
}

const AS_WRITTEN = {
  compress: 1,
  seed: undefined,
  viewers: undefined,
  design: undefined,
  variant: undefined,
  player: undefined,
} as const;

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** Gives the folder of the run. */
async function playReal(
  plan: Plan,
  { settingFor, watch, onStart }: Agreeing,
  signal: AbortSignal,
): Promise<string> {
  const setting = await settingFor();
  onStart(plan);
  const { end, dir } = await rehearse(plan, { setting, watch }, signal);
  if (end.error) throw end.error;
  return dir;
}

async function besideVirtual(real: SeenRun, signal: AbortSignal): Promise<AgreementRun> {
  const { plan, environment, engine } = real.recorded.run;
  const { file, name } = plan.scenario;
  if (engine !== 'run' || real.report.run.ended !== 'complete')
    throw new HarnessError('ARGUMENT_INVALID', `${name} is no complete real run`, {
      target: real.report.run.id,
      hint: 'name scenarios to play, or folders of runs by `ecran-noir run` that came to their end',
    });
  const times = readTimes(real);
  return {
    scenario: name,
    file: relative(packageRoot(), file),
    seed: plan.seed,
    playedAt: real.report.run.startedAt,
    browser: environment.tools['chromium'] ?? 'unknown',
    times,
    cases: paired(listCases(real, times.watchedMs), await simulated(plan, times, signal)),
  };
}

/** Gives the cases of a simulation in step with a real run; nothing of it stays on disk. */
async function simulated(plan: Plan, times: RealTimes, signal: AbortSignal) {
  const folder = await createOwnedFolder('agree');
  const journal = join(folder, JOURNAL);
  try {
    await simulateInto(plan, journal, signal, { alongside: times });
    return listCases(readRun(journal), times.watchedMs);
  } finally {
    await removeScratch(folder);
  }
}

type Named = Pick<NamedCase, 'name' | 'player' | 'seen'>;

function paired(real: readonly Named[], virtual: readonly Named[]): readonly AgreementCase[] {
  const byName = new Map(virtual.map((one) => [one.name, one.seen]));
  return real.flatMap(({ name, player, seen }) => {
    const other = byName.get(name);
    return other ? [{ name, player, real: seen, virtual: other }] : [];
  });
}

const versionsIn = (runs: readonly AgreementRun[]) =>
  playerVersions(runs.flatMap(({ cases }) => cases.map(({ player }) => player)));
