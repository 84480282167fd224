// The bytes that passed from country to country: one table for every report.

import type { Report } from '../harness/model/report.ts';
import { INTERFACE_NOISE } from '../harness/model/border.ts';
import { showBytes } from '../harness/model/bytes.ts';

export const BORDER_HEADS = ['data', 'from', 'to', 'over', 'bytes', 'by phase'] as const;

/** The words beside the table. */
export const borderNote = (report: Report): string =>
  `Bytes as the counters of links saw them pass; what is in them is not looked at. ${witnessNote(report)}`;

const { bytes, share } = INTERFACE_NOISE;
const KEPT = ` Rules of the kernel let each stage meet proxies alone; of what passed between the two, less than ${showBytes(bytes)} or ${100 * share} % is not told apart.`;

function witnessNote({ interfaces = [] }: Report): string {
  if (interfaces.length === 0)
    return 'No second witness: stages have no network interfaces of their own in this runtime.';
  const byLinks = interfaces.reduce((sum, one) => sum + one.byLinks, 0);
  const apart = interfaces.reduce((sum, one) => sum + Math.abs(one.byInterface - one.byLinks), 0);
  const differ = ((apart / Math.max(byLinks, 1)) * 100).toFixed(2);
  const doubts = interfaces.flatMap(({ stage, way, doubt }) =>
    doubt === undefined ? [] : [` Bytes ${way} by stage ${stage}: ${doubt}.`],
  );
  const kept = doubts.length === 0 ? [KEPT] : doubts;
  return `The network interfaces of all stages differ from them by ${differ} %.${kept.join('')}`;
}

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
