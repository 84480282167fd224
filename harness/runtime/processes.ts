// The embedded runtime: stage programs as child processes of the harness, on loopback, with ports
// chosen by the system. Each is the leader of a process group of its own, and ends by itself when
// the pipe from the harness closes.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CleanupStack } from '../kernel/cleanup.ts';
import { HarnessError } from '../model/errors.ts';
import type { Emit, Runtime, StageLaunch, StartedStage } from '../model/world.ts';
import type { StageConfig } from '../pipeline/contract.ts';
import { startStage } from './processes/stage.ts';
import { requireFile } from './requireFile.ts';

export interface ProcessesOptions {
  /** Logs go to `<runDir>/logs/<instance>.log`. */
  readonly runDir: string;
  /** Each stage gets a folder in it, which is removed with the stage. */
  readonly workDir: string;
  readonly emit: Emit;
  readonly tools: StageConfig['tools'];
  readonly uploadToken?: string;
}

const HOST = '127.0.0.1';

export async function startProcessesRuntime(options: ProcessesOptions): Promise<Runtime> {
  await mkdir(join(options.runDir, 'logs'), { recursive: true }).catch((error: unknown) => {
    throw new HarnessError('CANNOT_WRITE', `cannot make ${options.runDir}/logs`, {
      target: options.runDir,
      hint: 'Choose a folder for the run that can be written.',
      cause: error,
    });
  });
  const cleanup = new CleanupStack();
  return {
    kind: 'processes',
    start: async (launch, signal) => {
      const stage = await start(launch, options, signal);
      cleanup.push(`stage ${launch.instance}`, () => stage.stop());
      return stage;
    },
    [Symbol.asyncDispose]: async () => void (await cleanup.run()),
  };
}

async function start(
  launch: StageLaunch,
  { runDir, workDir, emit, tools, uploadToken }: ProcessesOptions,
  signal: AbortSignal,
): Promise<StartedStage> {
  const { instance, stage } = launch;
  await requireFile(stage);
  const stageDir = join(workDir, instance);
  await mkdir(stageDir, { recursive: true, mode: 0o700 });
  const config: StageConfig = {
    ...launch,
    workDir: stageDir,
    tools,
    stopOnStdinEnd: true,
    listen: { host: HOST, port: 0 },
    ...(uploadToken !== undefined && { uploadToken }),
  };
  const logFile = join(runDir, 'logs', `${instance}.log`);
  try {
    return await startStage({ config, logFile, emit }, () => removeDir(stageDir), signal);
  } catch (error) {
    await removeDir(stageDir);
    throw error;
  }
}

/** A tool that is just dying may still write a file; the work folder as a whole goes later anyway. */
const removeDir = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
