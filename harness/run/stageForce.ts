// Carries out faults on running stages and keeps those in force. A stage that starts again has
// forgotten what was wrong with its programme, its clock or its answers, and one that is down hears
// nothing: both are told when it runs.

import type { StageInForce } from '../faults/kind.ts';
import { findKind } from '../faults/kinds.ts';
import { HarnessError } from '../model/errors.ts';
import type { OnStageFault } from '../model/scenario.ts';
import type { StageFaults, StartedStage } from '../model/world.ts';

export interface StageChange extends StageInForce<OnStageFault> {
  readonly stage: StartedStage;
  /** The occurrence (model/plan.ts). */
  readonly id: string;
  readonly does: 'inject' | 'heal';
}

/**
 * Carries changes out; those on one instance have to come one after the other.
 * @throws HarnessError TOOL_UNFIT where the runtime cannot do it, STAGE_FAILED when a stage does not
 * start again.
 */
export type StageForce = (change: StageChange) => Promise<void>;

interface State {
  down: boolean;
  /** Injected and not healed, by occurrence. */
  readonly inForce: Map<string, StageInForce<OnStageFault>>;
  /** One fault of each kind that has changed while it was down, by the kind. */
  readonly unheard: Map<string, OnStageFault>;
}

export function createStageForce(): StageForce {
  const states = new Map<string, State>();
  const stateOf = (instance: string): State => {
    const state = states.get(instance) ?? { down: false, inForce: new Map(), unheard: new Map() };
    states.set(instance, state);
    return state;
  };
  return async (change) => {
    const { fault, does, stage } = change;
    const state = stateOf(stage.instance);
    const { acts } = findKind(fault);
    if (acts.by === 'program') return note(change, state);
    const life = acts.life?.(fault);
    if (life) state.down = does === 'inject' && life.ends;
    await acts[does](fault, stageFaults(stage));
    if (life?.begins === does) await tellAgain(stage, state);
  };
}

async function note({ stage, id, does, fault, seed }: StageChange, state: State): Promise<void> {
  if (does === 'inject') state.inForce.set(id, { fault, seed });
  else state.inForce.delete(id);
  if (state.down) state.unheard.set(fault.kind, fault);
  else await tell(stage, fault, state);
}

/** A new life is told every kind that is in force, and what was healed while it was down. */
async function tellAgain(stage: StartedStage, state: State): Promise<void> {
  const { inForce, unheard } = state;
  const kinds = new Map(unheard);
  for (const { fault } of inForce.values()) kinds.set(fault.kind, fault);
  unheard.clear();
  for (const fault of kinds.values()) await tell(stage, fault, state);
}

/** Tells the program of a stage all that is in force of one kind. */
async function tell(stage: StartedStage, fault: OnStageFault, { inForce }: State): Promise<void> {
  const { acts } = findKind(fault);
  if (acts.by !== 'program') return;
  if (!stage.command) throw unfit(stage, 'stages take no commands here');
  await stage.command(
    acts.message([...inForce.values()].filter((one) => one.fault.kind === fault.kind)),
  );
}

function stageFaults(stage: StartedStage): StageFaults {
  if (stage.faults) return stage.faults;
  throw unfit(stage, 'nothing can be done to stages here');
}

const unfit = ({ instance }: StartedStage, why: string): HarnessError =>
  new HarnessError('TOOL_UNFIT', `${instance}: ${why}`, {
    target: instance,
    hint: 'choose another runtime (--runtime), or a fault on a link',
  });
