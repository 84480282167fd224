// One action of a plan, at its start.

import { findTraits } from '../../harness/faults/kinds.ts';
import type { Fault } from '../../harness/model/fault.ts';
import type { PlannedAction } from '../../harness/model/plan.ts';

export const plannedAction = (
  fault: Fault,
  does: PlannedAction['does'],
  of: string,
): PlannedAction => ({
  id: `${of}:${does}`,
  does,
  of,
  window: undefined,
  fault,
  atMs: 0,
  scenarioAtMs: 0,
  expect: '',
  ...findTraits(fault),
});
