// The end of a run on the terminal: verdict, what happened, every viewer, expectations, findings.

import stringWidth from 'string-width';
import type { Report, Summary } from '../harness/model/report.ts';
import { borderNote, borderRows } from './borders.ts';
import { drawTable } from './borderless.ts';
import { cohortLines } from './cohorts.ts';
import { counted, formatAt, formatMs, formatRatio, formatStatistic } from './duration.ts';
import { figureRows } from './figures.ts';
import { observedText } from './expectation.ts';
import { FINDING_WORD, VERDICT_MEANING, verdictWords } from './legend.ts';
import { errorLines, gaveUpLines } from './playerErrors.ts';
import { GROUP_HEADS, groupRows } from './groups.ts';
import { askedAtEnd, shareBack } from './recovery.ts';
import { compressionNote, describeRun, marginText } from './sentence.ts';
import { inert, paintFor, verdictPaint, type Terminal } from './terminal.ts';
import { viewers, type PageContext } from './viewerTable.ts';
import { wrapped } from './wrap.ts';

/** No line is wider than the terminal from 40 columns on; no newline at the end. */
export function renderConsole(report: Report, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const page: PageContext = { report, terminal, paint };
  const blocks = [
    headline(page),
    viewers(page),
    audience(page),
    playerErrors(page),
    borders(page),
    expectations(page),
    findings(page),
    verdictLine(page),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function headline({ report, terminal, paint }: PageContext): string {
  const note = compressionNote(report);
  const { columns } = terminal;
  return [
    ...wrapped(inert(report.run.title), columns).map(paint.bold),
    ...wrapped(inert(describeRun(report)), columns),
    ...(note ? wrapped(note, columns).map(paint.dim) : []),
  ].join('\n');
}

function audience(page: PageContext): string {
  const { report, terminal, paint } = page;
  const { audience: all } = report;
  if (all.viewers === 0) return '';
  const back = `${all.recovered} of ${counted(askedAtEnd(all), 'viewer')} have the programme at the end ${shareBack(all)}; a cut was in force for ${formatMs(report.cutMs)}`;
  return [
    figures(page),
    ...cohortLines(report).flatMap((line) => wrapped(inert(line), terminal.columns)),
    ...groups(page),
    ...wrapped(back, terminal.columns),
    ...wrapped(marginText(report), terminal.columns).map(paint.dim),
  ].join('\n');
}

/** On a narrow terminal the last columns go first. */
function groups({ report, terminal, paint }: PageContext): readonly string[] {
  const rows = groupRows(report);
  if (rows.length === 0) return [];
  const tables = GROUP_HEADS.map((_, spare) => {
    const columns = GROUP_HEADS.length - spare;
    const heads = GROUP_HEADS.slice(0, columns).map(paint.dim);
    return drawTable([heads, ...rows.map((row) => row.slice(0, columns).map(inert))]);
  });
  return [firstThatFits(tables, terminal)];
}

/** The last where none does. */
const firstThatFits = (texts: readonly string[], { columns }: Terminal): string =>
  texts.find((text) => text.split('\n').every((line) => stringWidth(line) <= columns)) ??
  texts.at(-1) ??
  '';

function borders({ report, terminal, paint }: PageContext): string {
  const rows = borderRows(report);
  if (rows.length === 0) return '';
  const lines = rows.flatMap(([data, from, to, over, bytes, phases]) => {
    const when = phases === '' ? '' : ` (${phases})`;
    const text = `${data} from ${from} to ${to} over ${over}: ${bytes}${when}`;
    return marked(paint.dim('·'), inert(text), terminal);
  });
  const note = wrapped(borderNote(report), terminal.columns).map(paint.dim);
  return [paint.bold('borders'), ...lines, ...note].join('\n');
}

/** Intervals are wide: on a narrow terminal the worst viewer stays. */
const STATISTICS = [['p50', 'p95', 'max'], ['p50', 'max'], ['max']] as const;

function figures(page: PageContext): string {
  const tables = STATISTICS.map((statistics) => measureFigures(page, statistics));
  return firstThatFits(tables, page.terminal);
}

function measureFigures(
  { report, paint }: PageContext,
  statistics: readonly ('p50' | 'p95' | 'max')[],
): string {
  const { audience: all } = report;
  const { atMost } = all;
  const doubt = report.verdict === 'inconclusive' ? paint.yellow('not established') : '';
  const row = (name: string, low: Summary | undefined, high = low, print = formatMs) =>
    low ? [[name, ...statistics.map((stat) => formatStatistic([low, high], stat, print))]] : [];
  return drawTable([
    [doubt, ...statistics.map(paint.dim)],
    ...row(paint.bold('black screen'), all.blackScreenMs, atMost.blackScreenMs),
    ...row('programme loss', all.programmeLossMs, atMost.programmeLossMs),
    ...row('recovers in', all.timeToRecoverMs, atMost.timeToRecoverMs),
    ...row('x cut', all.amplification, atMost.amplification, formatRatio),
    ...row('latency', all.latencyMs),
    ...figureRows(report).flatMap(({ head, low, high, print }) => row(head, low, high, print)),
  ]);
}

/** Viewers that are named; more are for the page and the file. */
const GAVE_UP_MAX = 6;

function playerErrors({ report, terminal, paint }: PageContext): string {
  const lines = [...errorLines(report), ...gaveUpLines(report, GAVE_UP_MAX)];
  if (lines.length === 0) return '';
  const list = lines.flatMap((line) => marked(paint.dim('·'), inert(line), terminal));
  return [paint.bold('player errors'), ...list].join('\n');
}

function expectations({ report, terminal, paint }: PageContext): string {
  if (report.expectations.length === 0) return '';
  const lines = report.expectations.flatMap((result) => {
    const { text, verdict, reason } = result;
    const why = reason ? ` (${reason})` : '';
    const said = inert(`${text}: observed ${observedText(result)}${why}`);
    const mark = verdictPaint(paint, verdict)(VERDICT_MEANING[verdict].mark);
    return marked(mark, said, terminal);
  });
  return [paint.bold('expectations'), ...lines].join('\n');
}

function findings({ report, terminal, paint }: PageContext): string {
  if (report.findings.length === 0) return '';
  const lines = report.findings.flatMap(({ rule, verdict, text, atMs, hint }) => {
    const when = atMs === undefined ? '' : ` at ${formatAt(atMs)}`;
    const tone = verdict === 'pass' ? paint.dim : verdictPaint(paint, verdict);
    const mark = tone(FINDING_WORD[verdict].mark);
    const says = marked(mark, inert(`${rule}${when}: ${text}`), terminal);
    const todo = hint ? wrapped(inert(hint), terminal.columns - INDENT).map(indented) : [];
    return [...says, ...todo.map(paint.dim)];
  });
  return [paint.bold('findings'), ...lines].join('\n');
}

const INDENT = 4;
const indented = (line: string): string => ' '.repeat(INDENT) + line;

function marked(mark: string, text: string, { columns }: Terminal): string[] {
  const [first = '', ...others] = wrapped(text, columns - INDENT);
  return [`  ${mark} ${first}`, ...others.map(indented)];
}

function verdictLine({ report, terminal, paint }: PageContext): string {
  const { word, says } = verdictWords(report.verdict, report.run.kind);
  const colour = verdictPaint(paint, report.verdict);
  const shown = colour(paint.bold(`${VERDICT_MEANING[report.verdict].mark} ${word}`));
  const [first = '', ...others] = wrapped(says, terminal.columns - INDENT - word.length);
  return [`${shown}  ${first}`, ...others].join('\n');
}
