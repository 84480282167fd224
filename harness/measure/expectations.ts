// Lines of `expect:` against what was measured. Unmeasured time makes a value an interval: from
// what was seen to what could have been; the margin of the measure widens it at both ends. An
// expectation that holds for both ends passes, one that holds for neither fails, any other is
// inconclusive.

import { rangeOf, type Range } from '../model/range.ts';
import type { ExpectationResult, LimitResult, Verdict, ViewerResult } from '../model/report.ts';
import {
  AUDIENCE_METRICS,
  type AudienceMetric,
  type ExpectedValue,
  type Expectation,
  type Metric,
  type ViewerMetric,
} from '../model/scenario.ts';
import { durationText } from './durationText.ts';
import { isLoss } from './ledger.ts';
import { endsUnmeasured } from './recovery.ts';
import { aggregate, thousandth } from './statistics.ts';
import { GLITCH_MS } from './thresholds.ts';
import type { SeenViewer } from './viewers.ts';

export interface Measured {
  /** The audience: without the control. */
  readonly viewers: readonly SeenViewer[];
  readonly cutMs: number;
  /** The possible error in the length of one interruption. */
  readonly marginMs: number;
}

export function evaluate(expectation: Expectation, measured: Measured): ExpectationResult {
  const { text, value } = expectation;
  const bounds = boundsOf(expectation, { ...measured, marginMs: 0 });
  if (typeof bounds === 'string') return inconclusive(text, 'nothing', bounds);
  if (value.unit === 'ofCut' && measured.cutMs === 0) {
    return inconclusive(text, observedText(bounds, expectation, 0), 'no cut was in force');
  }
  const limit = value.unit === 'ofCut' ? value.value * measured.cutMs : value.value;
  const observed = observedText(bounds, expectation, measured.cutMs);
  const verdict = compare(bounds, expectation.operator, limit);
  if (verdict === 'inconclusive')
    return inconclusive(text, observed, 'the unmeasured time could decide it either way');
  const wide = boundsOf(expectation, measured);
  if (typeof wide === 'string') return { text, verdict, observed };
  const distance = limitResult(expectation, limit, { bounds, wide });
  const result =
    compare(wide, expectation.operator, limit) === verdict
      ? { text, verdict, observed }
      : inconclusive(text, observed, nearerThan(measured.marginMs));
  return { ...result, ...(distance && { limit: distance }) };
}

/** Undefined for what is no duration, for ever, and where the limit is met or in between. */
function limitResult(
  { operator, value }: Expectation,
  limitMs: number,
  { bounds: { low, high }, wide }: { readonly bounds: Range; readonly wide: Range },
): LimitResult | undefined {
  const isAbove = low > limitMs;
  const distanceMs = isAbove ? low - limitMs : limitMs - high;
  const isDuration = value.unit === 'ms' || value.unit === 'ofCut';
  if (!isDuration || distanceMs <= 0 || !Number.isFinite(distanceMs)) return undefined;
  const marginMs = Number.isFinite(high) ? wide.high - high : low - wide.low;
  const side = HOLDS[operator](low, limitMs) ? 'within' : isAbove ? 'over' : 'under';
  return {
    ms: thousandth(limitMs),
    distanceMs: thousandth(distanceMs),
    side,
    marginMs: thousandth(marginMs),
  };
}

const nearerThan = (marginMs: number): string =>
  `nearer to the limit than the margin of the measure, ± ${durationText(marginMs)} an interruption`;

const inconclusive = (text: string, observed: string, reason: string): ExpectationResult => ({
  text,
  verdict: 'inconclusive',
  observed,
  reason,
});

/** A string says why there is nothing to compare. */
function boundsOf({ aggregate: over, metric }: Expectation, measured: Measured): Range | string {
  if (measured.viewers.length === 0) return 'nobody watched';
  if (isAudienceMetric(metric)) return ofAudience(metric, measured);
  const values = measured.viewers
    .map((viewer) => ofViewer(metric, viewer.result, measured.marginMs))
    .filter((value) => value !== undefined);
  if (values.length === 0 && metric === 'timeToRecover') return { low: 0, high: 0 };
  if (values.length === 0) return NOTHING[metric] ?? `no viewer has a ${metric}`;
  const by = (end: keyof Range) =>
    aggregate(
      over ?? 'max',
      values.map((value) => value[end]),
    );
  return { low: by('low'), high: by('high') };
}

const NOTHING: Partial<Record<Metric, string>> = {
  latency: 'no viewer was presented a frame of the programme',
  amplification: 'no cut was in force',
};

const isAudienceMetric = (metric: Metric): metric is AudienceMetric =>
  (AUDIENCE_METRICS as readonly Metric[]).includes(metric);

