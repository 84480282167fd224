// The fate of players behind wrong answers, as `matrix` measures it.

import type { RecoveryState, Verdict } from './report.ts';

/** Viewers who were watching when the answers went wrong, or were switched on after it. */
export type Moment = 'running' | 'joining';

/** One viewer. */
export interface Cell {
  readonly player: string;
  readonly answer: string;
  readonly moment: Moment;
  readonly recovery: RecoveryState;
  /** Black screen of the whole session; of one switched on in the outage, with the wait for a picture. */
  readonly blackMs: number;
  /** The same if all that nobody could see was black too. */
  readonly blackMsMax: number;
  /** The time from the heal to the programme; absent where it was not lost or did not come back. */
  readonly backMs?: number;
  /** The time from the start of the outage to the first fatal error; absent where there was none. */
  readonly gaveUpMs?: number;
  /** The first fatal error. */
  readonly error?: string;
  /** Errors that the player told of and dealt with. */
  readonly errors: number;
}

export interface Matrix {
  readonly madeAt: string;
  readonly harness: string;
  /** Versions by player. */
  readonly players: Readonly<Record<string, string>>;
  readonly lengthMs: number;
  readonly onFatal: string;
  readonly verdict: Verdict;
  /** Says how far a simulated matrix agrees with real browsers; absent for a real one. */
  readonly simulated?: string;
  readonly cells: readonly Cell[];
}
