// Defines the messages between a runtime and a stage program: the configuration goes in by
// environment, telemetry comes out as NDJSON on standard output, commands go in as NDJSON on
// standard input.
//
//   runtime --env ECRAN_NOIR_STAGE (StageConfig)--> program --stdout: TelemetryLine--> runtime
//           --stdin: StageCommand, end = stop----->         --stderr: log for people-> file
//
// Nothing in harness/pipeline imports a package: an image needs Node, ffmpeg, nginx and
// harness/{model,kernel,pipeline}.

import { listCounters, isCounter, type StageFigures } from '../model/counters.ts';
import { ERROR_CODES, type ErrorCode } from '../model/errors.ts';
import { FILLS, type StatsRecord, type Unstamped } from '../model/history.ts';
import type { AlertCommand, ToldAlert } from '../model/alert.ts';
import type { CmcdRequest } from '../model/cmcd.ts';
import type { Contribution, WrongIn } from '../model/received.ts';
import type { HttpAnswer } from '../model/wrongAnswers.ts';
import type { Address, StageLaunch } from '../model/world.ts';
import { parseObject } from '../kernel/parseObject.ts';
import { programAt } from '../kernel/programAt.ts';

/** Environment variable that carries the StageConfig as JSON. */
export const STAGE_ENV = 'ECRAN_NOIR_STAGE';

export interface StageConfig extends StageLaunch {
  /** A writable folder of its own; the runtime makes it and removes it. */
  readonly workDir: string;
  /** The address it listens at. Port 0 = the system chooses; a fixed one in use is PORT_TAKEN. */
  readonly listen: Address;
  /** Commands or paths. */
  readonly tools: { readonly ffmpeg: string; readonly nginx: string };
  /** End when standard input ends: the harness is gone. False where nobody holds it open. */
  readonly stopOnStdinEnd: boolean;
  /** Nothing is begun before the first line of standard input (begin.ts). */
  readonly waitsToBegin?: boolean;
  /** An origin takes uploads from who has it, from anybody without one. */
  readonly uploadToken?: string;
  /** Folder of its own control group, where it has one: what it finds there it reports. */
  readonly controlGroup?: string;
}

/** A program that runs stages, by its name. Start it with Node. */
export const programFile = (name: string): string =>
  programAt(import.meta.url, `./programs/${name}`);

/** The time between two reports of a program's counters. */
export const STATS_EVERY_MS = 250;
/** Longest time from start to `ready` of a healthy program on a busy machine. */
export const READY_WITHIN_MS = 20_000;
/** A program that was asked to stop is gone by then, children included. */
export const STOP_WITHIN_MS = 4_000;

interface At {
  readonly atEpochMs: number;
}

/** It serves (or sends): downstream may be started. `port` is absent for a stage that serves nothing. */
export interface ReadyLine extends At {
  readonly type: 'ready';
  readonly port?: number;
}

/** A StatsRecord; the runtime adds the instance's name. */
export type StatsLine = At & { readonly type: 'stats' } & StatsOfStage;
type StatsOfStage = Omit<Unstamped<StatsRecord>, 'type' | 'stage' | 'atEpochMs'>;
/** The same as a stage has it: figures by their names. */
export type StageStats = StageFigures & Omit<StatsOfStage, 'counters'>;

/** Says what a stage has counted. */
export function statsLine(atEpochMs: number, stats: StageStats): StatsLine {
  const { fill, wrongIn, contribution } = stats;
  return {
    type: 'stats',
    atEpochMs,
    counters: listCounters(stats),
    ...(fill && { fill }),
    ...(wrongIn && { wrongIn }),
    ...(contribution && { contribution }),
  };
}

/** A line in the history: connected, lost, filled. */
export interface NoteLine extends At {
  readonly type: 'note';
  readonly detail: string;
}

/** A CmcdRecord; the runtime adds the instance's name. */
export type CmcdLine = At & CmcdRequest & { readonly type: 'cmcd' };

