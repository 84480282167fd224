// Proves faults from answers to our own questions, to a stage or through the proxy of a link: that
// there are some, and how long a question and an answer of known length take.

import { median } from '../kernel/median.ts';
import type { Answer } from '../model/answer.ts';
import {
  DELAY_SHARE_MIN,
  PLAIN_DELAY_MS,
  unproven,
  type Asked,
  type Proof,
  type Seen,
  type WitnessKind,
} from './kind.ts';

export interface AnswerWitness extends Asked {
  readonly kind: 'answer';
  /** The time that the fault should add to a question and its answer; not said: none comes. */
  readonly addedMs?: number;
  /** A question meets the fault by chance: one that does is enough. */
  readonly byChance?: boolean;
  /** Asked by datagrams that are sent back. */
  readonly byEcho?: boolean;
}

/** Hardly a burden beside what is sent to boxes. */
export const ECHO_KBPS = 200;

/** So many answers make a median that a busy machine does not move by much. */
const ASKED_MIN = 5;

export const answer: WitnessKind<AnswerWitness> = {
  name: ({ stage }) => `answers of ${stage}`,
  judge: (witness, seen) => {
    if (seen.answers.length === 0) return unproven(`${witness.stage} has not been asked yet`);
    return witness.addedMs === undefined
      ? silenceProof(witness, seen)
      : slownessProof(witness, witness.addedMs, seen);
  },
  asks: ({ byEcho }) => (byEcho ? { kind: 'echo', kbps: ECHO_KBPS } : { kind: 'exchange' }),
  askedBefore: ASKED_MIN,
  neededMs: ({ patienceMs }) => patienceMs,
};

/** Silence proves something only where there was an answer before. */
function silenceProof({ stage }: AnswerWitness, { does, answers, before }: Seen): Proof {
  const heard = answers.findLast(({ ms }) => ms !== undefined)?.ms;
  const silent = answers.some(({ ms }) => ms === undefined);
  if (does === 'inject' && before?.ms === undefined)
    return unproven(`${stage} did not answer before it either`);
  if (does === 'inject' && silent) return { proven: true, observed: `${stage} did not answer` };
  return heard === undefined
    ? unproven(`${stage} does not answer`)
    : { proven: does === 'heal', observed: `${stage} answered within ${Math.round(heard)} ms` };
}

/** Proves a delay: answers are slower than before the first fault by half of what it should add. */
function slownessProof(witness: AnswerWitness, addedMs: number, seen: Seen): Proof {
  const { stage } = witness;
  const { does, answers, before } = seen;
  const was = before?.ms;
  if (was === undefined) return unproven(`${stage} did not answer before it either`);
  const caught = witness.byChance === true && does === 'inject';
  const needed = addedMs >= PLAIN_DELAY_MS || caught ? 1 : ASKED_MIN;
  if (answers.length < needed) return unproven(`${stage} has not been asked often enough`);
  const is = caught ? slowestMs(answers) : medianMs(answers.slice(-needed));
  if (is === undefined) return unproven(`${stage} does not answer`);
  const slow = is - was >= addedMs * DELAY_SHARE_MIN;
  return {
    proven: slow === (does === 'inject'),
    observed: `${stage} answered within ${Math.round(was)} ms before, ${Math.round(is)} ms after`,
  };
}

const slowestMs = (answers: readonly Answer[]): number =>
  Math.max(...answers.map(({ ms = 0 }) => ms));

/** No answer is later than any; undefined when that is the middle. */
export function medianMs(answers: readonly Answer[]): number | undefined {
  const middle = median(answers.map(({ ms = Infinity }) => ms));
  return middle === Infinity ? undefined : middle;
}
