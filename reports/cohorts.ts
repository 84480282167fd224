// Says in a line each what viewers saw who are known as a cohort and not one by one, and what their
// requests were.

import type { CohortResult, Report, StageLoad, Tail } from '../harness/model/report.ts';
import {
  counted,
  formatAt,
  formatMs,
  formatShare,
  formatStatistic,
  NOT_ESTIMABLE,
} from './duration.ts';

/** Cohorts that are told; all are in report.json. */
const COHORTS_MAX = 8;

export function cohortLines({ cohorts = [], tail, loads = [], audience }: Report): string[] {
  const worst = cohorts.toSorted((a, b) => meanMs(b) - meanMs(a)).slice(0, COHORTS_MAX);
  const shown = cohorts.length > COHORTS_MAX ? worst : cohorts;
  return [
    ...(tail ? tailLines(tail, audience.viewers, audience.interrupted) : []),
    ...loads.map(loadLine),
    ...shown.map(cohortLine),
    ...(cohorts.length > shown.length
      ? [`The worst ${shown.length} of ${cohorts.length} cohorts.`]
      : []),
  ];
}

const meanMs = ({ blackScreenMs }: CohortResult): number => blackScreenMs?.mean ?? 0;

function tailLines(
  { p999Ms, over, lost, left = 0, back, dark }: Tail,
  viewers: number,
  hurt: number,
): string[] {
  const longer = over.map(
    ({ ms, heads }) => `${formatShare(heads, viewers)} lose more than ${formatMs(ms)}`,
  );
  const p999 = p999Ms === undefined ? NOT_ESTIMABLE : formatMs(p999Ms);
  const returned = back.map(({ share, ms }) =>
    ms === undefined
      ? `never as many as ${share * 100}%`
      : `${share * 100}% within ${formatMs(ms)}`,
  );
  return [
    `black screen p99.9 ${p999}; ${longer.join(', ')}`,
    ...(hurt === 0
      ? []
      : [
          `no programme at the end of each minute, at most ${formatShare(Math.max(...dark), viewers)}: ${drawBars(dark, viewers)}`,
          `of those who lost the programme are back after the last heal: ${returned.join(', ')}`,
        ]),
    ...(left === 0
      ? []
      : [`${formatShare(left, viewers)} left while it was dark, and are not back`]),
    ...(lost === 0
      ? []
      : [`${formatShare(lost, viewers)} never came back: their black screen counts to the end`]),
  ];
}

const BARS = '▁▂▃▄▅▆▇█';
const BARS_MAX = 80;

/** A bar for each minute, or for the worst of several where there are more; a dot for nobody. */
function drawBars(dark: readonly number[], viewers: number): string {
  const each = Math.ceil(dark.length / BARS_MAX);
  return Array.from({ length: Math.ceil(dark.length / each) }, (_, i) => {
    const share = Math.max(...dark.slice(i * each, (i + 1) * each)) / viewers;
    return share === 0 ? '·' : BARS[Math.min(7, Math.floor(share * 8))];
  }).join('');
}

function loadLine(load: StageLoad): string {
  const { stage, requests, peakPerS, peakAtMs, capacityPerS, refused = 0 } = load;
  const most = `at most ${numberText(peakPerS)} a second, at ${formatAt(peakAtMs)}`;
  const limit =
    capacityPerS === undefined
      ? ''
      : `; it can serve ${numberText(capacityPerS)} a second and turned ${numberText(refused)} away`;
  return `${stage}: ${numberText(requests)} requests${capacityPerS === undefined ? '' : ' served'}, ${most}${limit}`;
}

/** `10.3 million`, `20 000`. */
function numberText(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} billion`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} million` : String(Math.round(value));
}

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
    ...(worst > 0
      ? [`at the end of the worst minute ${formatShare(worst, weight)} had no programme`]
      : []),
  ].join('; ');
}