/** Undefined for a viewer the metric says nothing about. */
function ofViewer(metric: ViewerMetric, viewer: ViewerResult, marginMs: number): Range | undefined {
  const { ledger, latencyMs } = viewer;
  const offMs = marginMs * Math.max(1, viewer.interruptions.length);
  if (isLoss(metric))
    return within({ low: ledger[metric], high: ledger[metric] + ledger.unmeasured }, offMs);
  switch (metric) {
    case 'blackScreen':
      return within(rangeOf(viewer, 'blackScreenMs'), offMs);
    case 'programmeLoss':
      return within(rangeOf(viewer, 'programmeLossMs'), offMs);
    case 'unmeasured':
      return { low: ledger.unmeasured, high: ledger.unmeasured };
    case 'latency':
      return latencyMs === undefined ? undefined : { low: latencyMs, high: latencyMs };
    case 'timeToRecover':
      return timeToRecoverOf(viewer, marginMs);
    case 'amplification':
      return within(rangeOf(viewer, 'amplification'), offMs / cutMsOf(viewer));
    case 'interruptions':
      return interruptionsOf(viewer, marginMs);
  }
}

/**
 * Off by so much at both ends. What was seen may have been shorter, but it was there: it does not
 * become nothing. Of nothing there was nothing: a measured zero is exact.
 */
function within(range: Range | undefined, off: number): Range | undefined {
  if (range === undefined || range.low === 0) return range;
  return { low: Math.max(range.low - off, LEAST), high: range.high + off };
}

/** The smallest number that statistics keep. */
const LEAST = 0.001;

/** Gives the cut time that the amplification of a viewer is a share of. */
const cutMsOf = ({ blackScreenMs, amplification }: ViewerResult): number =>
  amplification ? blackScreenMs / amplification : Infinity;

/** Gives infinity for a viewer without the programme at the end; any time where unseen. */
function timeToRecoverOf(viewer: ViewerResult, marginMs: number): Range | undefined {
  if (viewer.recovery === 'unseen') return { low: 0, high: Infinity };
  if (!viewer.recovered) return { low: Infinity, high: Infinity };
  return within(rangeOf(viewer, 'timeToRecoverMs'), marginMs);
}

/**
 * Bounds the number of interruptions: as many could hide in the unmeasured time as are longer than
 * a glitch; and what is as long as one, but for the margin, may be one or not.
 */
function interruptionsOf({ interruptions, ledger }: ViewerResult, marginMs: number): Range {
  const longerThan = (ms: number) =>
    interruptions.filter(({ fromMs, toMs }) => toMs - fromMs >= ms).length;
  return {
    low: longerThan(GLITCH_MS + marginMs),
    high: longerThan(GLITCH_MS - marginMs) + Math.floor(ledger.unmeasured / GLITCH_MS),
  };
}

function ofAudience(metric: AudienceMetric, { viewers, marginMs }: Measured): Range {
  const share = (holds: (viewer: SeenViewer) => boolean) =>
    viewers.filter(holds).length / viewers.length;
  switch (metric) {
    case 'recovered':
      return {
        low: share(isBack),
        high: share(mayBeBack),
      };
    case 'interrupted':
      return {
        low: share(({ result }) => interruptionsOf(result, marginMs).low > 0),
        high: share(({ result }) => interruptionsOf(result, marginMs).high > 0),
      };
    case 'channelsRestored':
      return channelsRestored(viewers);
  }
}

const isBack = ({ result, screen }: SeenViewer): boolean =>
  result.recovered && !endsUnmeasured(screen);

const mayBeBack = ({ result }: SeenViewer): boolean => result.recovery !== 'not-recovered';

/** A channel is back when one of its viewers sees it at the end: the others have themselves to blame. */
function channelsRestored(viewers: readonly SeenViewer[]): Range {
  const channels = new Set(viewers.map(({ result }) => result.channel));
  const withViewer = (holds: (viewer: SeenViewer) => boolean) =>
    new Set(viewers.filter(holds).map(({ result }) => result.channel)).size / channels.size;
  return {
    low: withViewer(isBack),
    high: withViewer(mayBeBack),
  };
}

function compare({ low, high }: Range, operator: Expectation['operator'], limit: number): Verdict {
  if (operator === '==' && low < high) {
    return low <= limit && limit <= high ? 'inconclusive' : 'fail';
  }
  const atLow = HOLDS[operator](low, limit);
  if (atLow !== HOLDS[operator](high, limit)) return 'inconclusive';
  return atLow ? 'pass' : 'fail';
}

export const HOLDS = {
  '<': (value: number, limit: number) => value < limit,
  '<=': (value: number, limit: number) => value <= limit,
  '==': (value: number, limit: number) => value === limit,
  '>=': (value: number, limit: number) => value >= limit,
  '>': (value: number, limit: number) => value > limit,
} as const;

function observedText({ low, high }: Range, { value }: Expectation, cutMs: number): string {
  const text = (number: number) => valueText(number, value.unit, cutMs);
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

/** A measured number in the unit of what it is compared with. */
export function valueText(number: number, unit: ExpectedValue['unit'], cutMs: number): string {
  if (number === Infinity) return 'never';
  switch (unit) {
    case 'ms':
      return durationText(number);
    case 'share':
      return `${decimals(number * 100, 1)}%`;
    case 'ofCut':
      return cutMs > 0
        ? `${decimals((number / cutMs) * 100, 1)}% of cut (${durationText(number)})`
        : durationText(number);
    case 'count':
      return String(decimals(number, 3));
  }
}

const decimals = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Withdraws the verdict where a run proves nothing; what was seen stays. */
export const withdrawn = (
  { text, observed }: ExpectationResult,
  because: string,
): ExpectationResult => inconclusive(text, observed, because);
