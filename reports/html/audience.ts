// Renders an audience that is known as cohorts: curves of it, and a line for each cohort.

import type { Report } from '../../harness/model/report.ts';
import { cohortLines } from '../cohorts.ts';
import { formatAt, formatMs, formatShare } from '../duration.ts';
import { curve } from './curve.ts';
import { html, type Markup } from './markup.ts';
import { card } from './page.ts';

/** Viewers who are known as cohorts and not one by one. */
export function cohortsCard(report: Report): Markup | undefined {
  const lines = cohortLines(report);
  if (lines.length === 0) return undefined;
  const list = html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;
  return card('Cohorts', [...audienceCurves(report), list]);
}

/** The audience over the minutes, its black screen from the least to the most, and its requests. */
function audienceCurves({ tail, loads = [], run, audience }: Report): Markup[] {
  if (!tail) return [];
  const overTime = { from: formatAt(0), to: formatAt(run.endedAtMs) };
  const most = (values: readonly number[]) => Math.round(Math.max(0, ...values));
  return [
    curve({
      ...overTime,
      title: 'Without the programme, at the end of each minute',
      values: [0, ...tail.dark],
      most: formatShare(most(tail.dark), audience.viewers),
    }),
    curve({
      title: 'Black screen, from who loses least to who loses most',
      values: tail.curveMs,
      from: '0% of viewers',
      to: '100%',
      most: formatMs(most(tail.curveMs)),
    }),
    ...loads.map(({ stage, perMinute, capacityPerS }) =>
      curve({
        ...overTime,
        title: `Requests ${capacityPerS === undefined ? 'to' : 'served by'} ${stage}, average of each minute`,
        values: perMinute,
        most: `${most(perMinute)} a second`,
      }),
    ),
  ];
}
