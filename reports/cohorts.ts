// Says in a line each what viewers saw who are known as a cohort and not one by one.

import type { CohortResult, Report } from '../harness/model/report.ts';
import { counted, formatShare, formatStatistic } from './duration.ts';

export const cohortLines = ({ cohorts = [] }: Report): string[] => cohorts.map(cohortLine);

function cohortLine(result: CohortResult): string {
  const { cohort, channel, player, weight, sampled, blackScreenMs: black, lost, curve } = result;
  const stat = (name: 'p50' | 'p95' | 'max') =>
    black ? formatStatistic([black, undefined], name) : 'unknown';
  const known = sampled === undefined ? 'all calculated' : `${sampled} of them played`;
  const worst = Math.max(0, ...curve);
  return [
    `${cohort}: ${counted(weight, 'viewer')} of ${channel} with ${player}, ${known}`,
    `black screen p50 ${stat('p50')}, p95 ${stat('p95')}, max ${stat('max')}`,
    ...(lost === undefined ? [] : [`${formatShare(lost, weight)} never came back`]),
    ...(worst > 0 ? [`in the worst minute ${formatShare(worst, weight)} had no programme`] : []),
  ].join('; ');
}
