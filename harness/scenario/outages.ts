// Gives the length of the work of a window, and its distribution where people end it. Pure.

import { drawOutage, outageQuantiles } from '../kernel/humanTime.ts';
import { seededRandom, type Random } from '../kernel/random.ts';
import type { Outage } from '../model/plan.ts';
import type { MaintenanceWindow, Scenario } from '../model/scenario.ts';

/** Gives the real length of the work: planned and overrun, or until it was rolled back or people ended it. */
export function workMs(
  { name, work, overrunMs, rollback, operator }: MaintenanceWindow,
  random: Random,
): number {
  if (operator) return drawOutage(operator, random.fork(`operator of ${name}`));
  return rollback ? rollback.afterMs + rollback.takesMs : work.forMs + overrunMs;
}

/** Gives how long those windows last that people end. */
export const listOutages = ({ windows }: Scenario, seed: number): readonly Outage[] =>
  windows.flatMap((window) => {
    const { name, operator } = window;
    if (!operator) return [];
    const random = seededRandom(seed);
    const nights = random.fork(`nights of ${name}`);
    const [p50Ms = 0, p90Ms = 0, p99Ms = 0] = outageQuantiles(operator, nights, [0.5, 0.9, 0.99]);
    return [{ of: name, lengthMs: workMs(window, random), p50Ms, p90Ms, p99Ms }];
  });
