// The life of a stage program, the same for every role: read the configuration, start, report
// ready, report counters, take commands, end when asked or when the harness is gone.

import { createInterface } from 'node:readline';
import { systemClock } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { parseObject } from '../kernel/parseObject.ts';
import type { CmcdRequest } from '../model/cmcd.ts';
import { HarnessError } from '../model/errors.ts';
import { untilTold } from './begin.ts';
import {
  STAGE_ENV,
  STATS_EVERY_MS,
  statsLine,
  STOP_WITHIN_MS,
  type StageConfig,
  type StageStats,
  type TelemetryLine,
} from './contract.ts';
import { readOwnLimits } from './ownLimits.ts';

export interface StageContext {
  readonly config: StageConfig;
  /** Aborted when the stage has to end. */
  readonly signal: AbortSignal;
  /** Worth a line in the history. */
  readonly note: (detail: string) => void;
  /** A player said something of itself with a request. */
  readonly cmcd: (request: CmcdRequest) => void;
  /** Writes a text for people into the log file. */
  readonly log: (text: string) => void;
  /** The stage cannot go on. */
  readonly fail: (error: unknown) => void;
}

export interface RunningStage {
  readonly port?: number;
  readonly stats: () => StageStats;
  /** Throws an Error that says what is wrong with a command it does not understand. */
  readonly command?: (command: Readonly<Record<string, unknown>>) => void;
  readonly stop: () => Promise<void>;
}

/** Runs until the end; the process exits with 0 when asked to end, 1 when it failed. */
export async function runStage(start: (context: StageContext) => Promise<RunningStage>) {
  const ending = new AbortController();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  let code = 0;
  let running: RunningStage | undefined;
  try {
    const config = readConfig();
    endWhenAsked(config, ending);
    if (config.waitsToBegin) await Promise.race([untilTold(), untilAborted(ending.signal)]);
    const context = makeContext(config, ending.signal, (error) => failed.reject(asError(error)));
    running = await Promise.race([start(context), failed.promise, untilAborted(ending.signal)]);
    if (running) await Promise.race([serve(running, context), failed.promise]);
  } catch (error) {
    code = 1;
    say(failureLine(error));
  }
  ending.abort();
  await withDeadline({ ms: STOP_WITHIN_MS / 2, what: 'the parts of the stage to end' }, () =>
    Promise.resolve(running?.stop()),
  ).catch((error: unknown) => logLine(asError(error).message));
  process.exit(code);
}

function readConfig(): StageConfig {
  const config = parseObject(process.env[STAGE_ENV] ?? '');
  if (config === undefined) {
    throw new HarnessError('STAGE_FAILED', `${STAGE_ENV} does not hold a stage configuration`, {
      hint: 'Stage programs are started by a runtime, see harness/pipeline/contract.ts.',
    });
  }
  return config as unknown as StageConfig;
}

function endWhenAsked(config: StageConfig, ending: AbortController): void {
  const end = () => ending.abort();
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // The harness is gone and nobody reads telemetry any more.
  process.stdout.on('error', end);
  process.stderr.on('error', end);
  if (config.stopOnStdinEnd) process.stdin.on('end', end).on('error', end).resume();
}

function makeContext(
  config: StageConfig,
  signal: AbortSignal,
  fail: (error: unknown) => void,
): StageContext {
  return {
    config,
    signal,
    note: (detail) => {
      say({ type: 'note', atEpochMs: systemClock.epochMs(), detail });
      logLine(detail);
    },
    cmcd: (request) => say({ type: 'cmcd', atEpochMs: systemClock.epochMs(), ...request }),
    log: logLine,
    fail,
  };
}

async function serve(running: RunningStage, { config, signal }: StageContext): Promise<void> {
  takeCommands(running);
  const { port } = running;
  const atEpochMs = systemClock.epochMs();
  say(port === undefined ? { type: 'ready', atEpochMs } : { type: 'ready', atEpochMs, port });
  const stats = () => ({ ...running.stats(), ...readOwnLimits(config.controlGroup) });
  while (!signal.aborted) {
    say(statsLine(systemClock.epochMs(), stats()));
    await systemClock.sleep(STATS_EVERY_MS, signal).catch(() => undefined);
  }
}

function takeCommands(running: RunningStage): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const command = parseObject(line);
    try {
      if (command === undefined) throw new Error('not a JSON object');
      if (running.command === undefined) throw new Error('this stage takes no commands');
      running.command(command);
    } catch (error) {
      const detail = `refused command ${line}: ${asError(error).message}`;
      say({ type: 'note', atEpochMs: systemClock.epochMs(), detail });
      logLine(detail);
    }
  });
}

function failureLine(error: unknown): TelemetryLine {
  const { message } = asError(error);
  logLine(message);
  const atEpochMs = systemClock.epochMs();
  if (!(error instanceof HarnessError)) {
    return { type: 'failed', atEpochMs, code: 'STAGE_FAILED', message };
  }
  const line = { type: 'failed', atEpochMs, code: error.code, message } as const;
  return error.hint === undefined ? line : { ...line, hint: error.hint };
}

const say = (line: TelemetryLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const logLine = (text: string): void =>
  void process.stderr.write(`${new Date(systemClock.epochMs()).toISOString()} ${text}\n`);

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

const untilAborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
