// A stage in a container: from launch to ready to gone.

import { basename, join } from 'node:path';
import { findRole } from '../../design/roles.ts';
import { withDeadline } from '../../kernel/deadline.ts';
import type { Stage } from '../../model/scenario.ts';
import type { Address, Emit, StageLaunch, StartedStage } from '../../model/world.ts';
import { BEGIN } from '../../pipeline/begin.ts';
import {
  programFile,
  STAGE_ENV,
  STOP_WITHIN_MS,
  type StageConfig,
} from '../../pipeline/contract.ts';
import { pathInImage } from './buildContext.ts';
import { startContainer } from './container.ts';
import type { ContainerSpec } from './containerSpec.ts';
import { watchInterface, type InterfaceWatch } from './interfaceCount.ts';
import type { RunNetwork } from './runNetwork.ts';
import { stageFaults } from './stageFaults.ts';
import { becomeReady, stageLimits, tellExit, watchLives, type LivingStage } from './stageLife.ts';
import { listenTo, type StageVoice } from '../stageVoice.ts';

/** The parts that the stages of a run have in common. */
export interface StageCell {
  readonly network: RunNetwork;
  readonly image: string;
  readonly logDir: string;
  readonly emit: Emit;
  readonly uploadToken: string | undefined;
}

/** Stages listen here: each is alone in its container. */
export const STAGE_PORT = 8080;
const WORK_DIR = '/run/stage';
const TEMP_MB = 16;
/** The folder where engines show a container its own control group. */
const CONTROL_GROUP = '/sys/fs/cgroup';
/** Folder of a programme's file. */
const SOURCE_DIR = '/media/source';

/** Rejects with what the program said, STAGE_FAILED, PORT_TAKEN or ENGINE_UNAVAILABLE. */
export async function startStage(
  cell: StageCell,
  launch: StageLaunch,
  signal: AbortSignal,
): Promise<StartedStage> {
  const voice = listenTo(launch.instance, join(cell.logDir, `${launch.instance}.log`), cell.emit);
  const say = tellExit(cell.emit, launch.instance);
  try {
    say('starting', cell.image);
    const ready = voice.awaitReady();
    const { country: of } = launch;
    const country = of === undefined ? undefined : await cell.network.countries.of(of);
    const spec = { ...stageSpec(cell, launch, voice), ...(country && { country }) };
    const container = await startContainer(spec, signal);
    const living = { launch, container, voice, say };
    const port = await becomeReady(living, ready, signal).catch(async (error: unknown) => {
      await container.remove();
      throw error;
    });
    say('ready', port === undefined ? undefined : `${container.alias}:${port}`, viewersAt(living));
    const others = spec.publish.length > 0 ? 1 : 0;
    const frames = watchInterface(container, { own: country?.interfaceName, others });
    return started(cell, { ...living, frames }, port);
  } catch (error) {
    await voice.close();
    throw error;
  }
}

function stageSpec(cell: StageCell, launch: StageLaunch, voice: StageVoice): ContainerSpec {
  const { stage, instance } = launch;
  const file = findRole(stage).file?.(stage);
  return {
    network: cell.network,
    image: cell.image,
    instance,
    command: [pathInImage(programFile(findRole(stage).program))],
    env: { [STAGE_ENV]: JSON.stringify(stageConfig(launch, cell)) },
    limits: stageLimits(launch),
    workDir: WORK_DIR,
    tmpfsMb: { '/tmp': TEMP_MB },
    publish: findRole(stage).servesViewers ? [STAGE_PORT] : [],
    usesGroups: sendsGroups(stage),
    ...(launch.country !== undefined && { begin: BEGIN }),
    files: file ? [{ source: file.path, target: inContainer(file.path) }] : [],
    onStdout: voice.stdout,
    onStderr: voice.stderr,
  };
}

const sendsGroups = (stage: Stage): boolean => 'groups' in stage;

/** A file of the user's is copied in: engines elsewhere cannot mount it. */
const inContainer = (path: string): string => `${SOURCE_DIR}/${basename(path)}`;

function stageConfig(launch: StageLaunch, { network, uploadToken }: StageCell): StageConfig {
  const { stage } = launch;
  const file = findRole(stage).file?.(stage);
  return {
    ...launch,
    stage: file ? file.movedTo(inContainer(file.path)) : stage,
    workDir: WORK_DIR,
    listen: { host: '0.0.0.0', port: sendsGroups(stage) ? network.nextGroupPort() : STAGE_PORT },
    tools: { ffmpeg: 'ffmpeg', nginx: 'nginx' },
    stopOnStdinEnd: true,
    ...(launch.country !== undefined && { waitsToBegin: true }),
    controlGroup: CONTROL_GROUP,
    ...(uploadToken !== undefined && { uploadToken }),
  };
}

/** Undefined for a stage that no viewer reaches. */
function hostAddress({ launch, container }: LivingStage): Address | undefined {
  return findRole(launch.stage).servesViewers ? container.hostAddress(STAGE_PORT) : undefined;
}

function viewersAt(stage: LivingStage): string | undefined {
  const at = hostAddress(stage);
  return at && `${at.host}:${at.port}`;
}

function started(
  cell: StageCell,
  living: LivingStage & { readonly frames: InterfaceWatch },
  port: number | undefined,
): StartedStage {
  const { launch, container, frames } = living;
  const life = watchLives(living);
  let stopping: Promise<void> | undefined;
  const stop = () => {
    life.finish();
    return (stopping ??= stopStage(living, cell.network));
  };
  return {
    instance: launch.instance,
    address: port === undefined ? undefined : { host: container.alias, port },
    hostAddress: hostAddress(living),
    exited: life.exited,
    stop,
    command: (message) => Promise.resolve(container.send(`${JSON.stringify(message)}\n`)),
    countFrames: frames.count,
    faults: stageFaults({ ...living, life, network: cell.network }),
    [Symbol.asyncDispose]: stop,
  };
}

/** Asks, waits, removes. The engine kills what does not end by then. */
async function stopStage(
  { launch, container, voice, say }: LivingStage,
  network: RunNetwork,
): Promise<void> {
  say('stopping');
  const what = `${launch.instance} to end`;
  if (!network.engineLost)
    await withDeadline({ ms: STOP_WITHIN_MS * 2, what }, async () => {
      // A paused container cannot be asked anything.
      await container.api.unpause().catch(() => undefined);
      await container.api.stop({ t: Math.ceil(STOP_WITHIN_MS / 1000) });
      // One that is removed no longer tells its exit code.
      await container.exited;
    }).catch(() => undefined); // removing it ends it, too
  await container.remove();
  await voice.close();
}
