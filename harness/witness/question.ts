// The question that a proof is asked, and its answer.

import type { Answer } from '../model/answer.ts';
import type { StatsRecord } from '../model/history.ts';
import type { Fault } from '../model/scenario.ts';
import type { Witness } from './witness.ts';

export interface ProofQuestion {
  readonly does: 'inject' | 'heal';
  readonly fault: Fault;
  readonly witness: Witness;
  /** When the call that did it returned. */
  readonly doneAtMs: number;
  /** The reports in order, of other stages too; from some seconds before to as late as known. */
  readonly stats: readonly StatsRecord[];
  /** The answers to our own questions through the proxy since then; for an answer witness. */
  readonly answers: readonly Answer[];
  /** The answer of the far side of an HTTP link before the first fault; of several, the middle. */
  readonly before?: Answer | undefined;
  /** The reports of stages before the first fault. */
  readonly steady?: readonly StatsRecord[];
  /** Another fault was in force just before: what the witness saw then is no measure. */
  readonly afterAnother?: boolean;
}

export interface Proof {
  readonly proven: boolean;
  /** Names of what stood before it all the time; not proven then, and not unproven either. */
  readonly maskedBy?: readonly string[];
  /** The observation, as a sentence for the report. */
  readonly observed: string;
}

/** Half of the delay is enough to tell it from chance, and jitter may take the other half. */
export const DELAY_SHARE_MIN = 0.5;
/** The added delay from which a single answer or report is enough to tell. */
export const PLAIN_DELAY_MS = 500;
