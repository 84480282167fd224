// The seam of a player for agents: its numbers, what it does about failures, and how that is known.

import type { BoxTimes } from '../boxes/boxScreen.ts';
import type { Crowd } from '../crowd.ts';
import type { Asked } from '../place.ts';
import type { PlayerRules } from '../rules.ts';

/** A player acts on what it has decided when its next tick comes. */
export const PLAYER_TICK_MS = 100;

/** A request that no answer came to in time. */
export const TIMEOUT = -2;

/** Milliseconds until it asks again, or one of these. */
export const FATAL = -1;
export const SKIP = -2;
/** Another rung is tried at once. */
export const SWITCH = -3;
/** The rung that it was on is taken again at the next tick. */
export const BACK = -4;
/** The rung that it is on now is asked for a playlist after a while (guessed.ts). */
export const LEAVE_RUNG = -6;
/** Another edge is tried at once, where viewers are steered. */
export const MOVE = -5;

export interface Failed {
  readonly agent: number;
  readonly status: number;
  readonly rungs: number;
  /** The segment is the last of its playlist. */
  readonly isLast: boolean;
  readonly atMs: number;
  readonly segmentMs: number;
  /** There is another edge that did not fail lately. */
  readonly hasPathway: boolean;
}

export interface AgentPlayer {
  readonly rules: PlayerRules;
  /** Gives what it does about a request that failed, and counts it. */
  readonly decide: (crowd: Crowd, rules: PlayerRules, asked: Asked, failed: Failed) => number;
  /** Rounds against the same errors are alike, whenever they begin (storm.ts). */
  readonly hasRounds: boolean;
  /** The times of a set-top box; undefined for what asks for files. */
  readonly box?: BoxTimes;
  /** `against` is the player whose production code it was held against in virtual time. */
  readonly known:
    | { readonly is: 'calibrated'; readonly against: string }
    | { readonly is: 'from documentation'; readonly source: string };
}
