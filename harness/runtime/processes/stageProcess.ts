// One stage program as a child process: started, watched, commanded, ended.

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findRole } from '../../design/roles.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Address, Emit, StageExit } from '../../model/world.ts';
import {
  programFile,
  READY_WITHIN_MS,
  STAGE_ENV,
  STOP_WITHIN_MS,
  type StageConfig,
} from '../../pipeline/contract.ts';
import { listenTo, type StageVoice } from '../stageVoice.ts';
import { signalGroup, stopTime, type StoppedTime } from './processGroup.ts';

/** One life of a stage: from a start to an end. */
export interface StageProcess {
  readonly address: Address | undefined;
  /** `asked` when one of the ends below was called. */
  readonly exited: Promise<StageExit>;
  readonly command: (message: Readonly<Record<string, unknown>>) => void;
  /** Asks, and ends it when it does not. Safe to call twice, like the others. */
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly pause: () => void;
  readonly resume: () => void;
}

export interface StageProcessOptions {
  readonly config: StageConfig;
  readonly logFile: string;
  readonly emit: Emit;
}

interface Watched {
  readonly child: ChildProcess;
  readonly voice: StageVoice;
  readonly ready: Promise<number | undefined>;
  readonly exited: Promise<StageExit>;
  /** Set before the harness ends it itself. */
  asked: boolean;
}

/** Resolves when the stage is ready; whatever was started is gone when it rejects. */
export async function launchStage(
  options: StageProcessOptions,
  signal: AbortSignal,
): Promise<StageProcess> {
  const { config, emit } = options;
  const { instance } = config;
  emit({ type: 'stage', stage: instance, event: 'starting' });
  const watched = watch(options);
  try {
    const port = await withDeadline(
      { ms: READY_WITHIN_MS, what: `stage ${instance} to be ready`, code: 'STAGE_FAILED', signal },
      () => Promise.race([watched.ready, failure(watched, instance)]),
    );
    const address = port === undefined ? undefined : { ...config.listen, port };
    emit({ type: 'stage', stage: instance, event: 'ready', ...atPort(address) });
    return stageProcess(watched, address, options);
  } catch (error) {
    watched.asked = true;
    if (signal.aborted) emit({ type: 'stage', stage: instance, event: 'stopping' });
    signalGroup(watched.child, 'SIGKILL');
    await watched.exited;
    throw withLastLines(error, watched, instance);
  }
}

const atPort = (address: Address | undefined) =>
  address ? both(`${address.host}:${address.port}`) : {};

/** Other stages and viewers reach a process in the same way. */
const both = (at: string) => ({ detail: at, viewersAt: at });

function watch({ config, logFile, emit }: StageProcessOptions): Watched {
  const child = spawn(process.execPath, [programFile(findRole(config.stage).program)], {
    env: { ...process.env, [STAGE_ENV]: JSON.stringify(config) },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const stage = config.instance;
  const voice = listenTo(stage, logFile, emit, (message) =>
    emit({ type: 'stage', stage, event: 'note', detail: `failed: ${message}` }),
  );
  const watched: Watched = {
    child,
    voice,
    ready: voice.awaitReady(),
    asked: false,
    exited: childExit(child, () => watched).then((exit) => {
      const how = exit.signal ?? `code ${exit.code}`;
      emit({ type: 'stage', stage, event: 'exited', detail: how });
      return exit;
    }),
  };
  createInterface({ input: child.stdout }).on('line', voice.stdout);
  createInterface({ input: child.stderr }).on('line', voice.stderr);
  return watched;
}

function childExit(child: ChildProcess, watched: () => Watched): Promise<StageExit> {
  return new Promise((resolve) => {
    const done = (code: number | null, signal: string | null) => {
      const { asked, voice } = watched();
      void voice.close();
      resolve({ code, signal, asked, lastLines: voice.lastLines() });
    };
    // Its tools end by themselves; this only makes sure of it.
    child.once('exit', () => signalGroup(child, 'SIGKILL'));
    child.once('close', done);
    child.once('error', (error) => {
      watched().voice.stderr(error.message);
      done(null, null);
    });
  });
}

async function failure(watched: Watched, instance: string): Promise<never> {
  const { code, signal } = await watched.exited;
  const failed = watched.voice.failure();
  if (failed) {
    const hint = failed.hint === undefined ? {} : { hint: failed.hint };
    throw new HarnessError(failed.code, failed.message, { target: instance, ...hint });
  }
  throw new HarnessError('STAGE_FAILED', `stage ${instance} ended (${signal ?? `code ${code}`})`, {
    target: instance,
  });
}

function withLastLines(error: unknown, { voice }: Watched, instance: string): unknown {
  if (!(error instanceof HarnessError) || error.code !== 'STAGE_FAILED') return error;
  const lines = voice.failure() ? [] : voice.lastLines();
  return new HarnessError('STAGE_FAILED', [error.message, ...lines].join('\n  '), {
    target: instance,
    hint: error.hint ?? `Read the log of ${instance} in the run's folder logs/.`,
    cause: error,
  });
}

function stageProcess(
  watched: Watched,
  address: Address | undefined,
  { config, emit }: StageProcessOptions,
): StageProcess {
  const { child, exited } = watched;
  const { instance } = config;
  let stoppedTime: StoppedTime | undefined;
  const resume = () => {
    stoppedTime?.goOn();
    stoppedTime = undefined;
  };
  const end = async (ask: () => Promise<unknown> | void) => {
    if (child.exitCode === null && child.signalCode === null) {
      watched.asked = true;
      resume();
      await ask();
    }
    await exited;
  };
  return {
    address,
    exited,
    resume,
    command: (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
    stop: () =>
      end(() => {
        emit({ type: 'stage', stage: instance, event: 'stopping' });
        child.kill('SIGTERM');
        const wait = { ms: STOP_WITHIN_MS, what: `stage ${instance} to end` };
        return withDeadline(wait, () => exited).catch(() => signalGroup(child, 'SIGKILL'));
      }),
    kill: () => end(() => signalGroup(child, 'SIGKILL')),
    pause: () => {
      stoppedTime ??= stopTime(child);
    },
  };
}
