// `plan FILE`: the resolved timeline, without starting anything.

import { printPlan } from '../../scenario/printPlan.ts';
import { fit, print } from '../terminal.ts';
import { planFor } from '../../rehearsal/plan.ts';
import type { PlanArguments } from '../commands/plan.ts';

export async function showPlan(argv: PlanArguments): Promise<void> {
  const plan = await planFor(argv.file, argv);
  print(argv.json ? JSON.stringify(plan, null, 2) : fit(printPlan(plan, process.stdout.columns)));
}
