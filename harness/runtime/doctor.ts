// Examines this machine: everything a run may need, whether it is there and fit, and the command
// that mends it. Starts nothing but the questions themselves.

import { statfs } from 'node:fs/promises';
import { cpus, freemem, tmpdir, totalmem } from 'node:os';
import { readLoad } from '../kernel/load.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { isBusy, loadText } from '../model/machine.ts';
import { type HarnessError, errorMessage } from '../model/errors.ts';
import type { KeptRuler } from '../model/keptRuler.ts';
import {
  clockProblem,
  connectEngine,
  ENGINE_ANSWERS_WITHIN_MS,
  type Engine,
} from './containers/engine.ts';
import { BASE_IMAGE, IMAGE_TARGETS } from './containers/imageBuild.ts';
import { hasImage, listImages } from './containers/images.ts';
import { findLeftovers } from './containers/sweep.ts';
import { officialImage } from './containers/toxiproxy.ts';
import type { RuntimeKind } from './select.ts';
import {
  findTool,
  installCommand,
  requireFitTools,
  TOOLS,
  toolVersion,
  type Tool,
} from './tools.ts';

export const DOCTOR_VERSION = 1;

export interface Check {
  readonly name: string;
  /** `weak` works, but less well than it could. */
  readonly state: 'ok' | 'weak' | 'missing';
  readonly neededFor: 'every run' | RuntimeKind | 'nothing';
  /** The thing found, or the thing that is wrong. */
  readonly found: string;
  readonly mend?: string;
}

export interface DoctorReport {
  readonly version: typeof DOCTOR_VERSION;
  /** A real run can be played here. */
  readonly ready: boolean;
  /** The runtime that `--runtime auto` takes. */
  readonly runtime: RuntimeKind;
  readonly machine: {
    readonly platform: string;
    readonly cores: number;
    readonly memoryMb: number;
    readonly freeMemoryMb: number;
  };
  /** The largest wall that this machine carries, and what limits it. */
  readonly viewers: { readonly max: number; readonly reason: string };
  readonly checks: readonly Check[];
}

export interface DoctorOptions {
  /** Starts the installed browser and asks it for codecs: its name, or a HarnessError. */
  readonly browser: (signal: AbortSignal) => Promise<string>;
  readonly viewersMax: (machine: { cores: number; memoryMb: number }) => {
    readonly viewers: number;
    readonly reason: string;
  };
  /** The rulers that `calibrate --screen` found here, with whatever browser. */
  readonly rulers: readonly KeptRuler[];
  readonly signal: AbortSignal;
}

const MB = 2 ** 20;
const NODE_MAJOR_MIN = 24;
/** Chromium, a channel and the harness; less, and viewers starve. */
const FREE_MEMORY_MB_MIN = 2_000;
/** One core plays or transcodes, not both. */
const CORES_MIN = 2;
/** A run of a quarter of an hour writes about 30 MB, a browser's profile as much. */
const FREE_DISK_MB_MIN = 500;
const CHECK_MS = 40_000;

export async function doctor(options: DoctorOptions): Promise<DoctorReport> {
  const { browser, viewersMax, rulers, signal } = options;
  // The load is read before anything below adds to it.
  const load = checkLoad();
  const engine = await connectEngine(signal, ENGINE_ANSWERS_WITHIN_MS).catch(
    (error: unknown) => error as HarnessError,
  );
  const there = engine instanceof Error ? undefined : engine;
  const parts = Promise.all([
    ...(there ? [checkImages(there), checkToxiproxy(there)] : []),
    ...TOOLS.filter(({ name }) => name !== 'chromium').map(checkTool),
    checkBrowser(browser, signal, there),
    checkDisk(),
    checkLeftovers(there),
  ]);
  const checks = [
    checkNode(),
    checkEngine(engine),
    ...(await parts),
    checkMemory(),
    checkCores(),
    ...load,
    checkRuler(rulers),
  ];
  const machine = { cores: cpus().length, memoryMb: Math.round(totalmem() / MB) };
  const { viewers, reason } = viewersMax(machine);
  const runtime = there ? 'containers' : 'processes';
  return {
    version: DOCTOR_VERSION,
    ready: checks.every((check) => check.state !== 'missing' || !isNeeded(check, runtime)),
    runtime,
    machine: {
      platform: `${process.platform} ${process.arch}`,
      ...machine,
      freeMemoryMb: Math.round(freemem() / MB),
    },
    viewers: { max: viewers, reason },
    checks,
  };
}

