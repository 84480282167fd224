// Faults of a stage by the engine: killed, shut down, paused, cut off from the network, squeezed.

import { HarnessError } from '../../model/errors.ts';
import type { StageResources } from '../../model/scenario.ts';
import type { StageFaults } from '../../model/world.ts';
import { STOP_WITHIN_MS } from '../../pipeline/contract.ts';
import { engineLimits } from './closedOff.ts';
import { callEngine } from './engine.ts';
import { cutNetwork, mendNetwork } from './networkCut.ts';
import type { InterfaceWatch } from './interfaceCount.ts';
import type { RunNetwork } from './runNetwork.ts';
import { becomeReady, stageLimits, type LivingStage, type StageLife } from './stageLife.ts';

export interface FaultableStage extends LivingStage {
  readonly network: RunNetwork;
  readonly life: StageLife;
  readonly frames: InterfaceWatch;
}

const CALL_MS = 20_000;
/** A container that is already as wanted: paused, running, or not running. */
const ALREADY_SO = [304, 404, 409, 500];

export function stageFaults(stage: FaultableStage): StageFaults {
  const { launch, container, life, say, frames } = stage;
  const { api } = container;
  const call = async (what: string, work: () => Promise<unknown>) => {
    await callEngine(`${launch.instance} ${what}`, CALL_MS, work);
  };
  const end = (what: string, work: () => Promise<unknown>) => {
    life.expectEnd();
    say('note', what);
    return call(`to be ${what}`, async () => {
      await frames.endLife();
      await work().catch(unlessAlreadySo);
      await container.exited;
    });
  };
  /** Ended by a fault that another call will take back. */
  let down = false;
  const kill = () => {
    down = true;
    return end('killed', () => api.kill());
  };
  return {
    kill,
    shutDown: () => {
      down = true;
      return end('shut down', () => api.stop({ t: Math.ceil(STOP_WITHIN_MS / 1000) }));
    },
    restart: async () => {
      if (life.isRunning()) await kill();
      await startAgain(stage);
      down = false;
    },
    pause: () => call('to pause', () => api.pause().catch(unlessAlreadySo)),
    resume: () => call('to resume', () => api.unpause().catch(unlessAlreadySo)),
    disconnect: () => call('to lose its network', () => cutNetwork(stage)),
    reconnect: () => call('to get its network back', () => mendNetwork(stage)),
    squeeze: (limits) => {
      // Too little to live on is the work of the fault.
      if (limits.memoryMb !== undefined) life.expectEnd();
      return call('to be squeezed', () => limit(stage, limits)).catch((error: unknown) => {
        life.expectNoEnd();
        throw error;
      });
    },
    release: async () => {
      await call('to be released', () => limit(stage, {}));
      life.expectNoEnd();
      if (!down && !life.isRunning()) await startAgain(stage);
    },
  };
}

async function startAgain(stage: FaultableStage): Promise<void> {
  const { container, voice, life, say, frames } = stage;
  say('starting');
  const ready = voice.awaitReady();
  await container.startAgain();
  frames.beginLife();
  life.watch();
  await becomeReady(stage, ready);
  say('ready');
}

async function limit(
  { container, network, launch }: FaultableStage,
  squeezed: StageResources,
): Promise<void> {
  const stage = { ...launch.stage, resources: { ...launch.stage.resources, ...squeezed } };
  const { cores } = network.engine;
  const wanted = engineLimits(stageLimits({ stage }), cores);
  // "No limit" cannot be said to a running container; all the cores there are is the same.
  const update = { ...wanted, NanoCpus: wanted.NanoCpus || cores * 1e9 };
  await container.api.update(update).catch((error: Error) => {
    if (!NO_RECLAIM.test(error.message)) throw error;
    throw new HarnessError(
      'TOOL_UNFIT',
      `${launch.instance} uses more memory than it would be left, and this kernel does not take it away`,
      {
        target: launch.instance,
        hint: 'leave it more memory, or use an engine with control groups of the second version',
        cause: error,
      },
    );
  });
}

/** Control groups of the first version refuse a limit below what is used; the second ends the stage. */
const NO_RECLAIM = /device or resource busy|unable to set memory limit/i;

function unlessAlreadySo(error: { statusCode?: number }): void {
  if (!ALREADY_SO.includes(error.statusCode ?? 0)) throw error as unknown;
}
