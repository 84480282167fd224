// A comparison as rows and cells, ready to print. Every design is held against the first one: it
// is the one that stands today, the others are what could be built.

import type {
  Compared,
  ComparedDesign,
  Comparison,
  Difference,
  Estimate,
} from '../../harness/model/comparison.ts';
import type { Range } from '../../harness/model/range.ts';
import { counted, formatMs, formatRange, formatShare, NOTHING } from '../duration.ts';

export interface Measure {
  readonly metric: Compared;
  readonly head: string;
  readonly means: string;
}

/** Less is better in all of them. */
export const MEASURES: readonly Measure[] = [
  { metric: 'blackScreenP50', head: 'black p50', means: 'black screen of the median viewer' },
  {
    metric: 'blackScreenP95',
    head: 'black p95',
    means: 'black screen at p95 of the viewers watched',
  },
  { metric: 'blackScreenMax', head: 'black max', means: 'black screen of the worst viewer' },
  {
    metric: 'programmeLossP50',
    head: 'loss p50',
    means: 'black screen, slate and silence, median viewer',
  },
  { metric: 'timeToDetect', head: 'detect', means: 'fault to first lost picture, median' },
  { metric: 'timeToSwitch', head: 'switch', means: 'from there to heal or another path, median' },
  {
    metric: 'timeToRecover',
    head: 'recover',
    means: 'last heal to programme, p95 of the viewers watched',
  },
  { metric: 'notRecovered', head: 'never back', means: 'share of viewers who never came back' },
];

/** The standing of a figure beside the first design's. */
export type Standing = 'better' | 'worse' | 'same' | 'unknown';

export const STANDING: Readonly<Record<Standing, { mark: string; says: string }>> = {
  better: { mark: '▼', says: 'better than the first design by more than the noise' },
  worse: { mark: '▲', says: 'worse than the first design by more than the noise' },
  same: { mark: '≈', says: 'no difference from the first design beyond the noise' },
  unknown: { mark: '·', says: 'a single run: nothing tells the noise' },
};

export interface Cell {
  readonly metric: Compared;
  readonly value: string;
  /** `± 1.20s`; undefined from a single run. */
  readonly spread: string | undefined;
  /** Undefined for the first design, and where there is nothing to hold against. */
  readonly standing: Standing | undefined;
}

export interface DesignRow {
  readonly design: ComparedDesign;
  readonly cost: string;
  /** `3 of 3 runs`. */
  readonly counted: string;
  readonly cells: readonly Cell[];
}

export function designRows(comparison: Comparison): DesignRow[] {
  const { designs } = comparison;
  return designs.map((design) => ({
    design,
    cost: design.costClass ?? NOTHING,
    counted: `${design.counted} of ${counted(design.verdicts.length, 'run')}`,
    cells: MEASURES.map(({ metric }) => designCell(comparison, design, metric)),
  }));
}

function designCell(
  { designs, differences }: Comparison,
  design: ComparedDesign,
  metric: Compared,
): Cell {
  const estimate = design.estimates[metric];
  const first = designs[0]?.design;
  const difference = differences.find(
    ({ a, b, metric: of }) => of === metric && a === first && b === design.design,
  );
  return {
    metric,
    value: estimate ? formatEstimate(metric, estimate) : NOTHING,
    spread: estimate && spreadText(metric, estimate),
    standing: difference && rankDifference(difference),
  };
}

export const formatMeasure = (metric: Compared, value: number): string =>
  metric === 'notRecovered' ? formatShare(value, 1) : formatMs(value);

/** The mean; `38.2s to 38.9s` where unmeasured time leaves both possible. */
export const formatEstimate = (metric: Compared, estimate: Estimate): string =>
  formatRange(rangeOfMean(estimate), (value = 0) => formatMeasure(metric, value));

const rangeOfMean = ({ mean, atMost }: Estimate): Range => ({
  low: mean,
  high: atMost?.mean ?? mean,
});

function spreadText(metric: Compared, estimate: Estimate): string | undefined {
  const { low, high, mean } = estimate;
  if (low === undefined || high === undefined) return undefined;
  return `± ${formatMeasure(metric, Math.max(high - rangeOfMean(estimate).high, mean - low))}`;
}

export function rankDifference({ beyondNoise, difference }: Difference): Standing {
  if (beyondNoise === 'yes') return difference < 0 ? 'better' : 'worse';
  return beyondNoise === 'no' ? 'same' : 'unknown';
}

/**
 * One sentence on the outcome, or on why there is none. A design is only called better when the
 * difference is larger than the noise.
 */
export function outcomeText({ designs, differences }: Comparison): string {
  const told = designs.filter(({ estimates }) => estimates.blackScreenP50);
  const [first] = told;
  if (!first) return 'No run of any design proves anything: there is nothing to compare.';
  const best = told.reduce((a, b) => (blackMs(b) < blackMs(a) ? b : a));
  const least = `${best.design} has the least black screen, ${blackText(best)} at the median`;
  if (best === first) return `${least}.`;
  const difference = differences.find(
    ({ a, b, metric }) => metric === 'blackScreenP50' && a === first.design && b === best.design,
  );
  return `${least}, against ${blackText(first)} for ${first.design}${certainty(difference)}.`;
}

const blackMs = ({ estimates }: ComparedDesign): number =>
  estimates.blackScreenP50?.mean ?? Infinity;

const blackText = ({ estimates: { blackScreenP50 } }: ComparedDesign): string =>
  blackScreenP50 ? formatEstimate('blackScreenP50', blackScreenP50) : NOTHING;

function certainty(difference: Difference | undefined): string {
  if (!difference || difference.beyondNoise === 'unknown') {
    return '; from single runs, so nothing tells whether that is noise';
  }
  const { low, high, beyondNoise, range } = difference;
  const doubt = range ? 'the noise and the unmeasured time' : 'the noise';
  if (beyondNoise === 'no') return `, but that is not more than ${doubt}`;
  return low === undefined || high === undefined
    ? ''
    : ` (${formatMs(-high)} to ${formatMs(-low)} less, with 95% confidence)`;
}
