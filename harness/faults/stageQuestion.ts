// What a proof about a stage is asked for: as question.ts for links.

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

/** What a request of our own was answered. */
export interface StageAnswer extends Answer {
  /** Of a playlist: how far each date is from where the segment before it ended. */
  readonly dateStepsMs?: readonly number[];
}
