// Tells how long the work asked for will take, before it starts: in minutes, and by the clock.

import { systemClock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { BETWEEN_LOSSES_MS, SEEN_WITHIN_MS, type PlannedLoss } from '../run/calibration.ts';
import { PROVISION_MS, type Takes } from '../rehearsal/takes.ts';
import { say } from './terminal.ts';

export interface Calibrating {
  readonly losses: readonly PlannedLoss[];
  /** Only watched. */
  readonly quietMs: number;
  /** Numbers of viewers that are tried in turn against a recording; undefined without one. */
  readonly recorded?: readonly number[] | undefined;
}

/** A recording of 12 viewers is read in two fifths of the time that it shows. */
const VIEWERS_READ_IN_TIME = 30;

/** Adds up losses one after the other, the time only watched, and the reading of a recording. */
export function takesCalibrating({ losses, quietMs, recorded }: Calibrating): Takes {
  const each = losses.map(
    ({ at, forMs }) => forMs + BETWEEN_LOSSES_MS + (at === 'delivery' ? SEEN_WITHIN_MS : 0),
  );
  const playedMs = each.reduce((sum, ms) => sum + ms, quietMs);
  const most = (viewers: number) =>
    3 * PROVISION_MS.most + playedMs * (1 + viewers / VIEWERS_READ_IN_TIME);
  return {
    leastMs: PROVISION_MS.least + playedMs,
    mostMs: (recorded ?? [0]).reduce((sum, viewers) => sum + most(viewers), 0),
  };
}

/** `night takes 2m to 4m, until 21:47 at the latest` on standard error. */
export function announce(what: string, { leastMs, mostMs }: Takes, verb = 'takes'): void {
  const until = new Date(systemClock.epochMs() + mostMs);
  const [from, to] = [minutes(leastMs), minutes(mostMs)];
  const length = from === to ? `about ${to}` : `${from} to ${to}`;
  const by = leastMs === mostMs ? `about ${clockTime(until)}` : `${clockTime(until)} at the latest`;
  say(`${what} ${verb} ${length}, until ${by}`);
}

/** Whole minutes; seconds below two of them. */
const minutes = (ms: number): string =>
  formatDuration(ms < 120_000 ? Math.ceil(ms / 10_000) * 10_000 : Math.ceil(ms / 60_000) * 60_000);

/** `21:47` of the machine's own zone. */
export const clockTime = (at: Date): string =>
  `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
