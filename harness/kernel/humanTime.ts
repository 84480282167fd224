// Times that people need, drawn from the seed.

import { OPERATOR_STEPS, type HumanTime, type OperatorTimes } from '../model/fault.ts';
import type { Random } from './random.ts';

/** The standard normal quantile of 0.9. */
const Z90 = 1.2815515655446004;

/** Draws whole milliseconds. */
export function drawHumanTime(time: HumanTime, random: Random): number {
  if ('fromMs' in time) return Math.round(time.fromMs + random.next() * (time.toMs - time.fromMs));
  const sigma = Math.log(time.p90Ms / time.p50Ms) / Z90;
  return Math.round(time.p50Ms * Math.exp(sigma * drawNormal(random)));
}

/** Box and Muller. */
const drawNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

export const drawOutage = (operator: OperatorTimes, random: Random): number =>
  OPERATOR_STEPS.reduce((sum, step) => sum + drawHumanTime(operator[step], random), 0);

/** The time within which it is over on most nights: nine of ten for each step without a longest. */
export const mostlyOverMs = (operator: OperatorTimes): number =>
  OPERATOR_STEPS.reduce((sum, step) => {
    const time = operator[step];
    return sum + ('fromMs' in time ? time.toMs : time.p90Ms);
  }, 0);

/** Lengths of an outage at these shares of so many nights, which are drawn from the same seed. */
export function outageQuantiles(
  operator: OperatorTimes,
  random: Random,
  shares: readonly number[],
): readonly number[] {
  const nights = Float64Array.from({ length: NIGHTS }, () => drawOutage(operator, random)).sort();
  return shares.map((share) => nights[Math.ceil(share * NIGHTS) - 1]!);
}

const NIGHTS = 10_000;
