// The comparison on a terminal: a row a design while they fit, a block a design when they do not.

import stringWidth from 'string-width';
import type { Comparison } from '../../harness/model/comparison.ts';
import { drawTable, GAP } from '../borderless.ts';
import { VERDICT_MEANING } from '../legend.ts';
import { compressionText } from '../sentence.ts';
import { inert, paintFor, verdictPaint, type Paint, type Terminal } from '../terminal.ts';
import { wrapped } from '../wrap.ts';
import { MEASURES, outcomeText, designRows, STANDING, type Cell, type DesignRow } from './rows.ts';

export function renderComparisonConsole(comparison: Comparison, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const rows = designRows(comparison);
  const note = compressionText(comparison.compress ?? 1);
  const table = renderTable(rows, paint);
  const fits = table.split('\n').every((line) => stringWidth(line) <= terminal.columns);
  return [
    ...wrapped(inert(`${comparison.scenario}: ${outcomeText(comparison)}`), terminal.columns).map(
      paint.bold,
    ),
    ...(note ? wrapped(note, terminal.columns).map(paint.dim) : []),
    '',
    fits ? table : rows.map((row) => renderBlock(row, terminal, paint)).join('\n\n'),
    '',
    ...legend(rows, terminal).map(paint.dim),
    ...checks(rows, terminal, paint),
  ].join('\n');
}

function renderTable(rows: readonly DesignRow[], paint: Paint): string {
  const shown = MEASURES.filter(({ metric }) => isTold(rows, metric));
  const heads = ['design', 'cost', 'runs', ...shown.map(({ head }) => head)];
  const body = rows.flatMap((row) => {
    const cells = row.cells.filter(({ metric }) => isTold(rows, metric));
    const name = paint.bold(inert(row.design.design));
    const spreads = cells.map(({ spread = '' }) => paint.dim(`${spread}${' '.repeat(GAP)}`));
    return [
      [name, row.cost, verdicts(row, paint), ...cells.map((c) => figure(c, paint))],
      ...(cells.some(({ spread }) => spread) ? [['', '', '', ...spreads]] : []),
    ];
  });
  return drawTable([heads.map(paint.dim), ...body], (at) => at < 3);
}

/** A column of dashes says nothing. */
const isTold = (rows: readonly DesignRow[], metric: Cell['metric']): boolean =>
  rows.some(({ design }) => design.estimates[metric]);

const verdicts = ({ design }: DesignRow, paint: Paint): string =>
  design.verdicts.map((v) => verdictPaint(paint, v)(VERDICT_MEANING[v].mark)).join('');

/** A mark on every figure, so that figures stand under each other. */
const figure = ({ value, standing }: Cell, paint: Paint): string =>
  `${value} ${standing ? paint[COLOURS[standing]](STANDING[standing].mark) : ' '}`;

const COLOURS = { better: 'green', worse: 'red', same: 'dim', unknown: 'dim' } as const;

function renderBlock(row: DesignRow, { columns }: Terminal, paint: Paint): string {
  const told = row.cells.filter(({ metric }) => row.design.estimates[metric]);
  const lines = told.flatMap(({ metric, value, spread, standing }) => {
    const head = MEASURES.find((measure) => measure.metric === metric)?.head ?? metric;
    const mark = standing ? ` ${STANDING[standing].mark}` : '';
    return wrapped(`${head}: ${value}${spread ? ` ${spread}` : ''}${mark}`, columns - 2).map(
      (line) => `  ${line}`,
    );
  });
  const head = wrapped(
    `${inert(row.design.design)} (cost ${row.cost}, ${row.counted} count)`,
    columns,
  );
  const none = lines.length === 0 ? ['  no run of it proves anything'] : [];
  return [...head.map(paint.bold), ...lines, ...none].join('\n');
}

function legend(rows: readonly DesignRow[], { columns }: Terminal): string[] {
  const used = new Set(rows.flatMap(({ cells }) => cells.map(({ standing }) => standing)));
  const words = Object.entries(STANDING).filter(([name]) =>
    used.has(name as keyof typeof STANDING),
  );
  const marks = words.map(([, { mark, says }]) => `${mark} ${says}`);
  const spread = rows.some(({ cells }) => cells.some((cell) => cell.spread))
    ? ['±: 95% confidence over repeats']
    : [];
  return [...marks, ...spread].flatMap((text) => wrapped(text, columns));
}

function checks(rows: readonly DesignRow[], { columns }: Terminal, paint: Paint): string[] {
  const found = rows.filter(({ design }) => design.checks.length > 0);
  if (found.length === 0) return [];
  const lines = found.flatMap(({ design }) => [
    ...wrapped(inert(design.design), columns),
    ...design.checks.flatMap((text) =>
      wrapped(`- ${inert(text)}`, columns - 2).map((l) => `  ${l}`),
    ),
  ]);
  return ['', paint.bold('what a check of the designs found'), ...lines];
}
