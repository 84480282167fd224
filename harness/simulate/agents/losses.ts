// Adds a time without the programme to what an agent lost, and to the curve of its cohort.

import { LOSS, LOSSES, STARTING, type Crowd } from './crowd.ts';

/** The losses of all agents. */
export interface Losing {
  readonly crowd: Crowd;
  /** The first minute ends a minute after this. */
  readonly fromMs: number;
  /** Viewers without the programme at the end of each minute, by cohort. */
  readonly curves: readonly Float64Array[];
}

const MINUTE_MS = 60_000;

export const darkLoss = (crowd: Crowd, agent: number): number =>
  crowd.fatal[agent] ? LOSS.dead : crowd.mode[agent] === STARTING ? LOSS.starting : LOSS.stalled;

/** Loses the time up to which nothing was accounted for yet; whoever has seen nothing loses nothing. */
export function lose(losing: Losing, agent: number, toMs: number, loss: number): void {
  const { crowd } = losing;
  const fromMs = crowd.sinceMs[agent]!;
  if (crowd.begun[agent] === 0 || toMs <= fromMs) return;
  crowd.lostMs[agent * LOSSES + loss]! += toMs - fromMs;
  crowd.darkToMs[agent] = toMs;
  darken(losing, agent, fromMs, toMs);
}

/** Counts an agent in every minute that ends in so long. */
export function darken(
  { crowd, curves, fromMs }: Losing,
  agent: number,
  sinceMs: number,
  toMs: number,
): void {
  const curve = curves[crowd.cohort[agent]!]!;
  const first = Math.max(1, Math.ceil((sinceMs - fromMs) / MINUTE_MS));
  for (let minute = first; fromMs + minute * MINUTE_MS < toMs; minute++)
    if (minute <= curve.length) curve[minute - 1]! += crowd.count[agent]!;
}