/** Tells whether a run on this runtime needs what the check is about. */
export const isNeeded = ({ neededFor }: Check, runtime: RuntimeKind): boolean =>
  neededFor === 'every run' || neededFor === runtime;

type Examined = Pick<Check, 'name' | 'neededFor' | 'found'>;

const weakUnless = (isFit: boolean, check: Examined, mend: string): Check =>
  isFit ? { ...check, state: 'ok' } : { ...check, state: 'weak', mend };

function checkNode(): Check {
  const fit = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN;
  const check = { name: 'node', neededFor: 'every run', found: process.version } as const;
  return fit
    ? { ...check, state: 'ok' }
    : { ...check, state: 'missing', mend: `install Node ${NODE_MAJOR_MIN} or later` };
}

function checkEngine(engine: Engine | HarnessError): Check {
  const check = { name: 'engine', neededFor: 'containers' } as const;
  if (engine instanceof Error) {
    const mend = engine.hint === undefined ? {} : { mend: engine.hint };
    return { ...check, state: 'missing', found: engine.message, ...mend };
  }
  const where = engine.publishOn === '127.0.0.1' ? 'on this machine' : `at ${engine.reachedAt}`;
  const found = `${engine.version} ${where}, cgroup v${engine.cgroupVersion}, ${engine.cores} cores, ${engine.memoryMb} MB`;
  const problem = clockProblem(engine);
  if (!engine.canLimit) {
    const mend =
      'give the engine the cgroup controllers memory and cpu; a rootless one has them with cgroup v2';
    return { ...check, state: 'weak', found: `${found}; it cannot limit or pause a stage`, mend };
  }
  if (problem !== undefined) {
    const mend = 'set both clocks by the same time server';
    return { ...check, state: 'weak', found: `${found}; ${problem}`, mend };
  }
  return { ...check, state: 'ok', found };
}

async function checkImages(engine: Engine): Promise<Check> {
  const check = { name: 'images', neededFor: 'containers' } as const;
  const images = await listImages(engine);
  const current = images.filter((image) => image.current);
  const outdated = images.length - current.length;
  const lacking = IMAGE_TARGETS.filter((target) => !current.some((it) => it.target === target));
  if (lacking.length === 0) {
    const sizes = current.map(({ target, sizeMb }) => `${target} ${sizeMb} MB`).join(', ');
    const old = outdated > 0 ? `; ${outdated} outdated` : '';
    return { ...check, state: 'ok', found: `${sizes}${old}` };
  }
  const base = (await hasImage(engine, BASE_IMAGE)) ? '' : `, from ${BASE_IMAGE} (to be pulled)`;
  return {
    ...check,
    state: 'weak',
    found: `${lacking.join(' and ')} would be built at the next run${base}`,
    mend: 'ecran-noir images build',
  };
}

async function checkToxiproxy(engine: Engine): Promise<Check> {
  const image = await officialImage(engine);
  const found =
    image === undefined
      ? 'embedded; the official one if its image can be pulled'
      : `official image ${image}`;
  return { name: 'toxiproxy', neededFor: 'containers', state: 'ok', found };
}

async function checkTool(tool: Tool): Promise<Check> {
  const check = { name: tool.name, neededFor: 'processes' } as const;
  const mend = `ecran-noir setup, or: ${installCommand([tool]).join(' ')}`;
  const path = await findTool(tool);
  if (path === undefined)
    return { ...check, state: 'missing', found: `not installed: ${tool.purpose}`, mend };
  try {
    await requireFitTools({ [tool.name]: path });
    return { ...check, state: 'ok', found: `${await toolVersion(tool, path)} at ${path}` };
  } catch (error) {
    return { ...check, state: 'missing', found: errorMessage(error), mend };
  }
}

