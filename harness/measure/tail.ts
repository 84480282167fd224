// The long end of an audience that is known as cohorts: who lost most, and when they were back.

import type { Weighted } from '../model/bins.ts';
import type { PopulationRecord } from '../model/history.ts';
import type { Tail } from '../model/report.ts';
import { lostIn, sampleSize, valuesIn } from './sample.ts';
import { countHeads, thousandth } from './statistics.ts';

const OVER_MS = [10_000, 60_000, 600_000] as const;
const BACK_SHARES = [0.95, 0.99] as const;
const CURVE_STEPS = 100;
/** So many must have been played for the worst of them to be above the quantile (statistics.ts). */
const WATCHED_FOR_P999 = 2_995;

export function findTail(populations: readonly PopulationRecord[]): Tail {
  const black = sorted(populations, 'blackScreen');
  const back = sorted(populations, 'timeToRecover');
  const watched = sampleSize([], populations);
  const left = thousandth(populations.reduce((sum, population) => sum + (population.left ?? 0), 0));
  const over = (ms: number) => countHeads(black.filter(({ value }) => value > ms));
  return {
    p999Ms:
      watched === undefined || watched >= WATCHED_FOR_P999 ? atShare(black, 0.999) : undefined,
    over: OVER_MS.map((ms) => ({ ms, heads: over(ms) })),
    lost: thousandth(populations.reduce((sum, population) => sum + (lostIn(population) ?? 0), 0)),
    ...(left > 0 && { left }),
    back: BACK_SHARES.map((share) => ({ share, ms: finite(atShare(back, share)) })),
    curveMs: Array.from(
      { length: CURVE_STEPS + 1 },
      (_, step) => atShare(black, step / CURVE_STEPS) ?? 0,
    ),
    dark: addUp(populations.map(({ curve }) => curve)),
  };
}

const sorted = (populations: readonly PopulationRecord[], metric: string): Weighted[] =>
  populations
    .flatMap((population) => valuesIn(population, metric) ?? [])
    .toSorted((a, b) => a.value - b.value);

/** The least value that this share of heads does not exceed; undefined for nobody. */
function atShare(values: readonly Weighted[], share: number): number | undefined {
  const heads = values.reduce((sum, { weight }) => sum + weight, 0);
  let before = 0;
  for (const { value, weight } of values) {
    before += weight;
    if (before >= share * heads) return value;
  }
  return undefined;
}

const finite = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) ? value : undefined;

const addUp = (curves: readonly (readonly number[])[]): number[] =>
  Array.from({ length: Math.max(0, ...curves.map((curve) => curve.length)) }, (_, minute) =>
    thousandth(curves.reduce((sum, curve) => sum + (curve[minute] ?? 0), 0)),
  );
