// The life of a stage, and its place on the network: a crash, an operator's hand, a pause.

import { choice } from '../fields/fields.ts';
import type { OnStages } from '../model/scenario.ts';
import type { StageFaults } from '../model/world.ts';
import { writing, type RuntimeAbility, type StageKind } from './kind.ts';

/**
 * `kill` is a crash, `stop` an operator's hand, both started again at the heal; `restart` is stopped
 * and started again at once; `pause` stops its time; `disconnect` lets what is sent to it or by it
 * vanish.
 */
export interface StageFault extends OnStages {
  readonly kind: 'stage';
  readonly does: 'kill' | 'stop' | 'restart' | 'pause' | 'disconnect';
}

declare module '../model/fault.ts' {
  interface OnStageFaults {
    stage: StageFault;
  }
}

interface Way {
  readonly says: string;
  readonly verb: string;
  readonly then?: string;
  inject(stage: StageFaults): Promise<void>;
  heal(stage: StageFaults): Promise<void>;
  /** The inject leaves it without a life. */
  readonly ends: boolean;
  /** The step that gives it a new life. */
  readonly begins: 'inject' | 'heal' | undefined;
  readonly trace: 'reports' | 'lives' | 'absence';
}

const WAYS: Readonly<Record<StageFault['does'], Way>> = {
  kill: {
    says: 'dies',
    verb: 'killed',
    inject: (stage) => stage.kill(),
    heal: (stage) => stage.restart(),
    ends: true,
    begins: 'heal',
    trace: 'reports',
  },
  stop: {
    says: 'is shut down',
    verb: 'stopped',
    inject: (stage) => stage.shutDown(),
    heal: (stage) => stage.restart(),
    ends: true,
    begins: 'heal',
    trace: 'reports',
  },
  restart: {
    says: 'is shut down and started again at once',
    verb: 'restarted',
    inject: async (stage) => {
      await stage.shutDown();
      await stage.restart();
    },
    heal: async () => undefined, // it runs again since it was injected
    ends: false,
    begins: 'inject',
    trace: 'lives',
  },
  pause: {
    says: 'stands still, its connections stay',
    verb: 'paused',
    inject: (stage) => stage.pause(),
    heal: (stage) => orRestart(stage.resume(), stage),
    ends: false,
    begins: undefined,
    trace: 'reports',
  },
  disconnect: {
    says: 'is off the network, nothing gets an answer (containers only)',
    verb: 'took',
    then: 'off the network',
    inject: (stage) => stage.disconnect(),
    heal: (stage) => orRestart(stage.reconnect(), stage),
    ends: false,
    begins: undefined,
    trace: 'absence',
  },
};

/** The second way back: another life has its time and its network. */
const orRestart = (first: Promise<void>, stage: StageFaults): Promise<void> =>
  first.catch(() => stage.restart());

export const life: StageKind<StageFault> = {
  kind: 'stage',
  on: 'stages',
  writings: {
    stage: writing({
      field: choice(
        'The thing done to the stages: kill is a crash, stop an operator, restart stops and starts them again at once, pause stops their time, disconnect takes them off the network (containers only).',
        ['kill', 'stop', 'restart', 'pause', 'disconnect'],
      ),
      read: (does) => ({ kind: 'stage', does }),
    }),
  },
  injected: ({ does }, where) => `${where} ${WAYS[does].says}`,
  healed: (_, where) => `${where} works again`,
  effect: ({ does }) => does,
  verb: ({ does }) => {
    const { verb, then } = WAYS[does];
    return then === undefined ? { verb } : { verb, then };
  },
  nature: () => 'life',
  acts: {
    by: 'runtime',
    inject: ({ does }, stage) => WAYS[does].inject(stage),
    heal: ({ does }, stage) => WAYS[does].heal(stage),
    life: ({ does }) => WAYS[does],
  },
  lacks,
  trace: ({ does }) => ({ kind: WAYS[does].trace }),
  numbers: () => ({ works: false }),
};

function lacks({ does }: StageFault, { kind, canLimit }: RuntimeAbility): string | undefined {
  if (does === 'disconnect' && kind === 'processes')
    return 'take a stage off the network: there is one loopback for all';
  // Processes are paused by a signal.
  if (does === 'pause' && kind === 'containers' && !canLimit) return 'pause a stage';
  return undefined;
}
