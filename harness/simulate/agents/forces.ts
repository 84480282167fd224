// The actions of a plan as steps over time: the condition of every flow, and the life and the answers
// of every instance of a stage.

import { listFlows as everyFlow } from '../../design/flows.ts';
import { findKind } from '../../faults/kinds.ts';
import type { StageNumbers } from '../../faults/kind.ts';
import { occurrenceId, type Plan, type PlannedAction } from '../../model/plan.ts';
import { isOnStages, type LinkFault, type OnStageFault } from '../../model/scenario.ts';
import { combineFaults, type Condition } from '../flow.ts';
import { listFlows, listInstances } from '../force.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import { always, makeSteps, type Steps } from './steps.ts';

export interface Conditions {
  readonly forward: Condition;
  readonly backward: Condition;
}

export interface Wrong extends NonNullable<StageNumbers['wrong']> {
  readonly channels: readonly string[];
  readonly sinceMs: number;
}

export interface Forces {
  readonly flow: (id: string) => Steps<Conditions>;
  readonly life: (instance: string) => Steps<LifeState>;
  /** Wrong answers in force on an instance, the first counts. */
  readonly wrong: (instance: string) => Steps<readonly Wrong[]>;
  readonly picture: (instance: string) => Steps<StageNumbers['picture']>;
}

interface Change<T> {
  readonly atMs: number;
  readonly value: T;
}

interface Lasting {
  readonly fault: OnStageFault;
  readonly sinceMs: number;
}

const HEALTHY: Conditions = {
  forward: combineFaults([], 'forward'),
  backward: combineFaults([], 'backward'),
};
const NOTHING_WRONG: readonly Wrong[] = [];

export function findForces(plan: Plan): Forces {
  const { design } = plan.scenario;
  const conditions = new Map(everyFlow(design).map(({ id }) => [id, [] as Change<Conditions>[]]));
  const lives = new Map<string, Change<LifeState>[]>();
  const numbers = new Map<string, Change<readonly Lasting[]>[]>();
  const onFlows = inForce<LinkFault>();
  const onStages = inForce<Lasting>();
  for (const action of plan.actions) {
    const { fault, atMs } = action;
    if (!isOnStages(fault)) {
      for (const id of listFlows(fault, design)) {
        const all = onFlows(id, action, fault);
        const value = {
          forward: combineFaults(all, 'forward'),
          backward: combineFaults(all, 'backward'),
        };
        conditions.get(id)?.push({ atMs, value });
      }
      continue;
    }
    for (const instance of listInstances(fault, design)) {
      if (fault.kind === 'stage') push(lives, instance, livesAfter(action));
      else
        push(numbers, instance, [
          { atMs, value: onStages(instance, action, { fault, sinceMs: atMs }) },
        ]);
    }
  }
  const told = <T>(instance: string, first: T, read: (all: readonly Lasting[]) => T): Steps<T> =>
    makeSteps(
      first,
      (numbers.get(instance) ?? []).map(({ atMs, value }) => ({ atMs, value: read(value) })),
    );
  return {
    flow: (id) => makeSteps(HEALTHY, conditions.get(id) ?? []),
    life: (instance) => makeSteps<LifeState>('works', lives.get(instance) ?? []),
    wrong: (instance) => told(instance, NOTHING_WRONG, wrongIn),
    picture: (instance) =>
      told<StageNumbers['picture']>(instance, undefined, (all) =>
        all.map(({ fault }) => findKind(fault).numbers(fault).picture).find(Boolean),
      ),
  };
}

export const HEALTHY_FLOW: Steps<Conditions> = always(HEALTHY);

/** Keeps what is in force at each place; gives it after an action. */
function inForce<F>() {
  const places = new Map<string, Map<string, F>>();
  return (place: string, action: PlannedAction, fault: F): readonly F[] => {
    const all = places.get(place) ?? new Map<string, F>();
    places.set(place, all);
    if (action.does === 'inject') all.set(occurrenceId(action), fault);
    else all.delete(occurrenceId(action));
    return [...all.values()];
  };
}

function push<T>(map: Map<string, T[]>, key: string, more: readonly T[]): void {
  map.set(key, [...(map.get(key) ?? []), ...more]);
}

/** A new life works after the start of its program. */
function livesAfter({ does, fault, atMs }: PlannedAction): readonly Change<LifeState>[] {
  if (fault.kind !== 'stage') return [];
  const [end, begin] = [
    { atMs, value: 'down' as const },
    { atMs: atMs + TIMES.stageStartMs, value: 'works' as const },
  ];
  switch (fault.does) {
    case 'kill':
    case 'stop':
      return does === 'inject' ? [end] : [begin];
    case 'restart':
      return does === 'inject' ? [end, begin] : [];
    case 'pause':
      return [{ atMs, value: does === 'inject' ? 'paused' : 'works' }];
    case 'disconnect':
      return [{ atMs, value: does === 'inject' ? 'absent' : 'works' }];
  }
}

const wrongIn = (all: readonly Lasting[]): readonly Wrong[] =>
  all.flatMap(({ fault, sinceMs }) => {
    const { wrong } = findKind(fault).numbers(fault);
    return wrong ? [{ ...wrong, channels: fault.channels, sinceMs }] : [];
  });
