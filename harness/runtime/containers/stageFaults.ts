// Faults of a stage by the engine: killed, shut down, paused, cut off from the network, squeezed.

import { withDeadline } from '../../kernel/deadline.ts';
import type { StageResources } from '../../model/scenario.ts';
import type { StageFaults } from '../../model/world.ts';
import { STOP_WITHIN_MS } from '../../pipeline/contract.ts';
import { engineLimits } from './closedOff.ts';
import { asEngineError } from './engine.ts';
import { cutNetwork, mendNetwork } from './networkCut.ts';
import type { RunNetwork } from './runNetwork.ts';
import { becomeReady, limitsOf, type LivingStage, type StageLife } from './stageLife.ts';

export interface FaultableStage extends LivingStage {
  readonly network: RunNetwork;
  readonly image: string;
  readonly life: StageLife;
}

const CALL_MS = 20_000;
/** A container that is already as wanted: paused, running, or not running. */
const ALREADY_SO = [304, 404, 409, 500];

export function stageFaults(stage: FaultableStage): StageFaults {
  const { launch, container, life, say } = stage;
  const { api } = container;
  const call = async (what: string, work: () => Promise<unknown>) => {
    const named = `${launch.instance} ${what}`;
    await withDeadline({ ms: CALL_MS, what: named, code: 'ENGINE_UNAVAILABLE' }, work).catch(
      (error: unknown) => {
        throw asEngineError(error, named, 'ENGINE_UNAVAILABLE');
      },
    );
  };
  const end = (what: string, work: () => Promise<unknown>) => {
    life.expectEnd();
    say('note', what);
    return call(`to be ${what}`, async () => {
      await work().catch(unlessAlreadySo);
      await container.exited;
    });
  };
  const kill = () => end('killed', () => api.kill());
  return {
    kill,
    shutDown: () => end('shut down', () => api.stop({ t: Math.ceil(STOP_WITHIN_MS / 1000) })),
    restart: async () => {
      await kill();
      await startAgain(stage);
    },
    pause: () => call('to pause', () => api.pause().catch(unlessAlreadySo)),
    resume: () => call('to resume', () => api.unpause().catch(unlessAlreadySo)),
    disconnect: () => call('to lose its network', () => cutNetwork(stage)),
    reconnect: () => call('to get its network back', () => mendNetwork(stage)),
    squeeze: (limits) => call('to be squeezed', () => limit(stage, limits)),
    release: () => call('to be released', () => limit(stage, {})),
  };
}

async function startAgain(stage: FaultableStage): Promise<void> {
  const { container, voice, life, say } = stage;
  say('starting');
  const ready = voice.awaitReady();
  await container.startAgain();
  life.watch();
  await becomeReady(stage, ready);
  say('ready');
}

async function limit(
  { container, network, launch }: FaultableStage,
  squeezed: StageResources,
): Promise<void> {
  const { role, resources } = launch.stage;
  const { cores } = network.engine;
  const wanted = engineLimits(limitsOf(role, { ...resources, ...squeezed }), cores);
  // "No limit" cannot be said to a running container; all the cores there are is the same.
  await container.api.update({ ...wanted, NanoCpus: wanted.NanoCpus || cores * 1e9 });
}

function unlessAlreadySo(error: { statusCode?: number }): void {
  if (!ALREADY_SO.includes(error.statusCode ?? 0)) throw error as unknown;
}
