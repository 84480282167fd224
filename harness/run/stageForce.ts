// Keeps the faults in force on each instance of a stage. One that starts again has forgotten what
// was wrong with its programme, its clock or its answers, and one that is down hears nothing: both
// are told when it runs.

import type { OnStageFault, StageFault } from '../model/scenario.ts';

export interface StageDeed {
  readonly instance: string;
  /** The occurrence (model/plan.ts). */
  readonly id: string;
  readonly does: 'inject' | 'heal';
  readonly fault: OnStageFault;
  /** Carries out the deed, as often as it is called. */
  readonly act: () => Promise<void>;
}

/** Carries deeds out; those on one instance have to come one after the other. */
export type StageForce = (deed: StageDeed) => Promise<void>;

interface State {
  down: boolean;
  /** Injected and not healed: told again in the next life. */
  readonly inForce: Map<string, StageDeed>;
  /** Healed while it was down. */
  readonly missed: StageDeed[];
}

export function createStageForce(): StageForce {
  const states = new Map<string, State>();
  const stateOf = (instance: string): State => {
    const state = states.get(instance) ?? { down: false, inForce: new Map(), missed: [] };
    states.set(instance, state);
    return state;
  };
  return async (deed) => {
    const state = stateOf(deed.instance);
    const { fault, does } = deed;
    switch (fault.kind) {
      case 'stage':
        state.down = does === 'inject' && LIFE[fault.does].ends;
        await deed.act();
        if (LIFE[fault.does].begins === does) await tellAgain(state);
        return;
      case 'squeeze':
        return deed.act();
      case 'content':
      case 'clock-skew':
      case 'full-disk':
      case 'http':
        return tell(deed, state);
    }
  };
}

/** Tells whether the inject leaves the stage without a life, and which step gives it a new one. */
const LIFE: Readonly<
  Record<
    StageFault['does'],
    { readonly ends: boolean; readonly begins: StageDeed['does'] | undefined }
  >
> = {
  kill: { ends: true, begins: 'heal' },
  stop: { ends: true, begins: 'heal' },
  restart: { ends: false, begins: 'inject' },
  pause: { ends: false, begins: undefined },
  disconnect: { ends: false, begins: undefined },
};

/** Does a fault of the kinds that a stage is told by a command. */
async function tell(deed: StageDeed, { down, inForce, missed }: State): Promise<void> {
  if (deed.does === 'inject') inForce.set(deed.id, deed);
  else inForce.delete(deed.id);
  if (!down) return deed.act();
  if (deed.does === 'heal') missed.push(deed);
}

async function tellAgain({ inForce, missed }: State): Promise<void> {
  for (const deed of [...missed.splice(0), ...inForce.values()]) await deed.act();
}
