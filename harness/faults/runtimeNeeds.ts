// Checks needs that not every runtime meets. A scenario stays the same in all of them; a run on one
// that cannot do what it asks for is refused before anything starts.

import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Fault } from '../model/scenario.ts';

export interface ChosenRuntime {
  readonly kind: 'processes' | 'containers';
  /** The reason why it was chosen; a clause. */
  readonly reason: string;
  /** Limits and pauses stages by control groups, which not every engine has. */
  readonly canLimit: boolean;
}

/** @throws HarnessError TOOL_UNFIT naming the first stage or fault that asks too much of the runtime. */
export function requireDoable({ scenario, actions }: Plan, runtime: ChosenRuntime): void {
  const limited = scenario.design.stages.find(({ resources }) => resources !== undefined);
  if (limited && !runtime.canLimit) throw unfit(`stage ${limited.name}`, LIMIT, runtime);
  for (const { of, fault } of actions) {
    const what = beyond(runtime, fault);
    if (what !== undefined) throw unfit(of, what, runtime);
  }
}

const LIMIT = 'limit the processor or memory of a stage';

/** Names what the runtime would have to do for the fault, and cannot. */
function beyond({ kind, canLimit }: ChosenRuntime, fault: Fault): string | undefined {
  if (fault.kind === 'squeeze') return canLimit ? undefined : LIMIT;
  if (fault.kind !== 'stage') return undefined;
  switch (fault.does) {
    case 'disconnect':
      return kind === 'processes'
        ? 'take a stage off the network: there is one loopback for all'
        : undefined;
    case 'pause':
      // Processes are paused by a signal.
      return kind === 'containers' && !canLimit ? 'pause a stage' : undefined;
    case 'kill':
    case 'stop':
    case 'restart':
      return undefined;
  }
}

const unfit = (target: string, what: string, { kind, reason }: ChosenRuntime): HarnessError =>
  new HarnessError('TOOL_UNFIT', `${target}: the ${kind} runtime (${reason}) cannot ${what}`, {
    target,
    hint:
      kind === 'processes'
        ? 'use --runtime containers, which needs a Docker-compatible engine'
        : 'give the engine control groups (a rootless one has them with the second version), or use another',
  });
