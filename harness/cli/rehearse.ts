// One rehearsal from a plan to a report on disk: what `run` does once and `compare` again and again.

import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import {
  HISTORY_VERSION,
  type Environment,
  type RunRecord,
  type ViewerDescription,
} from '../model/history.ts';
import { busyText } from '../kernel/load.ts';
import { runningAtOnce } from '../kernel/priority.ts';
import { requireDoable } from '../faults/runtimeNeeds.ts';
import { watchGuardrails } from '../measure/guardrail.ts';
import type { Plan } from '../model/plan.ts';
import type { Report } from '../model/report.ts';
import { describeViewers } from '../run/audience.ts';
import { createRecorder } from '../run/recorder.ts';
import { run, type Exercise, type RunEnd } from '../run/runner.ts';
import { sweepLeftovers } from '../runtime/containers/sweep.ts';
import { createOwnedFolder } from '../runtime/ownedFolder.ts';
import { chooseRuntime, type RuntimeChoice, type RuntimeKind } from '../runtime/select.ts';
import { findTool, requireFitTools, requireTools, TOOLS, versionOf } from '../runtime/tools.ts';
import { watchLoad } from './loadWatch.ts';
import { createLiveScreen } from './liveScreen.ts';
import { keptMargin } from './rulerStore.ts';
import { createRunFolder, writeRunFile, type RunFolder } from './runFolder.ts';
import { harnessVersion } from './version.ts';
import {
  createWorld,
  requireFittingWishes,
  type BrowserKind,
  type ToxiproxyWish,
  type WallScreen,
} from './world.ts';
import { judgeFolder, writeReports } from './writeReports.ts';

/** The user's choices for what a rehearsal runs on. */
export interface Wishes {
  readonly out: string;
  readonly runtime: 'auto' | RuntimeKind;
  readonly browser: 'auto' | BrowserKind;
  readonly chrome: string | undefined;
  readonly toxiproxy: ToxiproxyWish;
  readonly quiet: boolean;
}

/** The parts that a rehearsal is played with. */
export interface Rehearsing {
  readonly wishes: Wishes;
  readonly setting: Setting;
  /** The work done in the disrupt phase instead of the plan's timeline. */
  readonly exercise?: Exercise;
  /** The display whose whole screen the wall takes. */
  readonly screen?: WallScreen;
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
 * TOOL_MISSING, TOOL_UNFIT, ENGINE_UNAVAILABLE, CANNOT_WRITE) or when its record cannot be judged;
 * how a run that was started ended is in the answer.
 */
export async function rehearse(
  plan: Plan,
  rehearsing: Rehearsing,
  signal: AbortSignal,
): Promise<Rehearsed> {
  requireDoable(plan, rehearsing.setting.runtime);
  await sweepLeftovers();
  const startedAtEpochMs = systemClock.epochMs();
  const folder = await createRunFolder(
    rehearsing.wishes.out,
    plan.scenario.name,
    new Date(startedAtEpochMs),
  );
  const end = await runningAtOnce(() =>
    play({ ...rehearsing, plan, folder, startedAtEpochMs, signal }),
  );
  const report = await judgeFolder(folder.dir);
  const files = await writeReports(folder.dir, report);
  return { report, end, dir: folder.dir, files: [folder.journal, ...files] };
}

/** The choices that a run starts from, made and checked before anything is started. */
export interface Setting {
  readonly runtime: RuntimeChoice;
  readonly browser: BrowserKind;
  readonly tools: Readonly<Record<string, string>>;
}

/** Throws ARGUMENT_INVALID, TOOL_MISSING, TOOL_UNFIT, ENGINE_UNAVAILABLE. */
export async function settingFor(wishes: Wishes, signal: AbortSignal): Promise<Setting> {
  const runtime = await chooseRuntime(wishes.runtime, signal);
  const browser = await chooseBrowser(wishes, runtime.kind);
  requireFittingWishes({ runtime: runtime.kind, browser, toxiproxy: wishes.toxiproxy });
  const needed = [
    ...(runtime.kind === 'processes' ? (['ffmpeg', 'nginx'] as const) : []),
    ...(browser === 'host' && wishes.chrome === undefined ? (['chromium'] as const) : []),
  ];
  const tools = await requireTools(needed);
  await requireFitTools(tools);
  return { runtime, browser, tools: wishes.chrome ? { ...tools, chromium: wishes.chrome } : tools };
}

