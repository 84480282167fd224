// Lines of `expect:` against what was measured. Unmeasured time makes a value an interval: from
// what was seen to what could have been. An expectation that holds for both ends passes, one that
// holds for neither fails, any other is inconclusive.

import type { ExpectationResult, Verdict, ViewerResult } from '../model/report.ts';
import {
  AUDIENCE_METRICS,
  type AudienceMetric,
  type ExpectedValue,
  type Expectation,
  type Metric,
  type ViewerMetric,
} from '../model/scenario.ts';
import { durationText } from './durationText.ts';
import { aggregate } from './statistics.ts';
import { GLITCH_MS } from './thresholds.ts';
import type { SeenViewer } from './viewers.ts';

export interface Measured {
  /** The audience: without the control. */
  readonly viewers: readonly SeenViewer[];
  readonly cutMs: number;
}

/** `low` is what was seen, `high` what it is if every unmeasured moment was lost. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

export function evaluate(expectation: Expectation, measured: Measured): ExpectationResult {
  const { text, value } = expectation;
  const bounds = boundsOf(expectation, measured);
  if (typeof bounds === 'string') return inconclusive(text, 'nothing', bounds);
  if (value.unit === 'ofCut' && measured.cutMs === 0) {
    return inconclusive(text, observedText(bounds, expectation, 0), 'no cut was in force');
  }
  const limit = value.unit === 'ofCut' ? value.value * measured.cutMs : value.value;
  const observed = observedText(bounds, expectation, measured.cutMs);
  const verdict = compare(bounds, expectation.operator, limit);
  return verdict === 'inconclusive'
    ? inconclusive(text, observed, 'the unmeasured time could decide it either way')
    : { text, verdict, observed };
}

const inconclusive = (text: string, observed: string, reason: string): ExpectationResult => ({
  text,
  verdict: 'inconclusive',
  observed,
  reason,
});

/** A string says why there is nothing to compare. */
function boundsOf({ aggregate: over, metric }: Expectation, measured: Measured): Bounds | string {
  if (measured.viewers.length === 0) return 'nobody watched';
  if (isAudienceMetric(metric)) return ofAudience(metric, measured.viewers);
  const values = measured.viewers
    .map((viewer) => ofViewer(metric, viewer.result))
    .filter((value) => value !== undefined);
  if (values.length === 0 && metric === 'timeToRecover') return { low: 0, high: 0 };
  if (values.length === 0) return NOTHING[metric] ?? `no viewer has a ${metric}`;
  const by = (end: keyof Bounds) =>
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
function ofViewer(metric: ViewerMetric, viewer: ViewerResult): Bounds | undefined {
  const { ledger, blackScreenMs, programmeLossMs, amplification, latencyMs } = viewer;
  const orUnmeasured = (low: number) => ({ low, high: low + ledger.unmeasured });
  switch (metric) {
    case 'blackScreen':
      return orUnmeasured(blackScreenMs);
    case 'programmeLoss':
      return orUnmeasured(programmeLossMs);
    case 'unmeasured':
      return { low: ledger.unmeasured, high: ledger.unmeasured };
    case 'frozen':
    case 'black':
    case 'slate':
    case 'stalled':
    case 'starting':
    case 'dead':
      return orUnmeasured(ledger[metric]);
    case 'latency':
      return latencyMs === undefined ? undefined : { low: latencyMs, high: latencyMs };
    case 'timeToRecover':
      return timeToRecoverOf(viewer);
    case 'amplification':
      return amplification === undefined ? undefined : amplificationOf(viewer, amplification);
    case 'interruptions':
      return interruptionsOf(viewer);
  }
}

/** For ever, for a viewer who lost the programme and does not have it at the end. */
function timeToRecoverOf({ recovered, ...viewer }: ViewerResult): Bounds | undefined {
  if (!recovered) return { low: Infinity, high: Infinity };
  if (viewer.timeToRecoverMs === undefined) return undefined;
  const low = viewer.timeToRecoverMs;
  return { low, high: low + viewer.ledger.unmeasured };
}

function amplificationOf({ blackScreenMs, ledger }: ViewerResult, low: number): Bounds {
  if (ledger.unmeasured === 0) return { low, high: low };
  if (blackScreenMs === 0) return { low, high: Infinity };
  return { low, high: low * (1 + ledger.unmeasured / blackScreenMs) };
}

/** As many could hide in the unmeasured time as are longer than a glitch. */
function interruptionsOf({ interruptions, ledger }: ViewerResult): Bounds {
  const low = interruptions.filter(({ glitch }) => !glitch).length;
  return { low, high: low + Math.floor(ledger.unmeasured / GLITCH_MS) };
}

function ofAudience(metric: AudienceMetric, viewers: readonly SeenViewer[]): Bounds {
  const share = (holds: (viewer: SeenViewer) => boolean) =>
    viewers.filter(holds).length / viewers.length;
  const isBack = ({ result }: SeenViewer) => result.recovered;
  switch (metric) {
    case 'recovered':
      return {
        low: share((viewer) => isBack(viewer) && !endsUnmeasured(viewer)),
        high: share((viewer) => isBack(viewer) || endsUnmeasured(viewer)),
      };
    case 'interrupted':
      return {
        low: share(({ result }) => interruptionsOf(result).low > 0),
        high: share(({ result }) => interruptionsOf(result).high > 0),
      };
    case 'channelsRestored':
      return channelsRestored(viewers, isBack);
  }
}

const endsUnmeasured = ({ screen }: SeenViewer): boolean =>
  screen.spans.at(-1)?.class === 'unmeasured';

/** A channel is back when one of its viewers sees it at the end: the others have themselves to blame. */
function channelsRestored(
  viewers: readonly SeenViewer[],
  isBack: (viewer: SeenViewer) => boolean,
): Bounds {
  const channels = new Set(viewers.map(({ result }) => result.channel));
  const withViewer = (holds: (viewer: SeenViewer) => boolean) =>
    new Set(viewers.filter(holds).map(({ result }) => result.channel)).size / channels.size;
  return {
    low: withViewer((viewer) => isBack(viewer) && !endsUnmeasured(viewer)),
    high: withViewer((viewer) => isBack(viewer) || endsUnmeasured(viewer)),
  };
}

function compare({ low, high }: Bounds, operator: Expectation['operator'], limit: number): Verdict {
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

function observedText({ low, high }: Bounds, { value }: Expectation, cutMs: number): string {
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

/** For reports of a run that proves nothing: what was seen stays, the verdict goes. */
export const withdrawn = (result: ExpectationResult, because: string): ExpectationResult => ({
  ...result,
  verdict: 'inconclusive',
  reason: because,
});