/** Checks the browser; with an engine none need be installed: there is one in an image. */
async function checkBrowser(
  probe: DoctorOptions['browser'],
  signal: AbortSignal,
  engine: Engine | undefined,
): Promise<Check> {
  const check = { name: 'browser', neededFor: 'processes' } as const;
  try {
    const what = 'the browser to say what it can decode';
    const found = await withDeadline({ ms: CHECK_MS, what, signal }, probe);
    return { ...check, state: 'ok', found: `${found}, decodes H.264 and AAC` };
  } catch (error) {
    signal.throwIfAborted();
    const { hint } = error as HarnessError;
    const instead = engine ? '; --browser container needs none' : '';
    const found = `${errorMessage(error)}${instead}`;
    return { ...check, state: 'missing', found, mend: hint };
  }
}

function checkMemory(): Check {
  const free = Math.round(freemem() / MB);
  const found = `${free} MB free of ${Math.round(totalmem() / MB)}`;
  const check = { name: 'memory', neededFor: 'every run', found } as const;
  const mend = `${FREE_MEMORY_MB_MIN} MB should be free: end other work`;
  return weakUnless(free >= FREE_MEMORY_MB_MIN, check, mend);
}

function checkCores(): Check {
  const cores = cpus().length;
  const check = { name: 'cores', neededFor: 'every run', found: String(cores) } as const;
  const mend = 'one core makes runs inconclusive: use a larger machine';
  return weakUnless(cores >= CORES_MIN, check, mend);
}

/** Nothing where the machine does not say. */
function checkLoad(): Check[] {
  const reading = readLoad();
  if (!reading) return [];
  const cores = cpus().length;
  const found = loadText(reading.load, cores);
  const check = { name: 'load', neededFor: 'every run', found } as const;
  const mend = 'end other work, or wait: a busy machine makes runs inconclusive';
  return [weakUnless(!isBusy(reading.load, cores, 'before'), check, mend)];
}

async function checkDisk(): Promise<Check> {
  const { bavail, bsize } = await statfs(tmpdir());
  const free = Math.round((bavail * bsize) / MB);
  const found = `${free} MB free in ${tmpdir()}`;
  const check = { name: 'disk', neededFor: 'every run', found } as const;
  const mend = 'free some space, or set TMPDIR to another disk';
  return weakUnless(free >= FREE_DISK_MB_MIN, check, mend);
}

async function checkLeftovers(engine: Engine | undefined): Promise<Check> {
  const dead = (await findLeftovers(engine)).filter(({ state }) => state === 'dead').length;
  const found = dead === 0 ? 'none' : `${dead} of dead runs`;
  return weakUnless(
    dead === 0,
    { name: 'leftovers', neededFor: 'nothing', found },
    'ecran-noir clean',
  );
}

/** A margin that is not known is assumed: reports are as good as that is. */
function checkRuler(rulers: readonly KeptRuler[]): Check {
  const check = { name: 'ruler', neededFor: 'nothing' } as const;
  const mend = 'ecran-noir calibrate --screen --viewers 6,12,24';
  const sorted = rulers.toSorted((a, b) => a.viewers - b.viewers);
  const largest = sorted.findLast(({ verdict }) => verdict === 'pass');
  const tooMany = sorted.find(
    ({ viewers, verdict }) => verdict !== 'pass' && viewers > (largest?.viewers ?? 0),
  );
  if (sorted.length === 0)
    return { ...check, state: 'weak', found: 'never held against a recording of the screen', mend };
  const limit = tooMany ? `; ${tooMany.viewers} were too many (${tooMany.verdict})` : '';
  if (!largest) return { ...check, state: 'weak', found: `no calibration passed${limit}`, mend };
  const { viewers, marginMs, madeAt } = largest;
  const found = `margin ${marginMs} ms with ${viewers} viewers, ${madeAt.slice(0, 10)}${limit}`;
  return { ...check, state: 'ok', found };
}