/** Last line of a program that cannot go on; the runtime makes a HarnessError of it. */
export interface FailedLine extends At {
  readonly type: 'failed';
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

export type TelemetryLine = ReadyLine | StatsLine | NoteLine | CmcdLine | FailedLine;

/** Undefined for anything that is not a telemetry line; unknown fields are dropped. */
export function parseTelemetry(text: string): TelemetryLine | undefined {
  const line = parseObject(text);
  if (line === undefined || !isNumber(line.atEpochMs)) return undefined;
  const atEpochMs = line.atEpochMs;
  switch (line.type) {
    case 'ready':
      if (line.port === undefined) return { type: 'ready', atEpochMs };
      return isPort(line.port) ? { type: 'ready', atEpochMs, port: line.port } : undefined;
    case 'stats':
      return { type: 'stats', atEpochMs, ...readStats(line) };
    case 'note':
      return typeof line.detail === 'string'
        ? { type: 'note', atEpochMs, detail: line.detail }
        : undefined;
    case 'cmcd':
      return readCmcdLine(line, atEpochMs);
    case 'failed':
      return readFailure(line, atEpochMs);
    default:
      return undefined;
  }
}

/**
 * Commands a playout takes: what is wrong with the programme it sends, until the next command.
 * `programme` heals everything. `black` carries no frame clock, `frozen` repeats one frame with its
 * clock, `silent` only loses the sound, `wrongChannel` shows another channel's clock. The last
 * three restart the contribution encoder, as a change at the head-end does: its time stamps
 * jump by so much, its picture gets another size, or its codec changes; the time stamps of the last
 * two go on where they were.
 */
export type PlayoutCommand =
  | { readonly content: 'programme' | 'black' | 'frozen' | 'silent' }
  /** Number in the frame clock; the next channel's when not said. */
  | { readonly content: 'wrongChannel'; readonly number?: number }
  | { readonly content: 'timestampJump'; readonly byMs: number }
  | { readonly content: 'resolution'; readonly width: number; readonly height: number }
  | { readonly content: 'codec'; readonly codec: ContributionCodec };
export type ContributionCodec = 'libx264' | 'mpeg2video';

/**
 * A command that a transcoder takes: the next `forMs` of frames, whatever the input does, are a black
 * or slate picture, or the last frame again. A `note` tells when it is over (filledNote).
 */
export interface FillCommand {
  readonly fill: 'black' | 'freeze' | 'slate';
  readonly forMs: number;
}

/**
 * Commands an origin or an edge takes: how it answers wrongly, until the next command. The first
 * fault that matches a request decides; an empty list heals everything. A fault that the command
 * before had too goes on as it was: where its cycle stands, what it first saw.
 */
export interface HttpCommand {
  readonly http: readonly HttpFault[];
}

/**
 * The alerts in force that a command says: a playout or a transcoder burns them into its picture; a
 * transcoder or an origin puts them into playlists, a transcoder into segments; a portal gives them to
 * applications that ask, and pushes them to boxes. Undefined for any other command; throws an Error
 * that says what is wrong with one.
 */
export function alertsIn(
  command: Readonly<Record<string, unknown>>,
  key: AlertCommand,
): readonly ToldAlert[] | undefined {
  const alerts = command[key];
  if (alerts === undefined) return undefined;
  if (!Array.isArray(alerts)) throw new Error(`${key} is not a list`);
  return alerts as readonly ToldAlert[];
}

/** A command an origin takes: `full` stores nothing any more and says 507, until it is `free`. */
export interface DiskCommand {
  readonly disk: 'full' | 'free';
}

export interface HttpFault {
  readonly match: HttpMatch;
  readonly answer: HttpAnswer;
  /** Decides ratios and corrupted bytes; 1 when not said. */
  readonly seed?: number;
}

/** All that is said must hold. `upload` matches every PUT and takes `status` and `hang` only. */
export interface HttpMatch {
  readonly kind: 'multivariant' | 'playlist' | 'segment' | 'any' | 'upload';
  readonly channel?: string;
  /** Index in the ladder. */
  readonly rung?: number;
  /** Segments whose number is a multiple of this. */
  readonly every?: number;
  /** Share of the requests, 0 to 1. */
  readonly ratio?: number;
}

function readStats(line: Readonly<Record<string, unknown>>): StatsOfStage {
  const fill = FILLS.find((known) => known === line.fill);
  const wrongIn = numbersIn(line.wrongIn);
  const contribution = readContribution(line.contribution);
  return {
    counters: Array.isArray(line.counters) ? line.counters.filter(isCounter) : [],
    ...(fill && { fill }),
    ...(wrongIn && { wrongIn: wrongIn as unknown as WrongIn }),
    ...(contribution && { contribution }),
  };
}

function readContribution(value: unknown): Contribution | undefined {
  const numbers = numbersIn(value);
  if (!numbers) return undefined;
  const { width, height, ptsMs } = numbers;
  const { codec } = value as { readonly codec?: unknown };
  return {
    ...(typeof codec === 'string' ? { codec } : {}),
    width,
    height,
    ptsMs,
  };
}

function numbersIn(value: unknown): Record<string, number> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => isNumber(entry[1])),
  );
}

function readCmcdLine(
  { host, path, status, says }: Readonly<Record<string, unknown>>,
  atEpochMs: number,
): CmcdLine | undefined {
  const isWhole =
    typeof host === 'string' &&
    typeof path === 'string' &&
    typeof says === 'string' &&
    isNumber(status);
  return isWhole ? { type: 'cmcd', atEpochMs, host, path, status, says } : undefined;
}

function readFailure(
  line: Readonly<Record<string, unknown>>,
  atEpochMs: number,
): FailedLine | undefined {
  const { code, message, hint } = line;
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) return undefined;
  if (typeof message !== 'string') return undefined;
  const failed = { type: 'failed', atEpochMs, code: code as ErrorCode, message } as const;
  return typeof hint === 'string' ? { ...failed, hint } : failed;
}

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
