// The embedded runtime: stage programs as child processes of the harness, on loopback, with ports
// chosen by the system. Each is the leader of a process group of its own, and ends by itself when
// the pipe from the harness closes.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CleanupStack } from '../kernel/cleanup.ts';
import { HarnessError } from '../model/errors.ts';
import type { Emit, Runtime, StageLaunch, StartedStage } from '../model/world.ts';
import type { StageConfig } from '../pipeline/contract.ts';
import { launchStage, type StageProcess } from './processes/stageProcess.ts';

export interface ProcessesOptions {
  /** Logs go to `<runDir>/logs/<instance>.log`. */
  readonly runDir: string;
  /** Each stage gets a folder in it, which is removed with the stage. */
  readonly workDir: string;
  readonly emit: Emit;
  readonly tools: StageConfig['tools'];
}

/** Stage faults act on the whole stage: its program and the tools that run inside. */
export interface ProcessesRuntime extends Runtime {
  readonly kind: 'processes';
  /** Ends it without warning; its exit counts as asked for. */
  kill(instance: string): Promise<void>;
  /** Stops its time: it keeps its connections and answers nothing. */
  pause(instance: string): void;
  resume(instance: string): void;
}

const HOST = '127.0.0.1';

export async function startProcessesRuntime(options: ProcessesOptions): Promise<ProcessesRuntime> {
  await mkdir(join(options.runDir, 'logs'), { recursive: true }).catch((error: unknown) => {
    throw new HarnessError('CANNOT_WRITE', `cannot make ${options.runDir}/logs`, {
      target: options.runDir,
      hint: 'Choose a folder for the run that can be written.',
      cause: error,
    });
  });
  const cleanup = new CleanupStack();
  const running = new Map<string, StageProcess>();
  const find = (instance: string): StageProcess => {
    const found = running.get(instance);
    if (found) return found;
    throw new HarnessError('INTERNAL', `no stage ${instance} is running`, { target: instance });
  };
  return {
    kind: 'processes',
    start: async (launch, signal) => {
      const stage = await start(launch, options, signal);
      running.set(launch.instance, stage);
      const ended = stage.exited.then(() => {
        if (running.get(launch.instance) === stage) running.delete(launch.instance);
      });
      cleanup.push(`stage ${launch.instance}`, () => stage.stop().then(() => ended));
      return stage;
    },
    kill: (instance) => find(instance).kill(),
    pause: (instance) => find(instance).pause(),
    resume: (instance) => find(instance).resume(),
    [Symbol.asyncDispose]: async () => void (await cleanup.run()),
  };
}

async function start(
  launch: StageLaunch,
  { runDir, workDir, emit, tools }: ProcessesOptions,
  signal: AbortSignal,
): Promise<StageProcess & StartedStage> {
  const { instance } = launch;
  const stageDir = join(workDir, instance);
  await mkdir(stageDir, { recursive: true });
  const config: StageConfig = {
    ...launch,
    ...{ workDir: stageDir, tools, stopOnStdinEnd: true, listen: { host: HOST, port: 0 } },
  };
  const logFile = join(runDir, 'logs', `${instance}.log`);
  try {
    const stage = await launchStage({ config, logFile, emit }, signal);
    void stage.exited.then(() => removeDir(stageDir));
    return stage;
  } catch (error) {
    await removeDir(stageDir);
    throw error;
  }
}

/** A tool that is just dying may still write a file; the work folder as a whole goes later anyway. */
const removeDir = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
