// One rehearsal from a plan to a report on disk. It prints nothing: who wants to show it, watches.

import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import type { ViewerDescription } from '../model/history.ts';
import { busyText } from '../kernel/load.ts';
import { runningAtOnce } from '../kernel/priority.ts';
import { requireDoable } from '../faults/runtimeNeeds.ts';
import { findStagePlaces } from '../scenario/stagePlaces.ts';
import { watchGuardrails } from '../measure/guardrail.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { describeViewers } from '../scenario/audience.ts';
import type { Exercise, RunEnd } from '../run/request.ts';
import { run } from '../run/runner.ts';
import { sweepLeftovers } from '../runtime/containers/sweep.ts';
import { createOwnedFolder, PASSABLE, removeScratch } from '../runtime/ownedFolder.ts';
import { runHeader } from './header.ts';
import { startRecording, type Watch } from './recording.ts';
import { createRunFolder, writeRunFile, type RunFolder } from './runFolder.ts';
import { requireOnePlayerEach } from './plan.ts';
import type { Setting } from './setting.ts';
import { dealViewers } from '../../players/wall/shares.ts';
import type { Wall } from '../../players/wall/server.ts';
import { createWorld, type WallScreen } from './world.ts';
import { reportFolder } from './writeReports.ts';

/** The parts that a rehearsal is played with. */
export interface Rehearsing {
  readonly setting: Setting;
  readonly watch?: Watch | undefined;
  /** The work done in the disrupt phase instead of the plan's timeline. */
  readonly exercise?: Exercise;
  /** The display whose whole screen the wall takes. */
  readonly screen?: WallScreen | undefined;
  /** Workers on other machines, which show the viewers of the wall; disposed of by the caller. */
  readonly wall?: Wall | undefined;
}

export interface Rehearsed {
  readonly report: Report;
  readonly end: RunEnd;
  /** The run's folder. */
  readonly dir: string;
  /** The files that were written, the journal first. */
  readonly files: readonly string[];
}

/**
 * Plays a plan and judges it. Rejects only before anything is started (ARGUMENT_INVALID,
 * TOOL_UNFIT, CANNOT_WRITE) or when its record cannot be judged; how a run that was started ended
 * is in the answer.
 */
export async function rehearse(
  plan: Plan,
  rehearsing: Rehearsing,
  signal: AbortSignal,
): Promise<Rehearsed> {
  const { out, runtime } = rehearsing.setting;
  requireOnePlayerEach(plan);
  requireDoable(plan, runtime, findStagePlaces(plan.scenario));
  await sweepLeftovers();
  const startedAtEpochMs = systemClock.epochMs();
  const folder = await createRunFolder(out, plan.scenario.name, new Date(startedAtEpochMs));
  const end = await runningAtOnce(() =>
    play({ ...rehearsing, plan, folder, startedAtEpochMs, signal }),
  );
  return { end, ...(await reportFolder(folder)) };
}

interface Playing extends Rehearsing {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly startedAtEpochMs: number;
  readonly signal: AbortSignal;
}

async function play(playing: Playing): Promise<RunEnd> {
  const { plan, setting, folder, startedAtEpochMs, watch, exercise, wall, signal } = playing;
  const own = describeViewers(plan.scenario);
  const viewers = wall ? dealViewers(own, wall.shares, plan.seed) : own;
  // Tools take their time to say their versions, and no other record may come before this one.
  const header = await runHeader({ plan, id: folder.id, startedAtEpochMs, setting, wall });
  const scratch = await createOwnedFolder('run', PASSABLE);
  using recording = startRecording({ plan, folder, startedAtEpochMs, watch });
  const { recorder, watcher, stop } = recording;
  const { emit } = recorder;
  let end: RunEnd;
  try {
    const busy = busyText('before');
    if (busy !== undefined) watcher?.warn?.(busy);
    emit({ ...header, viewers });
    if (busy !== undefined) emit({ type: 'log', level: 'warning', text: busy });
    const world = createWorld({ ...playing, scratch, emit });
    const saveScreenshot = savePictures(folder.dir);
    end = await run({
      plan,
      viewers,
      world,
      recorder,
      startedAtEpochMs,
      saveScreenshot,
      signal,
      stop,
      ...(exercise && { exercise }),
      ...(plan.scenario.guardrails.length > 0 && { guardrails: makeGuardrails(plan, viewers) }),
    });
  } finally {
    recording.close();
  }
  return { ...end, leftovers: [...end.leftovers, ...(await removeScratch(scratch))] };
}

const makeGuardrails = (plan: Plan, viewers: readonly ViewerDescription[]) =>
  watchGuardrails({
    guardrails: plan.scenario.guardrails,
    viewers,
    fps: plan.scenario.design.media.fps,
    cutMs: plan.cutMs,
  });

const savePictures = (dir: string) => async (moment: string, png: Uint8Array) => {
  const file = `screenshots/${moment}.png`;
  await writeRunFile(join(dir, file), png);
  return file;
};
