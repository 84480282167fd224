// Proves a delay from how old pictures, or replies, are when they arrive, against the steady state
// before the first fault.

import { median } from '../kernel/median.ts';
import {
  DELAY_SHARE_MIN,
  PLAIN_DELAY_MS,
  placeText,
  unproven,
  type OverLink,
  type Proof,
  type Seen,
  type WitnessKind,
} from './kind.ts';
import { stageRecords, counterValues } from './readings.ts';

export interface AgeWitness extends OverLink {
  readonly kind: 'age';
  readonly of: 'pictures' | 'replies';
  /** The time that the fault should add to the age. */
  readonly delayMs: number;
}

export const age: WitnessKind<AgeWitness> = {
  name: (witness) => `age of ${witness.of} at ${placeText(witness)}`,
  judge,
};

/** Reports that a median is taken of: two seconds of pictures, and of replies as many as there are. */
const AGES_MIN = 8;
/** Time stamps and frame clock are read before and after a decoder, and may part by this. */
const PART_MS_MAX = 250;
/** Decoders hold a picture more or less from one connection to the next: two at 25 a second. */
const CLOCK_MS_MIN = 160;

function judge(witness: AgeWitness, seen: Seen): Proof {
  const { of, delayMs } = witness;
  const replies = of === 'replies';
  const stamped = grownMs(witness, seen, replies ? 'replyAgeMs' : 'lagInMs');
  const clocked = replies ? undefined : grownMs(witness, seen, 'ageInMs');
  if (stamped === undefined) return unproven(`not enough reports of ${of}`);
  const agree = clocked === undefined || Math.abs(stamped - clocked) <= PART_MS_MAX;
  if (!agree && delayMs < CLOCK_MS_MIN)
    return unproven('the time stamps of the contribution have begun elsewhere');
  const moreMs = agree ? stamped : clocked;
  return {
    proven: moreMs >= delayMs * DELAY_SHARE_MIN === (seen.does === 'inject'),
    observed: `${of} came ${Math.round(moreMs)} ms later than before the first fault`,
  };
}

/** Gives the growth since the steady state; undefined without enough reports of either. */
function grownMs(
  witness: AgeWitness,
  seen: Seen,
  name: 'lagInMs' | 'ageInMs' | 'replyAgeMs',
): number | undefined {
  const reports = stageRecords(witness.stage, seen);
  const before = counterValues(reports.before, name, witness);
  const after = counterValues(reports.after, name, witness);
  const needed = witness.delayMs >= PLAIN_DELAY_MS ? 1 : AGES_MIN;
  if (after.length < needed || before.length < AGES_MIN) return undefined;
  return (median(after.slice(-needed)) ?? 0) - (median(before) ?? 0);
}
