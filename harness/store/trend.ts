// Runs over time: series, what is noisy, what flaps, and when a figure changed.

import { median, medianAbsoluteDeviation } from 'simple-statistics';
import { COMPARED, type Compared } from '../model/comparison.ts';
import { nameSeries, type IndexedRun } from '../model/indexedRun.ts';
import { RULER_ERROR_MS_MAX } from '../model/margin.ts';
import { LOOKED_AT, type Series, type Trend } from '../model/series.ts';
import { seededRandom } from '../kernel/random.ts';

const FLAPS_MIN = 2;
const NOISY_SHARE = 0.25;
/** A median absolute deviation times this is a standard deviation, where noise is normal. */
const TO_DEVIATION = 1.4826;

/** Sorted by name. */
export const findSeries = (runs: readonly IndexedRun[]): readonly Series[] =>
  [...Map.groupBy(runs, nameSeries)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => ({
      name,
      runs: own,
      flaky: isFlaky(own),
      figures: COMPARED.flatMap((metric) => findTrend(own, metric)),
    }));

function isFlaky(runs: readonly IndexedRun[]): boolean {
  const verdicts = runs
    .slice(-LOOKED_AT)
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict !== 'inconclusive');
  const turns = verdicts.filter((verdict, n) => n > 0 && verdict !== verdicts[n - 1]);
  return turns.length >= FLAPS_MIN;
}

function findTrend(runs: readonly IndexedRun[], metric: Compared): Trend[] {
  const told = runs
    .slice(-LOOKED_AT)
    .flatMap((run) => (run.figures[metric] ? [{ run, range: run.figures[metric] }] : []));
  const last = told.at(-1);
  if (!last) return [];
  const values = told.map(({ range }) => range.low);
  const middle = median(values);
  const spread = TO_DEVIATION * medianAbsoluteDeviation(values);
  const isDuration = metric !== 'notRecovered';
  const noisy = spread > Math.max(isDuration ? RULER_ERROR_MS_MAX : 0, NOISY_SHARE * middle);
  const at = findChange(values);
  return [
    {
      metric,
      last: last.range,
      values,
      median: middle,
      spread,
      noisy,
      ...(at !== undefined && {
        change: {
          at: told[at]!.run,
          before: median(values.slice(0, at)),
          after: median(values.slice(at)),
        },
      }),
    },
  ];
}

/** Values on each side of a change: fewer are an outlier. */
const LEVEL_MIN = 4;
const SHUFFLES = 499;
/** The share of shuffled orders that may look as parted as the real one. */
const CHANCE_MAX = 0.01;

/**
 * The index at which a new level begins: the split that parts the sums most, unless more than one in
 * a hundred shuffles of the same values would part them as much. Undefined where there is none.
 */
export function findChange(values: readonly number[]): number | undefined {
  if (values.length < 2 * LEVEL_MIN) return undefined;
  const real = bestSplit(values);
  if (real.height === 0) return undefined;
  const random = seededRandom(values.length);
  let higher = 0;
  for (let n = 0; n < SHUFFLES; n++)
    if (bestSplit(shuffled(values, () => random.next())).height >= real.height) higher++;
  return (higher + 1) / (SHUFFLES + 1) <= CHANCE_MAX ? real.at : undefined;
}

/** The highest point of the cumulative sum of what is above the mean, weighted for its place. */
function bestSplit(values: readonly number[]): { readonly at: number; readonly height: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let best = { at: 0, height: 0 };
  let sum = 0;
  for (let at = 1; at <= values.length - LEVEL_MIN; at++) {
    sum += values[at - 1]! - mean;
    if (at < LEVEL_MIN) continue;
    const height = Math.abs(sum) / Math.sqrt((at * (values.length - at)) / values.length);
    if (height > best.height + 1e-9) best = { at, height };
  }
  return best;
}

/** Fisher and Yates. */
function shuffled(values: readonly number[], next: () => number): number[] {
  const list = [...values];
  for (let n = list.length - 1; n > 0; n--) {
    const other = Math.floor(next() * (n + 1));
    [list[n], list[other]] = [list[other]!, list[n]!];
  }
  return list;
}
