// Stages and proxies that do nothing, so that actions of a plan are carried out without a process or a
// socket.

import { virtualClock } from './virtualClock.ts';
import type { StartedProxy, StartedStage } from '../../harness/model/world.ts';
import { createActions, type Actions, type ActionsOptions } from '../../harness/run/carryOut.ts';

const ADDRESS = { host: 'stage', port: 1 };

export const idleStage = (instance: string, parts: Partial<StartedStage> = {}): StartedStage => ({
  instance,
  address: ADDRESS,
  hostAddress: ADDRESS,
  exited: new Promise(() => {}),
  stop: async () => {},
  [Symbol.asyncDispose]: async () => {},
  ...parts,
});

export const idleProxy = (name: string, parts: Partial<StartedProxy> = {}): StartedProxy => ({
  name,
  address: ADDRESS,
  hostAddress: ADDRESS,
  addToxic: async () => {},
  removeToxic: async () => {},
  recreate: async () => {},
  setEnabled: async () => {},
  remove: async () => {},
  ...parts,
});

interface Parts extends Partial<ActionsOptions> {
  readonly design: ActionsOptions['design'];
  readonly stages?: readonly StartedStage[];
  readonly proxies?: readonly StartedProxy[];
  readonly emit?: ActionsOptions['recorder']['emit'];
}

/** Actions on these parts; time passes when the test says so. */
export const actionsOn = ({ stages = [], proxies = [], emit, ...parts }: Parts): Actions =>
  createActions({
    seed: 1,
    stats: [],
    clock: virtualClock(),
    runStartedAtEpochMs: 0,
    pipeline: {
      stages: new Map(stages.map((stage) => [stage.instance, stage])),
      proxies: new Map(proxies.map((proxy) => [proxy.name, proxy])),
      playlistOf: () => '',
      mediaFrom: [],
    },
    recorder: { emit: emit ?? (() => {}), subscribe: () => {}, close: () => {} },
    probe: { ask: async () => ({ ms: 1 }), segmentsAt: async () => 3 },
    signal: new AbortController().signal,
    ...parts,
  });
