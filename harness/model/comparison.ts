// Designs side by side: the same scenario and seed on each, repeated. Computed by
// measure/compare.ts, rendered by reports.

import type { Range } from './range.ts';
import type { Verdict } from './report.ts';
import type { Design } from './scenario.ts';

/** One number a run; milliseconds unless said. */
export const COMPARED = [
  'blackScreenP50',
  'blackScreenP95',
  'blackScreenMax',
  'programmeLossP50',
  'timeToDetect', // median over interruptions, from the fault to the first stage without picture
  'timeToSwitch', // median over interruptions, from there to the heal or to another path
  'timeToRecover', // p95 over viewers, from the last heal to the programme
  'notRecovered', // share of viewers
] as const;
export type Compared = (typeof COMPARED)[number];

/** A mean over repeats and where it lies with 95 % confidence; no interval from a single run. */
export interface Estimate {
  readonly values: readonly number[];
  readonly mean: number;
  /** The same if every unmeasured moment was lost; absent where nothing was unmeasured. */
  readonly atMost?: { readonly values: readonly number[]; readonly mean: number };
  readonly low: number | undefined;
  readonly high: number | undefined;
}

export interface ComparedDesign {
  readonly design: string;
  readonly title: string;
  readonly costClass: Design['costClass'];
  /** One a repeat, in their order. */
  readonly verdicts: readonly Verdict[];
  /** Repeats that prove nothing are left out of every number. */
  readonly counted: number;
  /** Absent for what no counted run could tell. */
  readonly estimates: Readonly<Partial<Record<Compared, Estimate>>>;
  /** The findings of a check of the design and its windows, as sentences. */
  readonly checks: readonly string[];
}

/** `b` minus `a`, each design once with each other. */
export interface Difference {
  readonly metric: Compared;
  readonly a: string;
  readonly b: string;
  readonly difference: number;
  /** Where unmeasured time leaves more than one difference possible. */
  readonly range?: Range;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** `unknown` when a design has a single counted run: nothing tells its noise. */
  readonly beyondNoise: 'yes' | 'no' | 'unknown';
}

export interface Comparison {
  readonly scenario: string;
  /** The compression that all runs had in common, where the caller says it: outputs print it. */
  readonly compress?: number;
  readonly seed?: number;
  readonly designs: readonly ComparedDesign[];
  readonly differences: readonly Difference[];
}
