// `run FILE`: the whole way through, from a scenario file to a verdict.

import { rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { systemClock } from '../../kernel/clock.ts';
import { freshSeed } from '../../kernel/random.ts';
import { HarnessError } from '../../model/errors.ts';
import { HISTORY_VERSION, type Environment, type RunRecord } from '../../model/history.ts';
import type { Plan } from '../../model/plan.ts';
import type { Scenario } from '../../model/scenario.ts';
import { describeViewers } from '../../run/audience.ts';
import { createRecorder } from '../../run/recorder.ts';
import { run, type RunEnd } from '../../run/runner.ts';
import { requireFitTools, requireTools, TOOLS, versionOf } from '../../runtime/tools.ts';
import { loadScenario } from '../../scenario/load.ts';
import { plan as planOf } from '../../scenario/plan.ts';
import { requireCapacity } from '../../../players/capacity.ts';
import { finish } from '../finish.ts';
import { catchInterrupt } from '../interrupt.ts';
import { createLiveScreen } from '../liveScreen.ts';
import { printError } from '../printError.ts';
import { createRunFolder, createScratch, writeRunFile, type RunFolder } from '../runFolder.ts';
import { harnessVersion } from '../version.ts';
import { createWorld } from '../world.ts';
import { judgeFolder, writeReports } from '../writeReports.ts';

export interface RunArguments {
  readonly file: string;
  readonly compress: number;
  readonly seed: number | undefined;
  readonly viewers: number | undefined;
  readonly out: string;
  readonly toxiproxy: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <file>',
  describe: 'Play a scenario for real and measure what viewers see',
  builder: (y) =>
    y
      .positional('file', { type: 'string', demandOption: true, describe: 'scenario file (YAML)' })
      .option('compress', {
        type: 'number',
        default: 1,
        describe: "divide the scenario's own times by this; components keep their timers",
      })
      .option('seed', { type: 'number', describe: 'play the same chances again' })
      .option('viewers', { type: 'number', describe: 'instead of the count in the scenario' })
      .option('out', { type: 'string', default: 'runs', describe: 'where the run folder is made' })
      .option('toxiproxy', {
        type: 'string',
        default: 'embedded',
        describe: '`embedded`, or the URL of a Toxiproxy server',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print report.json at the end' })
      .option('quiet', { type: 'boolean', default: false, describe: 'no progress' })
      .example(
        '$0 run scenarios/incidents/orange-2025-09-12.yaml --compress 60',
        'forty minutes in forty seconds',
      )
      .example('$0 run my.yaml --viewers 12 --json > report.json', 'for scripts'),
  handler: runScenario,
};

async function runScenario(argv: RunArguments): Promise<void> {
  const plan = await planFrom(argv);
  const tools = await requireTools(['ffmpeg', 'nginx', 'chromium']);
  await requireFitTools(tools);
  const startedAtEpochMs = systemClock.epochMs();
  const folder = await createRunFolder(argv.out, plan.scenario.name, new Date(startedAtEpochMs));
  const { end } = await play({ plan, argv, tools, folder, startedAtEpochMs });
  if (end.error) process.exitCode = printError(end.error, { json: argv.json });
  for (const leftover of end.leftovers) process.stderr.write(`left behind: ${leftover}\n`);
  const report = await judgeFolder(folder.dir);
  const files = await writeReports(folder.dir, report);
  finish({ report, files: [folder.journal, ...files], json: argv.json });
}

async function planFrom(argv: RunArguments): Promise<Plan> {
  const scenario = withViewers(await loadScenario(argv.file), argv.viewers);
  requireCapacity(scenario.viewers.count, { cores: cpus().length, memoryMb: memoryMb() });
  return planOf(scenario, {
    compress: argv.compress,
    seed: argv.seed ?? scenario.seed ?? freshSeed(),
  });
}

function withViewers(scenario: Scenario, count: number | undefined): Scenario {
  if (count === undefined) return scenario;
  if (!Number.isInteger(count) || count < 1)
    throw new HarnessError(
      'ARGUMENT_INVALID',
      `--viewers ${count}: expected a whole number from 1`,
      {
        target: '--viewers',
        hint: 'at least one viewer must watch, or there is nothing to measure',
      },
    );
  return { ...scenario, viewers: { ...scenario.viewers, count } };
}

interface Playing {
  readonly plan: Plan;
  readonly argv: RunArguments;
  readonly tools: Readonly<Record<string, string>>;
  readonly folder: RunFolder;
  readonly startedAtEpochMs: number;
}

async function play(playing: Playing): Promise<{ readonly end: RunEnd }> {
  const { plan, argv, tools, folder, startedAtEpochMs } = playing;
  const scratch = await createScratch();
  const stop = new AbortController();
  using screen = createLiveScreen({
    plan,
    nowMs: () => systemClock.epochMs() - startedAtEpochMs,
    quiet: argv.quiet,
  });
  using interrupt = catchInterrupt(screen.say);
  const recorder = createRecorder({
    file: folder.journal,
    startedAtEpochMs,
    clock: systemClock,
    onFailure: (error) => stop.abort(error),
  });
  recorder.subscribe(screen.record);
  try {
    const viewers = describeViewers(plan.scenario);
    recorder.emit({ ...(await header(playing)), viewers });
    const world = createWorld({
      plan,
      runId: folder.id,
      runDir: folder.dir,
      scratch,
      tools: tools,
      toxiproxy: argv.toxiproxy,
      emit: recorder.emit,
    });
    const saveScreenshot = savePictures(folder.dir);
    const { signal } = interrupt;
    const end = await run({
      plan,
      viewers,
      world,
      recorder,
      startedAtEpochMs,
      saveScreenshot,
      signal,
      stop,
    });
    return { end };
  } finally {
    recorder.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

const savePictures = (dir: string) => async (moment: string, png: Uint8Array) => {
  const file = `screenshots/${moment}.png`;
  await writeRunFile(join(dir, file), png);
  return file;
};

async function header(
  playing: Playing,
): Promise<Omit<RunRecord, 'atMs' | 'viewers'> & { atEpochMs: number }> {
  const { plan, folder, startedAtEpochMs } = playing;
  return {
    type: 'run',
    atEpochMs: startedAtEpochMs,
    version: HISTORY_VERSION,
    id: folder.id,
    engine: 'run',
    startedAtEpochMs,
    harness: harnessVersion(),
    plan,
    environment: await environment(playing),
  };
}

async function environment({ argv, tools }: Playing): Promise<Environment> {
  const versions = await Promise.all(
    TOOLS.map(async (tool) => [tool.name, await versionOf(tool, tools[tool.name] ?? tool.name)]),
  );
  return {
    runtime: 'processes',
    runtimeReason: 'the embedded default',
    toxiproxy: argv.toxiproxy,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    memoryMb: memoryMb(),
    tools: Object.fromEntries(versions) as Record<string, string>,
  };
}

const memoryMb = (): number => Math.round(totalmem() / 2 ** 20);
