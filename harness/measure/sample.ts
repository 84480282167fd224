// Who stands for whom. Figures over viewers who stand for others say something of people whom
// nobody watched, and a quantile of them only where enough were watched.

import { readBins, listValues, type Weighted } from '../model/bins.ts';
import { weightOf, type PopulationRecord } from '../model/history.ts';
import type { Aggregate } from '../model/scenario.ts';
import { watchedFor } from './statistics.ts';
import { GLITCH_MS } from './thresholds.ts';

/**
 * Gives the number of viewers who were watched; undefined where they stand for nobody but themselves,
 * or everybody's session was calculated: figures are then of those screens, exactly.
 */
export function sampleSize(
  viewers: readonly { readonly weight?: number }[],
  populations: readonly PopulationRecord[],
): number | undefined {
  const sampled = populations.flatMap((population) => population.sampled ?? []);
  const isSample = sampled.length > 0 || viewers.some((viewer) => weightOf(viewer) !== 1);
  return isSample ? sampled.reduce((sum, count) => sum + count, viewers.length) : undefined;
}

/** Undefined where so many carry the statistic; else the number that would. */
export function missingFor(name: Aggregate, watched: number | undefined): number | undefined {
  if (watched === undefined || (name !== 'p90' && name !== 'p95' && name !== 'p99'))
    return undefined;
  const needed = watchedFor(name);
  return watched < needed ? needed : undefined;
}

/** Gives a metric over the viewers of a cohort; undefined where it is not known of them. */
export function valuesIn(
  { bins }: Pick<PopulationRecord, 'bins'>,
  metric: string,
): Weighted[] | undefined {
  const stored = bins[metric];
  return stored && listValues(readBins(stored));
}

/** Viewers of a cohort who lost the programme for longer than a glitch, as far as bins tell. */
export const interruptedIn = (population: PopulationRecord): number | undefined =>
  headsWith(population, 'programmeLoss', (lossMs) => lossMs >= GLITCH_MS);

/** Viewers of a cohort who never came back. */
export const lostIn = (population: PopulationRecord): number | undefined =>
  headsWith(population, 'timeToRecover', (ms) => ms === Infinity);

const headsWith = (
  population: PopulationRecord,
  metric: string,
  holds: (value: number) => boolean,
): number | undefined =>
  valuesIn(population, metric)
    ?.filter(({ value }) => holds(value))
    .reduce((heads, { weight }) => heads + weight, 0);
