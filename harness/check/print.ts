// A check as text for a terminal or a change ticket.

import type { CheckFinding, CheckResult, CheckSeverity } from '../model/access.ts';

const MARK: Readonly<Record<CheckSeverity, string>> = {
  stop: 'STOP',
  warning: 'warn',
  note: 'note',
};

/** One paragraph a finding: what and when, what to do, where it was said. The verdict comes last. */
export function printCheck({ verdict, findings, windows, targets }: CheckResult): string {
  const count = (severity: CheckSeverity) =>
    findings.filter((finding) => finding.severity === severity).length;
  const head = `${windows} ${windows === 1 ? 'window' : 'windows'} over ${targets} stages and paths`;
  const sums = `${count('stop')} to stop for, ${count('warning')} warnings, ${count('note')} notes`;
  return [...findings.map(printFinding), `${verdict.toUpperCase()}: ${head}; ${sums}`, ''].join(
    '\n',
  );
}

function printFinding({ severity, rule, from, to, text, hint, source }: CheckFinding): string {
  const when = from === undefined ? '' : `  ${from}${to === undefined ? '' : ` to ${to}`}`;
  return `${MARK[severity]}  ${rule}${when}\n      ${text}\n      ${hint}\n      (${source})\n`;
}