async function chooseBrowser(wishes: Wishes, runtime: RuntimeKind): Promise<BrowserKind> {
  if (wishes.browser !== 'auto') return wishes.browser;
  if (runtime === 'processes' || wishes.chrome !== undefined) return 'host';
  const chromium = TOOLS.find(({ name }) => name === 'chromium');
  return chromium && (await findTool(chromium)) ? 'host' : 'container';
}

interface Playing extends Rehearsing {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly startedAtEpochMs: number;
  readonly signal: AbortSignal;
}

async function play(playing: Playing): Promise<RunEnd> {
  const {
    plan,
    wishes,
    setting,
    folder,
    startedAtEpochMs,
    exercise,
    screen: wallScreen,
    signal,
  } = playing;
  const busy = busyText('before');
  if (busy !== undefined && wishes.quiet) process.stderr.write(`warning: ${busy}\n`);
  const scratch = await createOwnedFolder('run');
  const stop = new AbortController();
  using screen = createLiveScreen({
    plan,
    nowMs: () => systemClock.epochMs() - startedAtEpochMs,
    quiet: wishes.quiet,
  });
  const recorder = createRecorder({
    file: folder.journal,
    startedAtEpochMs,
    clock: systemClock,
    onFailure: (error) => stop.abort(error),
  });
  recorder.subscribe(screen.record);
  const load = watchLoad(recorder.emit);
  try {
    const viewers = describeViewers(plan.scenario);
    recorder.emit({ ...(await header(playing)), viewers });
    if (busy !== undefined) recorder.emit({ type: 'log', level: 'warning', text: busy });
    const world = createWorld({
      plan,
      runId: folder.id,
      runDir: folder.dir,
      scratch,
      runtime: setting.runtime.kind,
      browser: setting.browser,
      tools: setting.tools,
      toxiproxy: wishes.toxiproxy,
      emit: recorder.emit,
      ...(wallScreen && { screen: wallScreen }),
    });
    const saveScreenshot = savePictures(folder.dir);
    return await run({
      ...{ plan, viewers, world, recorder, startedAtEpochMs, saveScreenshot, signal, stop },
      ...(exercise && { exercise }),
      ...(plan.scenario.guardrails.length > 0 && { guardrails: guardrailsOf(plan, viewers) }),
    });
  } finally {
    load[Symbol.dispose]();
    recorder.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

const guardrailsOf = (plan: Plan, viewers: readonly ViewerDescription[]) =>
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

async function header(
  playing: Playing,
): Promise<Omit<RunRecord, 'atMs' | 'viewers'> & { atEpochMs: number }> {
  const { plan, folder, startedAtEpochMs } = playing;
  const known = await environment(playing);
  return {
    type: 'run',
    atEpochMs: startedAtEpochMs,
    version: HISTORY_VERSION,
    id: folder.id,
    engine: 'run',
    startedAtEpochMs,
    harness: harnessVersion(),
    plan,
    environment: known,
    margin: await keptMargin(plan.scenario.viewers.count, known),
  };
}

async function environment({ wishes, setting }: Playing): Promise<Environment> {
  const versions = TOOLS.flatMap((tool) => {
    const path = setting.tools[tool.name];
    return path === undefined ? [] : [versionOf(tool, path).then((text) => [tool.name, text])];
  });
  return {
    runtime: setting.runtime.kind,
    runtimeReason: setting.runtime.reason,
    toxiproxy: wishes.toxiproxy,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    memoryMb: memoryMb(),
    tools: Object.fromEntries(await Promise.all(versions)) as Record<string, string>,
  };
}

const memoryMb = (): number => Math.round(totalmem() / 2 ** 20);
