// One stage program as a child process: started, watched, commanded, ended.

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { findRole } from '../../design/roles.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Address, Emit, StageExit } from '../../model/world.ts';
import {
  parseTelemetry,
  programFile,
  READY_WITHIN_MS,
  STAGE_ENV,
  STOP_WITHIN_MS,
  type FailedLine,
  type ReadyLine,
  type StageConfig,
  type TelemetryLine,
} from '../../pipeline/contract.ts';
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

/** The number of a stage's last lines that an error shows. */
const LAST_LINES = 20;

interface Watched {
  readonly child: ChildProcess;
  readonly ready: Promise<ReadyLine>;
  readonly exited: Promise<StageExit>;
  /** Set before the harness ends it itself. */
  asked: boolean;
  failed: FailedLine | undefined;
  readonly lastLines: string[];
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
    const ready = await withDeadline(
      { ms: READY_WITHIN_MS, what: `stage ${instance} to be ready`, code: 'STAGE_FAILED', signal },
      () => Promise.race([watched.ready, failure(watched, instance)]),
    );
    const address = ready.port === undefined ? undefined : { ...config.listen, port: ready.port };
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
  const log = createWriteStream(logFile, { flags: 'a' });
  // A full disk must not end the run; what is missing then is the log.
  log.on('error', () => undefined);
  const ready = Promise.withResolvers<ReadyLine>();
  const watched: Watched = {
    child,
    ready: ready.promise,
    asked: false,
    failed: undefined,
    lastLines: [],
    exited: childExit(child, () => watched, log).then((exit) => {
      const how = exit.signal ?? `code ${exit.code}`;
      emit({ type: 'stage', stage: config.instance, event: 'exited', detail: how });
      return exit;
    }),
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = parseTelemetry(text);
    if (!line) return remember(watched, text, log);
    if (line.type === 'ready') ready.resolve(line);
    if (line.type === 'failed') watched.failed = line;
    report(line, config.instance, emit);
  });
  createInterface({ input: child.stderr }).on('line', (text) => remember(watched, text, log));
  return watched;
}

function childExit(
  child: ChildProcess,
  watched: () => Watched,
  log: WriteStream,
): Promise<StageExit> {
  return new Promise((resolve) => {
    const done = (code: number | null, signal: string | null) => {
      log.end();
      const { asked, lastLines } = watched();
      resolve({ code, signal, asked, lastLines });
    };
    // Its tools end by themselves; this only makes sure of it.
    child.once('exit', () => signalGroup(child, 'SIGKILL'));
    child.once('close', done);
    child.once('error', (error) => {
      watched().lastLines.push(error.message);
      done(null, null);
    });
  });
}

function remember({ lastLines }: Watched, text: string, log: WriteStream): void {
  lastLines.push(text);
  if (lastLines.length > LAST_LINES) lastLines.shift();
  log.write(`${text}\n`);
}

function report(line: TelemetryLine, stage: string, emit: Emit): void {
  switch (line.type) {
    case 'stats':
    case 'cmcd':
      return emit({ ...line, stage });
    case 'note':
      return emit({
        type: 'stage',
        stage,
        event: 'note',
        detail: line.detail,
        atEpochMs: line.atEpochMs,
      });
    case 'failed':
      return emit({ type: 'stage', stage, event: 'note', detail: `failed: ${line.message}` });
    case 'ready':
      return;
  }
}

async function failure(watched: Watched, instance: string): Promise<never> {
  const { code, signal } = await watched.exited;
  const { failed } = watched;
  if (failed) {
    const hint = failed.hint === undefined ? {} : { hint: failed.hint };
    throw new HarnessError(failed.code, failed.message, { target: instance, ...hint });
  }
  throw new HarnessError('STAGE_FAILED', `stage ${instance} ended (${signal ?? `code ${code}`})`, {
    target: instance,
  });
}

function withLastLines(error: unknown, { lastLines, failed }: Watched, instance: string): unknown {
  if (!(error instanceof HarnessError) || error.code !== 'STAGE_FAILED') return error;
  const lines = failed ? [] : lastLines;
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
