// Lines of `expect:` against what was measured. Unmeasured time makes a value an interval: from
// what was seen to what could have been; the margin of the measure widens it at both ends. An
// expectation that holds for both ends passes, one that holds for neither fails, any other is
// inconclusive.

import { weightOf } from '../model/history.ts';
import type { Range } from '../model/range.ts';
import type { ExpectationResult, LimitResult, Verdict, ViewerResult } from '../model/report.ts';
import type { ExpectedValue, Expectation } from '../model/scenario.ts';
import { showBytes } from '../model/bytes.ts';
import { durationText } from './durationText.ts';
import { METRICS } from './metrics/catalogue.ts';
import type {
  InterruptionMetric,
  Measured as MeasuredScreens,
  Metric,
  ViewerMetric,
} from './metrics/metric.ts';
import type { SeenViewer } from './viewers.ts';
import { missingFor, sampleSize, valuesIn } from './sample.ts';
import { aggregateHeads, thousandth } from './statistics.ts';

export interface Measured extends MeasuredScreens {
  /** The table of metrics; all that there are when not said. */
  readonly metrics?: readonly Metric[];
  /** The viewers of a group that an expectation names. */
  readonly inGroup?: (name: string) => readonly SeenViewer[];
}

/** Asks the group that is named, or the real screens: imitated viewers are in no other figure. */
export function evaluate(expectation: Expectation, measured: Measured): ExpectationResult {
  const { group } = expectation;
  if (group === undefined) return evaluateOver(expectation, measured);
  const viewers = measured.inGroup?.(group) ?? [];
  const populations = (measured.populations ?? []).filter(
    ({ cohort, channel }) => cohort === `${group}/${channel}`,
  );
  const result = evaluateOver(expectation, { ...measured, viewers, populations });
  const isImitated = viewers.some((viewer) => viewer.result.imitates !== undefined);
  return isImitated ? { ...result, observed: `${result.observed}, ${IMITATED}` } : result;
}

const IMITATED = 'imitated, not run';

function evaluateOver(expectation: Expectation, measured: Measured): ExpectationResult {
  const { text, value } = expectation;
  const bounds = measureBounds(expectation, { ...measured, marginMs: 0 });
  if (typeof bounds === 'string') return inconclusive(text, 'nothing', bounds);
  if (value.unit === 'ofCut' && measured.cutMs === 0) {
    return inconclusive(text, observedText(bounds, expectation, 0), 'no cut was in force');
  }
  const limit = value.unit === 'ofCut' ? value.value * measured.cutMs : value.value;
  const observed = observedText(bounds, expectation, measured.cutMs);
  const verdict = compare(bounds, expectation.operator, limit);
  if (verdict === 'inconclusive')
    return inconclusive(text, observed, explainDoubt(expectation, measured));
  const wide = measureBounds(expectation, measured);
  if (typeof wide === 'string') return { text, verdict, observed };
  const distance = limitResult(expectation, limit, { bounds, wide });
  const result =
    compare(wide, expectation.operator, limit) === verdict
      ? { text, verdict, observed }
      : inconclusive(text, observed, nearerThan(measured.marginMs));
  return { ...result, ...(distance && { limit: distance }) };
}

/** The reason why a value may lie on both sides of the limit. */
function explainDoubt({ metric: name, about }: Expectation, measured: Measured): string {
  const metric = (measured.metrics ?? METRICS).find((known) => known.name === name);
  const own = metric?.of === 'run' ? metric.doubt?.(measured, about) : undefined;
  return own ?? 'the unmeasured time could decide it either way';
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
function measureBounds(
  { aggregate = 'max', metric: name, about }: Expectation,
  measured: Measured,
) {
  const { viewers, populations = [], metrics = METRICS } = measured;
  const metric = metrics.find((known) => known.name === name);
  if (!metric) return `this version measures no ${name}`;
  if (viewers.length === 0 && populations.length === 0) return 'nobody watched';
  if (metric.of === 'run') return metric.bounds(measured, about);
  const unknown = populations.find((population) => !valuesIn(population, name));
  if (unknown) return `the ${name} of ${unknown.cohort} is not known`;
  const watched = sampleSize(
    viewers.map(({ result }) => result),
    populations,
  );
  const needed = missingFor(aggregate, watched);
  if (needed !== undefined)
    return `not estimable: a ${aggregate} of those they stand for needs ${needed} viewers, ${watched} were watched`;
  const values = measureRanges(metric, measured);
  if (values.length === 0) return metric.ofNobody ?? `no ${metric.of} has a ${name}`;
  const by = (end: keyof Range) =>
    aggregateHeads(
      aggregate,
      values.map(({ weight, ...range }) => ({ value: range[end], weight })),
    );
  return { low: by('low'), high: by('high') };
}

/** Gives the ranges of a metric for each viewer and cohort, or of each interruption of each viewer. */
function measureRanges(
  metric: ViewerMetric | InterruptionMetric,
  { viewers, populations = [], marginMs }: Measured,
) {
  const bounds = (result: ViewerResult) =>
    metric.of === 'viewer'
      ? [metric.bounds(result, marginMs)]
      : result.interruptions.map((each) => metric.bounds(each, marginMs));
  const known = populations.flatMap((population) => valuesIn(population, metric.name) ?? []);
  return [
    ...viewers.flatMap(({ result }) =>
      bounds(result).flatMap((range) => (range ? [{ ...range, weight: weightOf(result) }] : [])),
    ),
    ...known.map(({ value, weight }) => ({ low: value, high: value, weight })),
  ];
}

function compare({ low, high }: Range, operator: Expectation['operator'], limit: number): Verdict {
  if (operator === '==' && low < limit && limit < high) return 'inconclusive';
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
  if (number === Infinity) return unit === 'bytes' ? 'unknown' : 'never';
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
    case 'bytes':
      return showBytes(number);
  }
}

const decimals = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Withdraws the verdict where a run proves nothing; what was seen stays. */
export const withdrawn = (
  { text, observed }: ExpectationResult,
  because: string,
): ExpectationResult => inconclusive(text, observed, because);
