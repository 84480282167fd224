// The rows that metrics add to the tables of figures: the figures that every report has are fields
// of its audience, these name themselves.

import type { Figure, Report } from '../harness/model/report.ts';
import { formatMs, formatRatio, formatShare } from './duration.ts';

/** A row in words, with the way its numbers are printed. */
export interface FigureRow extends Figure {
  readonly print: (value: number | undefined) => string;
}

export const figureRows = ({ figures = [] }: Report): FigureRow[] =>
  figures.map((figure) => ({ ...figure, print: PRINT[figure.unit] }));

const PRINT: Readonly<Record<Figure['unit'], FigureRow['print']>> = {
  time: formatMs,
  share: (value = 0) => formatShare(value, 1),
  ratio: formatRatio,
  count: (value = 0) => String(Number(value.toFixed(3))),
};
