// Messages between a simulation in parts and the threads that play them.

import type { ErrorCode } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { FromOnePart } from '../simulate/mergeParts.ts';

/** The work of a thread: some of the parts, by their numbers. */
export interface PartWork {
  readonly plan: Plan;
  readonly startedAtEpochMs: number;
  readonly parts: readonly { readonly part: number; readonly viewers: readonly string[] }[];
}

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly target: string | undefined;
  readonly hint: string | undefined;
}

/** From a thread. */
export type FromPart =
  FromOnePart | { readonly meetsAtEpochMs: number } | { readonly failure: Failure };

/** To every thread: all parts met, the last one at this time. */
export interface AllMet {
  readonly lastEpochMs: number;
}
