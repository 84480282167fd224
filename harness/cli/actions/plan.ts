// `plan FILE`: the resolved timeline, without starting anything.

import { printPlan } from '../../scenario/printPlan.ts';
import { fit, print } from '../terminal.ts';
import { planFor, type PlanChoices } from '../../rehearsal/plan.ts';

export interface PlanArguments extends PlanChoices {
  readonly file: string;
  readonly json: boolean;
}

export async function showPlan(argv: PlanArguments): Promise<void> {
  const plan = await planFor(argv.file, argv);
  print(argv.json ? JSON.stringify(plan, null, 2) : fit(printPlan(plan, process.stdout.columns)));
}
