// The figures of each group of viewers, where there is more than one: one table for every report.

import type { GroupResult, Report } from '../harness/model/report.ts';
import { formatMs, formatStatistic } from './duration.ts';
import { askedAtEnd } from './recovery.ts';

export const GROUP_HEADS = [
  'group',
  'viewers',
  'black screen, median',
  'worst',
  'starting, mean',
  'lost the programme',
  'have it at the end',
] as const;

/** Rows of plain text under those heads; empty where one group is all there is. */
export const groupRows = ({ groups = [] }: Report): readonly (readonly string[])[] =>
  groups.map(groupRow);

/** Figures of viewers who are imitated never stand without saying so. */
export const groupName = ({ name, imitates }: GroupResult): string =>
  imitates === undefined ? name : `${name} (${imitates} imitated, not run)`;

function groupRow(group: GroupResult): readonly string[] {
  const { audience } = group;
  const { viewers, blackScreenMs, atMost, ledger, interrupted, recovered } = audience;
  const black = (statistic: 'p50' | 'max') =>
    formatStatistic([blackScreenMs, atMost.blackScreenMs], statistic);
  return [
    groupName(group),
    String(viewers),
    black('p50'),
    black('max'),
    formatMs(viewers > 0 ? Math.round(ledger.starting / viewers) : 0),
    `${interrupted} of ${viewers}`,
    `${recovered} of ${askedAtEnd(audience)}`,
  ];
}
