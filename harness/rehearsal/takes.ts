// The time that a rehearsal will take, from its plan.

import type { Plan } from '../model/plan.ts';

/** Starting every stage and the browser; with images that must be built it is more. */
export const PROVISION_MS = { least: 5_000, most: 60_000 };

export interface Takes {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The time from the start of a rehearsal to its report; the most when viewers come back late. */
export const takes = ({ scenario, disruptMs, recoverWithinMs }: Plan): Takes => ({
  leastMs: PROVISION_MS.least + scenario.steady.holdMs + disruptMs,
  mostMs: PROVISION_MS.most + scenario.steady.withinMs + disruptMs + recoverWithinMs,
});
