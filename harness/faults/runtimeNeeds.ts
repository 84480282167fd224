// What only containers can do. A scenario stays the same in both runtimes; a run on one that cannot
// do what it asks for is refused before anything starts.

import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Fault } from '../model/scenario.ts';

export interface ChosenRuntime {
  readonly kind: 'processes' | 'containers';
  /** Why it was chosen; a clause. */
  readonly reason: string;
}

/** @throws HarnessError TOOL_UNFIT naming the first fault that the runtime cannot do. */
export function requireDoable(plan: Plan, { kind, reason }: ChosenRuntime): void {
  if (kind === 'containers') return;
  for (const { of, fault } of plan.actions) {
    const what = onlyInContainers(fault);
    if (what === undefined) continue;
    throw new HarnessError(
      'TOOL_UNFIT',
      `${of}: the processes runtime (${reason}) cannot ${what}`,
      { target: of, hint: 'use --runtime containers, which needs a Docker-compatible engine' },
    );
  }
}

/** What it would have to do, where child processes on loopback cannot. */
function onlyInContainers(fault: Fault): string | undefined {
  if (fault.kind === 'squeeze') return 'limit the processor or memory of a stage';
  if (fault.kind === 'stage' && fault.does === 'disconnect')
    return 'take a stage off the network: there is one loopback for all';
  return undefined;
}
