// What a check of announced windows found, for a terminal, for programs and for a CI gate.

import type { CheckFinding, CheckResult, CheckSeverity } from '../harness/model/access.ts';
import { counted } from './duration.ts';
import { ordered } from './json.ts';
import { renderJunitSuite, type JunitCase, type JunitOutcome } from './junit.ts';
import { inert, paintFor, type Paint, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';
import stringify from 'json-stringify-pretty-compact';

/** One paragraph a finding: what and when, what to do, where it was said; the verdict comes last. */
export function renderCheckConsole(result: CheckResult, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const paragraphs = result.findings.map((finding) => paragraph(finding, terminal, paint));
  return [...paragraphs, conclusion(result, terminal, paint)].join('\n\n');
}

const MARKS: Readonly<Record<CheckSeverity, string>> = { stop: '✘', warning: '!', note: 'i' };

function severityPaint(paint: Paint, severity: CheckSeverity): (text: string) => string {
  switch (severity) {
    case 'stop':
      return paint.red;
    case 'warning':
      return paint.yellow;
    case 'note':
      return paint.dim;
  }
}

function paragraph(finding: CheckFinding, { columns }: Terminal, paint: Paint): string {
  const { severity, rule, text, hint, source, targets } = finding;
  const head = `${MARKS[severity]} ${severity} ${inert(rule)}`;
  const coloured = severityPaint(paint, severity)(paint.bold(head));
  const on = targets.length > 0 ? `; about ${targets.join(', ')}` : '';
  const body = (words: string) => wrapped(inert(words), columns - INDENT).map(indented);
  return [
    ...(head.length <= columns ? [coloured] : wrapped(head, columns)),
    ...body(text),
    ...body(when(finding)).map(paint.dim),
    ...body(`To do: ${hint}`),
    ...body(`Said in ${source}${on}`).map(paint.dim),
  ].join('\n');
}

const INDENT = 2;
const indented = (line: string): string => ' '.repeat(INDENT) + line;

function when({ from, to }: CheckFinding): string {
  if (from === undefined) return 'At all times';
  return to === undefined ? `From ${from}` : `From ${from} to ${to}`;
}

function conclusion(result: CheckResult, { columns }: Terminal, paint: Paint): string {
  const go = result.verdict === 'go';
  const word = go ? paint.green(paint.bold('✔ GO')) : paint.red(paint.bold('✘ NO-GO'));
  const [first = '', ...others] = wrapped(summary(result), Math.max(1, columns - 9));
  return [`${word}  ${first}`, ...others].join('\n');
}

function summary({ findings, windows, targets }: CheckResult): string {
  const of = (severity: CheckSeverity) => findings.filter((f) => f.severity === severity).length;
  return [
    `${counted(windows, 'window')} over ${counted(targets, 'stage or path', 'stages and paths')}:`,
    `${of('stop')} to stop for, ${counted(of('warning'), 'warning')} to accept,`,
    counted(of('note'), 'note'),
  ].join(' ');
}

/** Versioned: gates keep and compare it. */
const CHECK_VERSION = 1;

export const renderCheckJson = (result: CheckResult): string =>
  `${stringify(ordered({ version: CHECK_VERSION, ...result }, ['version', 'verdict']), {
    maxLength: 100,
    indent: 2,
  })}\n`;

/**
 * A case a finding and one for the verdict. `stop` fails; a warning is for a person to accept, so
 * it stays green and is told in the case's output. The suite is green exactly when the verdict is go.
 */
export function renderCheckJunit(result: CheckResult): string {
  return renderJunitSuite({
    name: 'ecran-noir check',
    properties: [
      ['verdict', result.verdict],
      ['windows', String(result.windows)],
      ['targets', String(result.targets)],
    ],
    cases: [verdictCase(result), ...result.findings.map(findingCase)],
  });
}

const verdictCase = (result: CheckResult): JunitCase => ({
  className: 'check',
  name: 'the windows may go ahead',
  outcome: result.verdict === 'go' ? PASSED : { is: 'failure', message: summary(result) },
  output: summary(result),
});

const PASSED: JunitOutcome = { is: 'pass' };

function findingCase(finding: CheckFinding): JunitCase {
  const { rule, severity, text, hint, source } = finding;
  const message = `${text} (${when(finding)}; said in ${source}) To do: ${hint}`;
  return {
    className: `check.${rule}`,
    name: text,
    outcome: severity === 'stop' ? { is: 'failure', message } : PASSED,
    output: `${severity}: ${message}`,
  };
}
