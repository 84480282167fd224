// Bytes that passed links, and borders, as a run records them and a report tells them.

import type { Phase } from './plan.ts';

/** Bytes that passed a flow of a link so far; only where a promise of where data stays asks for it. */
export interface PassedRecord {
  /** Since run start. */
  readonly atMs: number;
  readonly type: 'passed';
  readonly flow: string;
  /** Away from the one who connects. */
  readonly forward: number;
  readonly backward: number;
  /** Every stage had ended. */
  readonly last?: boolean;
}

/** Bytes that passed from one country to another over a connection of the design. */
export interface BorderResult {
  readonly class: 'media';
  readonly from: string;
  readonly to: string;
  readonly over: string;
  /** Absent where no counter saw all of them. */
  readonly bytes?: number;
  readonly phases: readonly { readonly phase: Phase; readonly bytes: number }[];
}
