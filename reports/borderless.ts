// Tables of a terminal without lines: columns and gaps.

import Table from 'cli-table3';

/** Cells between two columns. */
export const GAP = 2;

/** A table's text without blanks at the ends of lines. */
export const trimmed = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

export function borderless(colAligns: ('left' | 'right')[]) {
  return new Table({
    colAligns: [...colAligns, 'left'],
    chars: Object.fromEntries(BORDERS.map((name) => [name, ''])),
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
  });
}

type Rows = readonly (readonly string[])[];

/** Draws rows, the head among them; columns are of figures but for those that `isText` says. */
export function drawTable(rows: Rows, isText = (column: number): boolean => column === 0): string {
  const table = borderless((rows[0] ?? []).map((_, at) => (isText(at) ? 'left' : 'right')));
  for (const row of rows) table.push([...row, '']);
  return trimmed(table.toString());
}

const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
  ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];
