// Defines a metric: a number about screens that an expectation, a guardrail or a report can name.

import type { PopulationRecord } from '../../model/history.ts';
import type { Range } from '../../model/range.ts';
import type { Interruption, ViewerResult } from '../../model/report.ts';
import type { Passed } from '../borders.ts';
import type { LiveViewer } from '../live.ts';
import { countHeads } from '../statistics.ts';
import type { SeenViewer } from '../viewers.ts';

export interface Measured {
  /** The audience: without the control. */
  readonly viewers: readonly SeenViewer[];
  /** Viewers that are known as cohorts. */
  readonly populations?: readonly PopulationRecord[];
  readonly cutMs: number;
  /** Absent where nothing counted bytes. */
  readonly passed?: Passed;
  /** The possible error in the length of one interruption. */
  readonly marginMs: number;
}

interface Named {
  /** Its name in `expect:` and `guardrails:`. */
  readonly name: string;
  /** Times are in milliseconds; shares go from 0 to 1. */
  readonly unit: 'time' | 'share' | 'ratio' | 'count';
  /** It is a share of the time that links were cut, and means nothing where none is. */
  readonly needsCut?: true;
  /** It is about alerts, and means nothing where none is issued. */
  readonly needsAlert?: true;
}

/** Measured for each viewer; an expectation says over viewers by which statistic. */
export interface ViewerMetric extends Named {
  readonly of: 'viewer';
  /** Between what and what it lies; undefined for a viewer it says nothing about. */
  readonly bounds: (viewer: ViewerResult, marginMs: number) => Range | undefined;
  /** The value so far; absent where it is only known at the end. */
  readonly live?: (viewer: LiveViewer) => number;
  /** Where no viewer has one: the reason, or the bounds that hold then. */
  readonly ofNobody?: string | Range;
  /** Words in the tables of reports, and the name in metrics.prom; absent where it has no row. */
  readonly row?: { readonly head: string; readonly prom: string };
}

/** Measured for each interruption of each viewer, with the same statistics. */
export interface InterruptionMetric extends Named {
  readonly of: 'interruption';
  readonly bounds: (interruption: Interruption, marginMs: number) => Range | undefined;
  readonly ofNobody?: string | Range;
}

/** Measured once for the run, over all viewers: it takes no statistic. */
export interface RunMetric extends Omit<Named, 'unit'> {
  readonly of: 'run';
  readonly unit: Named['unit'] | 'bytes';
  /** The thing in brackets behind its name, as a message calls it; absent where it takes none. */
  readonly about?: string;
  readonly bounds: (measured: Measured, about?: string) => Range;
  /** The reason why its ends differ, where that is not unmeasured time. */
  readonly doubt?: (measured: Measured, about?: string) => string;
  readonly live?: (viewers: readonly LiveViewer[]) => number;
  /** The live value while everybody sees the programme; 0 when not said. */
  readonly whenWell?: 1;
}

export type Metric = ViewerMetric | InterruptionMetric | RunMetric;

/**
 * Off by so much at both ends. What was seen may have been shorter, but it was there: it does not
 * become nothing. Of nothing there was nothing: a measured zero is exact.
 */
export function within(range: Range | undefined, off: number): Range | undefined {
  if (range === undefined || range.low === 0) return range;
  return { low: Math.max(range.low - off, LEAST), high: range.high + off };
}

/** The smallest number that statistics keep. */
const LEAST = 0.001;

/** A viewer, or a cohort: so many heads, so many of whom it holds for. */
export interface Counted {
  readonly weight: number;
  readonly holds: number;
}

/** Gives the share of the heads for which something holds. */
export const weightedShare = (counted: readonly Counted[]): number =>
  countHeads(counted.map(({ holds: weight }) => ({ weight }))) / countHeads(counted);
