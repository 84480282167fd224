// Rungs that a player leaves out for a while, on the arrays of agents.

import { RUNGS_MAX, type Crowd } from '../crowd.ts';
import { SWITCH, type Failed } from './player.ts';

/** Leaves the rung out and changes to another one that is not; undefined where there is none. */
export function changeRung(
  crowd: Crowd,
  { agent, rungs, atMs }: Pick<Failed, 'agent' | 'rungs' | 'atMs'>,
  excludedMs: number,
): typeof SWITCH | undefined {
  const rung = crowd.rung[agent]!;
  const isOpen = (one: number) =>
    one !== rung && crowd.excludedToMs[agent * RUNGS_MAX + one]! <= atMs;
  let other = -1;
  for (let one = 0; one < rungs; one++) if (isOpen(one) && (one < rung || other < 0)) other = one;
  if (other < 0) return undefined;
  crowd.excludedToMs[agent * RUNGS_MAX + rung] = atMs + excludedMs;
  crowd.rung[agent] = other;
  return SWITCH;
}

export const forgetExclusions = (crowd: Crowd, agent: number): void =>
  void crowd.excludedToMs.fill(-Infinity, agent * RUNGS_MAX, (agent + 1) * RUNGS_MAX);

/** Counts an error of a kind; gives how many there were before. */
export function countError(
  crowd: Crowd,
  agent: number,
  asked: 'manifest' | 'playlist' | 'segment',
) {
  const errors = crowd[`${asked}Errors`];
  const before = errors[agent]!;
  errors[agent] = Math.min(255, before + 1);
  return before;
}
