// Judges announced windows before anything runs: go, or no-go with times and reasons. Pure.

import type { CheckFinding, CheckResult, CheckSeverity } from '../model/access.ts';
import { findAcceptance, unusedAcceptances } from './acceptance.ts';
import { makeContext, type CheckContext } from './context.ts';
import type { CheckInput } from './input.ts';
import { overrunFindings } from './overrun.ts';
import { RULES } from './registry.ts';
import type { RuleFound } from './rule.ts';

/**
 * Every rule over the same context. Findings come by severity, then by time.
 * @throws HarnessError SCENARIO_INVALID for an access with timers or capacities that cannot be.
 */
export function check(input: CheckInput): CheckResult {
  const context = makeContext(input);
  const announced = RULES.flatMap((rule) =>
    rule.find(context).map((found) => ({ ...found, rule: rule.name })),
  );
  const found = [...announced, ...overrunFindings(context, announced)];
  const findings = [...found, ...unusedAcceptances(context, found)]
    .toSorted(compare)
    .map((one) => makeFinding(context, one));
  return {
    verdict: findings.some(isInTheWay) ? 'no-go' : 'go',
    findings,
    windows: input.windows.length,
    targets:
      input.accesses.reduce((sum, { paths }) => sum + paths.length, 0) + input.design.stages.length,
  };
}

const isInTheWay = ({ severity, accepted }: CheckFinding): boolean =>
  severity === 'stop' && accepted === undefined;

/** Exit code of the command: 0 go, 1 no-go. */
export const chooseExitCode = ({ verdict }: CheckResult): 0 | 1 => (verdict === 'go' ? 0 : 1);

const ORDER: Readonly<Record<CheckSeverity, number>> = { stop: 0, warning: 1, note: 2 };

/** Findings that hold at all times come after those that begin at one. */
function compare(a: RuleFound, b: RuleFound): number {
  const [atA, atB] = [a.fromEpochMs ?? Infinity, b.fromEpochMs ?? Infinity];
  return ORDER[a.severity] - ORDER[b.severity] || (atA === atB ? 0 : atA - atB);
}

function makeFinding(context: CheckContext, found: RuleFound): CheckFinding {
  const iso = (epochMs: number | undefined) =>
    epochMs === undefined ? undefined : context.clock.iso(epochMs);
  const { accepted, remark } = findAcceptance(context, found);
  return {
    rule: found.rule,
    severity: found.severity,
    from: iso(found.fromEpochMs),
    to: iso(found.toEpochMs),
    targets: found.targets,
    text: remark === undefined ? found.text : `${found.text}; ${remark}`,
    hint: found.hint,
    source: found.source,
    accepted,
  };
}
