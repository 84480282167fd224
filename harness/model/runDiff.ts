// The changes between two runs of one scenario.

import type { Range } from './range.ts';
import type { Verdict } from './report.ts';

/** Figures of viewers that are held against each other, in milliseconds. */
export const DIFFED = ['blackScreen', 'programmeLoss', 'timeToRecover', 'latency'] as const;
export type Diffed = (typeof DIFFED)[number];

/** `unknown` where a run proves nothing or too few viewers can be told. */
export type Change = 'worse' | 'better' | 'same' | 'unknown';

/** The mean over viewers, `b` minus `a`. */
export interface FigureDiff {
  readonly figure: Diffed;
  readonly a: number;
  readonly b: number;
  readonly difference: number;
  /** Where the difference lies with 95 % confidence (bootstrap over viewers); absent for too few. */
  readonly interval?: Range;
  /** The same viewers are in both runs: each is held against itself. */
  readonly paired: boolean;
  readonly change: Change;
}

export interface ViewerDiff {
  readonly viewer: string;
  /** Black screen of each run; absent where it has no such viewer. */
  readonly a?: Range;
  readonly b?: Range;
  readonly interruptions: readonly [a: number, b: number];
  readonly recovered: readonly [a: boolean | undefined, b: boolean | undefined];
}

export interface RunDiff {
  readonly a: { readonly id: string; readonly verdict: Verdict };
  readonly b: { readonly id: string; readonly verdict: Verdict };
  /** Why the two cannot simply be held against each other, as sentences. */
  readonly doubts: readonly string[];
  readonly expectations: readonly {
    readonly text: string;
    readonly a: Verdict | undefined;
    readonly b: Verdict | undefined;
  }[];
  readonly figures: readonly FigureDiff[];
  /** Those that changed by more than the margins of both runs, the most changed first. */
  readonly viewers: readonly ViewerDiff[];
}
