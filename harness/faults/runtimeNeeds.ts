// Checks needs that not every runtime meets. A scenario stays the same in all of them; a run on one
// that cannot do what it asks for is refused before anything starts.

import { findRole } from '../design/roles.ts';
import { HarnessError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { isOnStages } from '../model/scenario.ts';
import type { RuntimeAbility } from './kind.ts';
import { findKind } from './kinds.ts';
import { LIMIT } from './squeeze.ts';

export interface ChosenRuntime extends RuntimeAbility {
  /** The reason why it was chosen; a clause. */
  readonly reason: string;
}

/** Gives the place where a stage is written: `file:line:column`. */
export type StagePlace = (stage: string) => string | undefined;

/** @throws HarnessError TOOL_UNFIT naming the first stage or fault that asks too much of the runtime. */
export function requireDoable(
  { scenario, actions }: Plan,
  runtime: ChosenRuntime,
  placeOf: StagePlace = () => undefined,
): void {
  for (const { name, role, resources } of scenario.design.stages) {
    const plays = findRole({ role }).engines?.includes(runtime.kind) ?? true;
    const lacks = plays ? LIMIT : `play a stage with role: ${role}`;
    if (plays && (resources === undefined || runtime.canLimit)) continue;
    const target = [placeOf(name), `stage ${name}`].filter(Boolean).join('  ');
    throw unfit(target, lacks, runtime, plays ? undefined : `use --runtime ${otherThan(runtime)}`);
  }
  for (const { of, fault } of actions) {
    const lacks = isOnStages(fault) ? findKind(fault).lacks?.(fault, runtime) : undefined;
    if (lacks !== undefined) throw unfit(of, lacks, runtime);
  }
}

const otherThan = ({ kind }: ChosenRuntime): string =>
  kind === 'processes' ? 'containers, which needs a Docker-compatible engine' : 'processes';

const unfit = (
  target: string,
  what: string,
  { kind, reason }: ChosenRuntime,
  hint?: string,
): HarnessError =>
  new HarnessError('TOOL_UNFIT', `${target}: the ${kind} runtime (${reason}) cannot ${what}`, {
    target,
    hint:
      hint ??
      (kind === 'processes'
        ? 'use --runtime containers, which needs a Docker-compatible engine'
        : 'give the engine control groups (a rootless one has them with the second version), or use another'),
  });
