// The bytes that passed from country to country: one table for every report.

import type { Report } from '../harness/model/report.ts';
import { showBytes } from '../harness/model/bytes.ts';

export const BORDER_HEADS = ['data', 'from', 'to', 'over', 'bytes', 'by phase'] as const;

/** The words beside the table. */
export const BORDER_NOTE =
  'Bytes as the counters of links saw them pass; what is in them is not looked at.';

/** Rows of plain text under those heads; empty where no border was counted. */
export const borderRows = ({ borders = [] }: Report): readonly (readonly string[])[] =>
  borders.map(({ class: data, from, to, over, bytes, phases }) => [
    data,
    from,
    to,
    over,
    bytes === undefined ? 'not counted' : showBytes(bytes),
    phases.map((one) => `${one.phase} ${showBytes(one.bytes)}`).join(', '),
  ]);
