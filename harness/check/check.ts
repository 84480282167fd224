// Judges announced windows before anything runs: go, or no-go with times and reasons. Pure.

import type { CheckFinding, CheckResult, CheckSeverity } from '../model/access.ts';
import { contextOf, type CheckContext } from './context.ts';
import type { CheckInput } from './input.ts';
import { RULES } from './registry.ts';
import type { Found, Rule } from './rule.ts';

/**
 * Every rule over the same context. Findings come by severity, then by time.
 * @throws HarnessError SCENARIO_INVALID for an access with timers or capacities that cannot be.
 */
export function check(input: CheckInput): CheckResult {
  const context = contextOf(input);
  const findings = RULES.flatMap((rule) =>
    rule.find(context).map((found) => ({ found, finding: findingOf(context, rule, found) })),
  )
    .toSorted((a, b) => compare(a.found, b.found))
    .map(({ finding }) => finding);
  return {
    verdict: findings.some(({ severity }) => severity === 'stop') ? 'no-go' : 'go',
    findings,
    windows: input.windows.length,
    targets:
      input.accesses.reduce((sum, { paths }) => sum + paths.length, 0) + input.design.stages.length,
  };
}

/** Exit code of the command: 0 go, 1 no-go. */
export const exitCodeOf = ({ verdict }: CheckResult): 0 | 1 => (verdict === 'go' ? 0 : 1);

const ORDER: Readonly<Record<CheckSeverity, number>> = { stop: 0, warning: 1, note: 2 };

const compare = (a: Found, b: Found): number =>
  ORDER[a.severity] - ORDER[b.severity] ||
  (a.fromEpochMs ?? Infinity) - (b.fromEpochMs ?? Infinity) ||
  0;

function findingOf({ clock }: CheckContext, rule: Rule, found: Found): CheckFinding {
  const iso = (epochMs: number | undefined) =>
    epochMs === undefined ? undefined : clock.iso(epochMs);
  return {
    rule: rule.name,
    severity: found.severity,
    from: iso(found.fromEpochMs),
    to: iso(found.toEpochMs),
    targets: found.targets,
    text: found.text,
    hint: found.hint,
    source: found.source,
  };
}
