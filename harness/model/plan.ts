// The resolved timeline of one run: what will be done, when, and what each step is expected to do.

import type { AlertStep } from './alert.ts';
import type { Fault, FaultTraits, Scenario } from './scenario.ts';

export const PHASES = ['provision', 'steady', 'disrupt', 'recover', 'judge', 'teardown'] as const;
export type Phase = (typeof PHASES)[number];

/** One step of the timeline. A heal names the inject it undoes. */
export interface PlannedAction extends FaultTraits {
  /**
   * Unique in the plan: `<occurrence>:inject`, `…:heal`, `…:heal:<channel>`. The occurrence is the
   * name of the fault or window, with `#2` and so on when it comes more than once.
   */
  readonly id: string;
  readonly does: 'inject' | 'heal';
  /** Name of the fault or window it belongs to. */
  readonly of: string;
  readonly window: string | undefined;
  /** The fault, narrowed to the channels this step concerns. */
  readonly fault: Fault;
  /** Since the start of the disrupt phase, as played (compressed). */
  readonly atMs: number;
  /** The same instant in the scenario's own time. */
  readonly scenarioAtMs: number;
  /** The sight to expect, as a sentence for the reader. */
  readonly expect: string;
  /** False for steps in the middle of a ramp or a flap: too short for a witness. */
  readonly prove?: false;
}

/** A viewer comes or goes. */
export interface AudienceStep {
  readonly viewer: string;
  readonly does: 'join' | 'leave';
  /** Since the start of the disrupt phase, as played (compressed). */
  readonly atMs: number;
  /** The same instant in the scenario's own time. */
  readonly scenarioAtMs: number;
}

/** The length of work that people end, in the scenario's own time: of this seed, and of ten thousand. */
export interface Outage {
  readonly of: string;
  readonly lengthMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
}

/** Names the toxics of an inject, and of the heals that undo it. */
export const occurrenceId = (action: Pick<PlannedAction, 'id'>): string =>
  action.id.split(':')[0] ?? action.id;

/** The steps that undo faults, by the occurrence of each, in the order of the plan. */
export const groupHeals = (
  actions: readonly PlannedAction[],
): ReadonlyMap<string, readonly PlannedAction[]> =>
  Map.groupBy(
    actions.filter(({ does }) => does === 'heal'),
    occurrenceId,
  );

/** Viewers who are not there yet in the steady state: the first thing they do is to join. */
export const findLatecomers = ({ audience = [] }: Pick<Plan, 'audience'>): ReadonlySet<string> => {
  const first = new Map(audience.toReversed().map((step) => [step.viewer, step.does]));
  return new Set([...first].flatMap(([viewer, does]) => (does === 'join' ? [viewer] : [])));
};

export interface Plan {
  readonly scenario: Scenario;
  readonly compress: number;
  readonly seed: number;
  /** Sorted by atMs, heals before injects at the same instant. */
  readonly actions: readonly PlannedAction[];
  /** Sorted by atMs; absent where everybody is there from the start to the end. */
  readonly audience?: readonly AudienceStep[];
  /** Sorted by atMs; absent where the scenario has no alerts. */
  readonly alerts?: readonly AlertStep[];
  /** Windows that people end, with what their length was drawn from; absent where there is none. */
  readonly outages?: readonly Outage[];
  /** The played time from the start of the phase to the last action, or the end on paths. */
  readonly disruptMs: number;
  /** The deadline of the recover phase (never compressed: players keep their own timers). */
  readonly recoverWithinMs: number;
  /** The played time in which at least one cut is in force, the denominator of amplification. */
  readonly cutMs: number;
}
