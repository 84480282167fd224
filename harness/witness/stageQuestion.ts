// The question that a proof about a stage is asked: as question.ts for links.

import type { OnStageFault } from '../model/scenario.ts';
import type { ProofQuestion } from './question.ts';
import type { StageWitness } from './stageWitness.ts';

export interface StageQuestion extends Omit<ProofQuestion, 'fault' | 'witness'> {
  readonly fault: OnStageFault;
  readonly witness: StageWitness;
  /** When the call that did it began: a restart takes seconds. */
  readonly begunAtMs: number;
}
