// The containers runtime: stage programs in containers of a Docker-compatible engine, on a private
// network of the run. The same programs as in the processes runtime; only who starts them differs.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CleanupStack } from '../kernel/cleanup.ts';
import { HarnessError } from '../model/errors.ts';
import type { Emit, OpenBoxProgram, Runtime } from '../model/world.ts';
import { startBoxes } from './containers/boxes.ts';
import { startBrowser, type BrowserContainer } from './containers/browser.ts';
import { clockProblem, connectEngine, type Engine } from './containers/engine.ts';
import type { ImageTarget } from './containers/imageBuild.ts';
import { ensureImages } from './containers/images.ts';
import { createRunNetwork, type RunNetwork } from './containers/runNetwork.ts';
import { startStage, type StageCell } from './containers/stage.ts';
import { sweepLeftovers, sweepRun, type Leftover } from './containers/sweep.ts';
import { toolVersions } from './containers/toolVersions.ts';
import {
  startToxiproxy,
  type ToxiproxyEndpoint,
  type ToxiproxyKind,
} from './containers/toxiproxy.ts';
import { requireFile } from './requireFile.ts';

export interface ContainersOptions {
  readonly runId: string;
  /** Logs go to `<runDir>/logs/<instance>.log`. */
  readonly runDir: string;
  readonly emit: Emit;
  readonly uploadToken?: string;
  /** Images that will be needed; `stage` always is. */
  readonly images?: readonly ImageTarget[];
  /** One line of what is being built. */
  readonly onProgress?: (target: ImageTarget, text: string) => void;
  readonly signal: AbortSignal;
}

export interface ContainersRuntime extends Runtime {
  readonly kind: 'containers';
  readonly engine: Engine;
  readonly network: RunNetwork;
  /** Toxiproxy on the run's network; ended with the runtime at the latest. */
  startToxiproxy(
    options: {
      readonly kind: ToxiproxyKind;
      /** The image of the official one; the embedded one is in the stage image. */
      readonly image?: string;
      readonly seed?: number;
      readonly flows: number;
    },
    signal: AbortSignal,
  ): Promise<ToxiproxyEndpoint>;
  /** Set-top boxes on the run's network, which say lines of JSON. */
  readonly startBoxes: OpenBoxProgram;
  /** A browser on the run's network; its image must be among `images`. */
  startBrowser(
    options: { readonly args: readonly string[]; readonly memoryMb?: number },
    signal: AbortSignal,
  ): Promise<BrowserContainer>;
}

const DISPOSE_MS = 30_000;
/** An engine that is being restarted is waited for. */
const SWEEP_MS = 60_000;
const SWEEP = 'what is left of the run';

/**
 * Throws ENGINE_UNAVAILABLE, IMAGE_BUILD_FAILED, CANNOT_WRITE. Disposing ends and removes whatever
 * is left of the run on the engine; throws HEAL_FAILED naming what could not be removed.
 */
export async function startContainersRuntime(
  options: ContainersOptions,
): Promise<ContainersRuntime> {
  const { runId, runDir, emit, images = [], onProgress, signal, uploadToken } = options;
  const logDir = join(runDir, 'logs');
  await makeLogDir(logDir);
  const engine = await connectEngine(signal);
  const warn = (text: string) => emit({ type: 'log', level: 'warning', text });
  const problem = clockProblem(engine);
  if (problem !== undefined) warn(`the engine: ${problem}; latencies are off by it`);
  await removeDead(engine, emit);
  const targets = [...new Set<ImageTarget>(['stage', ...images])];
  const names = await ensureImages({ engine, targets, signal, ...(onProgress && { onProgress }) });
  const cleanup = new CleanupStack();
  const imageOf = (target: ImageTarget): string => names[target] ?? missing(target);
  const stageImage = imageOf('stage');
  const network = await createRunNetwork({ engine, runId, stageImage, warn });
  cleanup.push(SWEEP, () => sweepRun(engine, runId), SWEEP_MS);
  const asking = askVersions(network, emit);
  cleanup.push('versions of tools', () => asking, DISPOSE_MS);
  const cell: StageCell = { network, image: stageImage, logDir, emit, uploadToken };
  const own = async <T extends AsyncDisposable>(what: string, starting: Promise<T>) => {
    const started = await starting;
    cleanup.push(what, async () => started[Symbol.asyncDispose](), DISPOSE_MS);
    return started;
  };
  return {
    kind: 'containers',
    engine,
    network,
    start: async (launch, at) => {
      await requireFile(launch.stage);
      const stage = await startStage(cell, launch, at);
      cleanup.push(`stage ${launch.instance}`, () => stage.stop(), DISPOSE_MS);
      return stage;
    },
    startToxiproxy: (wanted, at) =>
      own('toxiproxy', startToxiproxy({ network, image: cell.image, logDir, ...wanted }, at)),
    startBoxes: (onLine, at) =>
      own('boxes', startBoxes({ network, image: cell.image, logDir, onLine }, at)),
    startBrowser: (wanted, at) =>
      own('browser', startBrowser({ network, image: imageOf('browser'), logDir, ...wanted }, at)),
    [Symbol.asyncDispose]: () => dispose(cleanup),
  };
}

/** Asks for versions beside the start of the stages. Never rejects: a run can be played without. */
async function askVersions(network: RunNetwork, emit: Emit): Promise<void> {
  try {
    emit({ type: 'environment', tools: await toolVersions(network) });
  } catch (error) {
    const text = `versions of the tools are not known: ${(error as HarnessError).message}`;
    emit({ type: 'log', level: 'warning', text });
  }
}

/** Removes what an earlier run could not take away: it was killed, or the power was cut. */
async function removeDead(engine: Engine, emit: Emit): Promise<void> {
  const { removed, failed } = await sweepLeftovers(engine);
  const named = (list: readonly Leftover[]) => list.map(({ name }) => name).join(', ');
  if (removed.length > 0) {
    emit({ type: 'log', level: 'info', text: `removed what a dead run left: ${named(removed)}` });
  }
  if (failed.length > 0) {
    const left = named(failed.map(({ leftover }) => leftover));
    emit({ type: 'log', level: 'warning', text: `could not remove what a dead run left: ${left}` });
  }
}

function missing(target: ImageTarget): never {
  throw new HarnessError('INTERNAL', `the ${target} image was not asked for at the start`);
}

async function makeLogDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new HarnessError('CANNOT_WRITE', `cannot make ${path}`, {
      target: path,
      hint: 'choose a folder for the run that can be written',
      cause: error,
    });
  });
}

/** The sweep is the last step: when it went well, nothing is left of what failed before it. */
async function dispose(cleanup: CleanupStack): Promise<void> {
  const failures = await cleanup.run();
  const swept = failures.find(({ what }) => what === SWEEP);
  if (swept) throw swept.error;
}
