// Tells how long the work asked for will take, before it starts: in minutes, and by the clock.

import { systemClock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { LOSS_KINDS } from '../model/calibration.ts';
import type { Plan } from '../model/plan.ts';
import { BETWEEN_LOSSES_MS } from '../run/calibration.ts';
import { say } from './terminal.ts';

/** Starting every stage and the browser; with images that must be built it is more. */
const PROVISION_MS = { least: 5_000, most: 60_000 };

export interface Takes {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** The time from the start of a rehearsal to its report; the most when viewers come back late. */
export const takes = ({ scenario, disruptMs, recoverWithinMs }: Plan): Takes => ({
  leastMs: PROVISION_MS.least + scenario.steady.holdMs + disruptMs,
  mostMs: PROVISION_MS.most + scenario.steady.withinMs + disruptMs + recoverWithinMs,
});

/** Adds up losses of each kind and length one after the other, and the time only watched. */
export function takesCalibrating(lengthsMs: readonly number[], quietMs: number): Takes {
  const each = lengthsMs.map((ms) => (ms + BETWEEN_LOSSES_MS) * LOSS_KINDS.length);
  const playedMs = each.reduce((sum, ms) => sum + ms, quietMs);
  return { leastMs: PROVISION_MS.least + playedMs, mostMs: 3 * PROVISION_MS.most + playedMs };
}

/** `takes 2m to 4m, until 21:47 at the latest` on standard error. */
export function announce(what: string, { leastMs, mostMs }: Takes): void {
  const until = new Date(systemClock.epochMs() + mostMs);
  const [from, to] = [minutes(leastMs), minutes(mostMs)];
  const length = from === to ? `about ${to}` : `${from} to ${to}`;
  say(`${what} takes ${length}, until ${clockTime(until)} at the latest`);
}

/** Whole minutes; seconds below two of them. */
const minutes = (ms: number): string =>
  formatDuration(ms < 120_000 ? Math.ceil(ms / 10_000) * 10_000 : Math.ceil(ms / 60_000) * 60_000);

const clockTime = (at: Date): string =>
  `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
