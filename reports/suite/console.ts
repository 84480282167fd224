// A suite on a terminal: a row a scenario, what is not well with its reasons, then the verdict.

import type { Suite } from '../../harness/model/suite.ts';
import { drawTable } from '../borderless.ts';
import { VERDICT_MEANING } from '../legend.ts';
import { inert, paintFor, verdictPaint, type Paint, type Terminal } from '../terminal.ts';
import { wrapped } from '../wrap.ts';
import { describeSuite, SUITE_HEADS, suiteNotes, suiteRows, tally, type SuiteRow } from './rows.ts';

export function renderSuiteConsole(suite: Suite, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const rows = suiteRows(suite);
  const lines = (texts: readonly string[]) =>
    texts.flatMap((text) => wrapped(inert(text), terminal.columns));
  const { mark } = VERDICT_MEANING[suite.verdict];
  return [
    ...(rows.length > 0 ? [renderTable(rows, paint), ''] : []),
    ...lines(rows.flatMap(({ result, notes }) => notes.map((note) => `${result.key}: ${note}`))),
    ...lines(suite.leftOut.map(({ key, reason }) => `${key}: left out, ${reason}`)),
    ...lines(suite.findings.map(({ rule, text }) => `${rule}: ${text}`)),
    ...lines(suiteNotes(suite)).map(paint.dim),
    ...lines([describeSuite(suite)]).map(paint.dim),
    verdictPaint(
      paint,
      suite.verdict,
    )(paint.bold(`${mark} ${suite.verdict.toUpperCase()}: ${tally(suite)}`)),
  ].join('\n');
}

function renderTable(rows: readonly SuiteRow[], paint: Paint): string {
  const body = rows.map(({ result, cells }) => [
    paint.bold(inert(result.key)),
    verdictPaint(paint, result.verdict)(result.verdict),
    ...cells,
  ]);
  return drawTable([SUITE_HEADS.map(paint.dim), ...body], (at) => at < 2);
}
