// The seam of a behaviour: what somebody does in front of a screen without the programme.

import type { Random } from '../kernel/random.ts';

const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;

/** `reboot`: off and on again; `zap`: to the next channel. */
export type Act =
  | { readonly does: 'reload' | 'zap' }
  | { readonly does: 'reboot'; readonly offMs: number }
  /** They never come back when not said. */
  | { readonly does: 'leave'; readonly backAfterMs?: number };

/** An act, and the time without the programme, or since the act before, until it is done. */
export type NextAct = Act & { readonly afterMs: number };

export interface Behaviour {
  /** A sentence for the assumptions of a scenario that uses it. */
  readonly assumes?: string;
  /** It goes with players of a page, and not with set-top boxes. */
  readonly needsPage?: true;
  readonly needsChannels?: true;
  /**
   * Draws what somebody does next after so many acts that did not bring the programme back; undefined
   * for nothing more.
   */
  readonly next?: (random: Random, acts: number) => NextAct | undefined;
}

/** Points of a curve: this share of people has acted within that time. */
export type Curve = readonly (readonly [share: number, withinMs: number])[];

/** Draws the time of one of them; undefined for those who do not act. */
export function drawTime(curve: Curve, random: Random): number | undefined {
  const drawn = random.next();
  let [shareBefore, msBefore] = [0, 0];
  for (const [share, withinMs] of curve) {
    if (drawn < share)
      return msBefore + ((drawn - shareBefore) / (share - shareBefore)) * (withinMs - msBefore);
    [shareBefore, msBefore] = [share, withinMs];
  }
  return undefined;
}
