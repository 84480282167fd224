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

const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
  ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];
