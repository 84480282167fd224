// A check as a JUnit suite, for change management that gates on it: one case a rule. Plain data in
// the shape reports/junit.ts renders.

import type { CheckFinding, CheckResult } from '../model/access.ts';
import { RULES } from './registry.ts';

interface RuleCase {
  readonly className: string;
  readonly name: string;
  readonly outcome: { readonly is: 'pass' } | { readonly is: 'failure'; readonly message: string };
  readonly output?: string;
}

export interface CheckSuite {
  readonly name: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly RuleCase[];
}

/** A rule fails when it found something to stop for; its warnings and notes are output. */
export function checkSuiteOf(result: CheckResult, name: string): CheckSuite {
  return {
    name: `check ${name}`,
    properties: [
      ['verdict', result.verdict],
      ['windows', String(result.windows)],
      ['targets', String(result.targets)],
    ],
    cases: RULES.map((rule) => caseOf(rule.name, rule.about, result.findings)),
  };
}

function caseOf(name: string, about: string, findings: readonly CheckFinding[]): RuleCase {
  const own = findings.filter(({ rule }) => rule === name);
  const stops = own.filter(({ severity }) => severity === 'stop');
  const others = own.filter(({ severity }) => severity !== 'stop');
  return {
    className: `check.${name}`,
    name: about,
    outcome:
      stops.length === 0
        ? { is: 'pass' }
        : { is: 'failure', message: stops.map(lineOf).join('\n') },
    ...(others.length === 0 ? {} : { output: others.map(lineOf).join('\n') }),
  };
}

const lineOf = ({ severity, from, text, hint, source }: CheckFinding): string =>
  `${severity}${from === undefined ? '' : ` ${from}`}: ${text}. ${hint} (${source})`;
