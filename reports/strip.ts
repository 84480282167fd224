// Time as characters: a stretch of the run cut into equal cells, each showing the class that holds
// the largest share of it. A cell that is mostly well but has a loss in it is marked as such, so
// that rounding neither hides a short loss nor makes an outage of it.

import type { Span } from '../harness/model/report.ts';
import {
  CLASS_MEANING,
  LINK_MEANING,
  PARTLY_MEANING,
  STAGE_MEANING,
  type Meaning,
} from './legend.ts';
import { classPaint, type Paint } from './terminal.ts';

export interface DrawnPeriod {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cells: number;
}

/** A cell that is mostly well, with a shorter loss in it. */
export const PARTLY = 'partly';

/** Class of each cell, or PARTLY; undefined where no span covers any of it. */
export function stripCells(
  spans: readonly Span<string>[],
  { fromMs, toMs, cells }: DrawnPeriod,
): (string | undefined)[] {
  const widthMs = (toMs - fromMs) / cells;
  return Array.from({ length: cells }, (_, cell) =>
    shown(spans, fromMs + cell * widthMs, fromMs + (cell + 1) * widthMs),
  );
}

/** Neither a loss nor a fault. */
const WELL: ReadonlySet<string> = new Set(['programme', 'up', 'left', 'unmeasured']);

function shown(spans: readonly Span<string>[], fromMs: number, toMs: number): string | undefined {
  const lengths = new Map<string, number>();
  for (const span of spans) {
    const ms = Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs);
    if (ms > 0) lengths.set(span.class, (lengths.get(span.class) ?? 0) + ms);
  }
  const [longest, ...others] = [...lengths].sort(([, a], [, b]) => b - a).map(([name]) => name);
  if (longest === undefined || !WELL.has(longest)) return longest;
  return others.some((name) => !WELL.has(name)) ? PARTLY : longest;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ...CLASS_MEANING,
  ...STAGE_MEANING,
  ...LINK_MEANING,
  [PARTLY]: PARTLY_MEANING,
};

/** One character a cell, a blank where nothing is known; equal cells share one colour code. */
export function stripText(cells: readonly (string | undefined)[], paint: Paint): string {
  let text = '';
  for (let from = 0, to = 0; from < cells.length; from = to) {
    const name = cells[from];
    while (to < cells.length && cells[to] === name) to += 1;
    text += name === undefined ? ' '.repeat(to - from) : piece(name, to - from, paint);
  }
  return text;
}

const piece = (name: string, cells: number, paint: Paint): string =>
  classPaint(paint, name)(glyphFor(name).repeat(cells));

export const glyphFor = (name: string): string => MEANINGS[name]?.glyph ?? '?';
