// Where the mean of a difference lies, by drawing again from what was seen. No shape is assumed: nights
// have viewers who came back at once and viewers who never did.

import { mean, quantileSorted } from 'simple-statistics';
import { seededRandom } from '../kernel/random.ts';
import type { Range } from '../model/range.ts';

const DRAWS = 2_000;
/** With fewer there is little to draw from, and the interval would be too narrow. */
export const DRAWN_FROM_MIN = 4;

/** 95 % confidence for the mean. */
export const bootstrapMean = (values: readonly number[]): Range =>
  interval((random) => resampledMean(values, random));

/** The same for the mean of `b` minus the mean of `a`, each drawn by itself. */
export const bootstrapDifference = (a: readonly number[], b: readonly number[]): Range =>
  interval((random) => resampledMean(b, random) - resampledMean(a, random));

type Random = () => number;

/** The same values give the same interval. */
function interval(draw: (random: Random) => number): Range {
  const random = seededRandom(DRAWS);
  const means = Float64Array.from({ length: DRAWS }, () => draw(() => random.next())).sort();
  const at = (share: number) => quantileSorted([...means], share);
  return { low: at(0.025), high: at(0.975) };
}

const resampledMean = (values: readonly number[], random: Random): number =>
  mean(values.map(() => values[Math.floor(random() * values.length)]!));
