// Limits what a class of edges can serve: so many requests a second. One that is turned away costs a part of
// one that is served, or an overload could not hold itself up.

import { TICK_MS } from './wheel.ts';

export interface Gate {
  readonly perS: number;
  readonly perTick: number;
  /** Requests that are due in this tick, by viewers. */
  demand: number;
  /** Viewers whose requests can still be served. */
  left: number;
  /** The share of requests that is let in. */
  share: number;
  tick: number;
}

/** The cost of a request that is turned away, of one that is served. */
const REFUSAL_COST = 0.2;

export const makeGate = (requestsPerS: number): Gate => ({
  perS: requestsPerS,
  perTick: (requestsPerS * TICK_MS) / 1000,
  demand: 0,
  left: 0,
  share: 1,
  tick: 0,
});

/** Gives out what the ticks since the last one left over, up to a second of it. */
export function giveOut(gate: Gate, tick: number): void {
  const { perTick, demand } = gate;
  const saved = Math.min(perTick * (tick - gate.tick), (perTick * 1000) / TICK_MS);
  gate.tick = tick;
  gate.left = Math.min(gate.left + saved, (perTick * 1000) / TICK_MS);
  const served =
    demand <= gate.left
      ? demand
      : Math.max(0, (gate.left - REFUSAL_COST * demand) / (1 - REFUSAL_COST));
  gate.share = demand === 0 ? 1 : served / demand;
  gate.left -= (demand - served) * REFUSAL_COST;
}

/** `chance` is drawn for the request, from 0 up to 1. */
export function isServed(gate: Gate, viewers: number, chance: number): boolean {
  if (chance >= gate.share || gate.left < viewers) return false;
  gate.left -= viewers;
  return true;
}
