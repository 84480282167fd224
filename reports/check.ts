// Renders the findings of a check of announced windows, for a terminal, programs and a CI gate.

import type {
  AcceptedBy,
  CheckFinding,
  CheckResult,
  CheckSeverity,
} from '../harness/model/access.ts';
import { counted } from './duration.ts';
import { writeJson } from './json.ts';
import { renderJunitSuites, type JunitCase, type JunitOutcome } from './junit.ts';
import { inert, paintFor, type Paint, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

/** One paragraph a finding: what and when, what to do, where it was said; the verdict comes last. */
export function renderCheckConsole(result: CheckResult, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const paragraphs = result.findings.map((finding) => paragraph(finding, terminal, paint));
  return [...paragraphs, conclusion(result, terminal, paint)].join('\n\n');
}

const MARKS: Readonly<Record<CheckSeverity, string>> = { stop: '✘', warning: '!', note: 'i' };

const COLOURS = { stop: 'red', warning: 'yellow', note: 'dim' } as const;

function paragraph(finding: CheckFinding, { columns }: Terminal, paint: Paint): string {
  const { severity, rule, text, hint, source, targets, accepted } = finding;
  const head = `${MARKS[severity]} ${severity} ${inert(rule)}${accepted ? ', accepted' : ''}`;
  const coloured = paint[COLOURS[accepted ? 'note' : severity]](paint.bold(head));
  const on = targets.length > 0 ? `; about ${targets.join(', ')}` : '';
  const body = (words: string) => wrapped(inert(words), columns - INDENT).map(indented);
  return [
    ...(head.length <= columns ? [coloured] : wrapped(head, columns)),
    ...body(text),
    ...body(when(finding)).map(paint.dim),
    ...body(accepted ? acceptedWords(accepted) : `To do: ${hint}`),
    ...body(`Said in ${source}${on}`).map(paint.dim),
  ].join('\n');
}

const acceptedWords = ({ by, until, why }: AcceptedBy): string =>
  `Accepted by ${by} until ${until}: ${why}`;

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
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const of = (severity: CheckSeverity) => open.filter((f) => f.severity === severity).length;
  const accepted = findings.length - open.length;
  return [
    `${counted(windows, 'window')} over ${counted(targets, 'stage or path', 'stages and paths')}:`,
    `${of('stop')} to stop for, ${counted(of('warning'), 'warning')} to accept,`,
    `${counted(of('note'), 'note')}${accepted > 0 ? `, ${accepted} accepted` : ''}`,
  ].join(' ');
}

/** Versioned: gates keep and compare it. */
const CHECK_VERSION = 1;

export const renderCheckJson = (result: CheckResult): string =>
  writeJson({ version: CHECK_VERSION, ...result }, ['version', 'verdict']);

/**
 * A case a finding and one for the verdict. `stop` fails until somebody accepts it; a warning is for
 * a person to accept, so it stays green and is told in the case's output. Notes are told with the
 * verdict. The suite is green exactly when the verdict is go. A name has no figures, so that a
 * finding of every night is one test.
 */
export function renderCheckJunit(result: CheckResult): string {
  return renderJunitSuites([
    {
      name: 'ecran-noir check',
      properties: [
        ['verdict', result.verdict],
        ['windows', String(result.windows)],
        ['targets', String(result.targets)],
      ],
      cases: [
        verdictCase(result),
        ...result.findings.filter(({ severity }) => severity !== 'note').map(findingCase),
      ],
    },
  ]);
}

const verdictCase = (result: CheckResult): JunitCase => ({
  className: 'check',
  name: 'the windows may go ahead',
  outcome: result.verdict === 'go' ? PASSED : { is: 'failure', message: summary(result) },
  output: [summary(result), ...listNotes(result)].join('\n'),
});

const listNotes = ({ findings }: CheckResult): readonly string[] =>
  findings
    .filter(({ severity }) => severity === 'note')
    .map(({ rule, text, source }) => `note ${rule}: ${text} (said in ${source})`);

const PASSED: JunitOutcome = { is: 'pass' };

function findingCase(finding: CheckFinding): JunitCase {
  const { rule, severity, text, hint, source, targets, accepted } = finding;
  const then = accepted ? acceptedWords(accepted) : `To do: ${hint}`;
  const message = `${text} (${when(finding)}; said in ${source}) ${then}`;
  return {
    className: `check.${rule}`,
    name: [rule, ...targets].join(' '),
    outcome: severity === 'stop' && !accepted ? { is: 'failure', message } : PASSED,
    output: `${severity}: ${message}`,
  };
}
