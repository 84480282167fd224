// Proves a wrong clock from the dates in a playlist: where it was set, one date does not follow from
// the one before it and the length of its segment.

import { unproven, type Asked, type Proof, type Seen, type WitnessKind } from './kind.ts';

export interface DatesWitness extends Asked {
  readonly kind: 'dates';
  /** The channel whose playlist at the origin is fetched. */
  readonly channel: string;
  /** The size of the step. */
  readonly byMs: number;
}

export const dates: WitnessKind<DatesWitness> = {
  name: ({ stage }) => `dates in playlists of ${stage}`,
  judge,
  asks: ({ channel }) => ({ kind: 'dates', channel }),
};

/** A pause of the encoder makes a step as well, but hardly one of this size. */
const STEP_TOLERANCE_MS = 300;
/** Smaller steps are rounding. */
const STEP_MS_MIN = 50;

/** The newest step counts: an earlier one may be that of an earlier fault. */
function judge({ stage, byMs }: DatesWitness, { does, answers }: Seen): Proof {
  const steps = answers.at(-1)?.dateStepsMs;
  if (!steps) return unproven(`${stage} gave no playlist with dates`);
  const step = steps.findLast((ms) => Math.abs(ms) >= STEP_MS_MIN) ?? 0;
  const wantedMs = does === 'inject' ? byMs : -byMs;
  return {
    proven: Math.abs(step - wantedMs) <= STEP_TOLERANCE_MS,
    observed: `dates step by ${(step / 1000).toFixed(1)} s`,
  };
}
