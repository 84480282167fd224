// The question that a proof about a stage is asked: as question.ts for links.

import type { OnStageFault } from '../model/scenario.ts';
import type { Answer, ProofQuestion } from './question.ts';
import type { StageWitness } from './stageWitness.ts';

export interface StageQuestion extends Omit<ProofQuestion, 'fault' | 'witness' | 'answers'> {
  readonly fault: OnStageFault;
  readonly witness: StageWitness;
  readonly answers: readonly StageAnswer[];
  /** When the call that did it began: a restart takes seconds. */
  readonly begunAtMs: number;
}

/** The answer to a request of our own. */
export interface StageAnswer extends Answer {
  /** The distance of each date of a playlist from the end of the segment before it. */
  readonly dateStepsMs?: readonly number[];
}
