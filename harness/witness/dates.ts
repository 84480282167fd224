// Proves a wrong clock from the dates in a playlist: where it was set, one date does not follow from
// the one before it and the length of its segment.

import type { Proof } from './question.ts';
import type { StageQuestion } from './stageQuestion.ts';

/** A pause of the encoder makes a step as well, but hardly one of this size. */
const STEP_TOLERANCE_MS = 300;
/** Smaller steps are rounding. */
const STEP_MS_MIN = 50;

/** The newest step counts: an earlier one may be that of an earlier fault. */
export function datesProof({ does, fault, answers }: StageQuestion, stage: string): Proof {
  const steps = answers.at(-1)?.dateStepsMs;
  if (fault.kind !== 'clock-skew' || !steps)
    return { proven: false, observed: `${stage} gave no playlist with dates` };
  const step = steps.findLast((ms) => Math.abs(ms) >= STEP_MS_MIN) ?? 0;
  const wantedMs = does === 'inject' ? fault.byMs : -fault.byMs;
  return {
    proven: Math.abs(step - wantedMs) <= STEP_TOLERANCE_MS,
    observed: `dates step by ${(step / 1000).toFixed(1)} s`,
  };
}
