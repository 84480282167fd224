// Proves faults from answers to our own questions through a link's proxy: that there are some, and
// how long a question and an answer of known length take.

import { median } from '../kernel/median.ts';
import type { Answer } from '../model/answer.ts';
import type { LinkFault } from '../model/scenario.ts';
import { DELAY_SHARE_MIN, PLAIN_DELAY_MS, type Proof, type ProofQuestion } from './question.ts';
import { exchangeMs, isBurst, isSlow } from './slowness.ts';

export function answerProof(question: ProofQuestion, fault: LinkFault, stage: string): Proof {
  if (question.answers.length === 0)
    return { proven: false, observed: `${stage} has not been asked yet` };
  return isSlow(fault) ? slownessProof(question, fault, stage) : cutProof(question, stage);
}

/** Silence proves a cut only where there was an answer before. */
function cutProof({ does, answers, before }: ProofQuestion, stage: string): Proof {
  const heard = answers.findLast(({ ms }) => ms !== undefined)?.ms;
  const silent = answers.some(({ ms }) => ms === undefined);
  if (does === 'inject' && before !== undefined && before.ms === undefined)
    return { proven: false, observed: `${stage} did not answer before it either` };
  if (does === 'inject' && silent) return { proven: true, observed: `${stage} did not answer` };
  return heard === undefined
    ? { proven: false, observed: `${stage} does not answer` }
    : { proven: does === 'heal', observed: `${stage} answered within ${Math.round(heard)} ms` };
}

/** So many answers make a median that a busy machine does not move by much. */
export const ASKED_MIN = 5;

/** Proves a delay: answers are slower than before the first fault by half of what it should add. */
function slownessProof(
  { does, answers, before }: ProofQuestion,
  fault: LinkFault,
  stage: string,
): Proof {
  const was = before?.ms;
  if (was === undefined)
    return { proven: false, observed: `${stage} did not answer before it either` };
  const addedMs = exchangeMs(fault);
  const caught = isBurst(fault) && does === 'inject';
  const needed = addedMs >= PLAIN_DELAY_MS || caught ? 1 : ASKED_MIN;
  if (answers.length < needed)
    return { proven: false, observed: `${stage} has not been asked often enough` };
  // A question is in a burst by chance: one that was is enough.
  const is = caught ? slowestMs(answers) : medianMs(answers.slice(-needed));
  if (is === undefined) return { proven: false, observed: `${stage} does not answer` };
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
