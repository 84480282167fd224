// Fills in what actions of a plan did not say in records of version 1: the traits of their faults.

import { findTraits } from '../faults/kinds.ts';
import type { Plan, PlannedAction } from '../model/plan.ts';

/** An action as version 1 wrote it has no effect, verb, place or nature. */
export const withTraits = (plan: Plan): Plan => ({
  ...plan,
  actions: plan.actions.map((action: Partial<PlannedAction> & Pick<PlannedAction, 'fault'>) =>
    action.effect === undefined ? filled(action) : action,
  ) as readonly PlannedAction[],
});

const filled = (action: Pick<PlannedAction, 'fault'>) => ({
  ...action,
  ...findTraits(action.fault),
});
