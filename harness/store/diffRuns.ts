// Two reports -> what changed: expectations, figures of viewers with an interval, viewers one by one.

import { mean } from 'simple-statistics';
import { indexRun } from '../measure/indexedRun.ts';
import { nameSeries } from '../model/indexedRun.ts';
import { readRange, type Range } from '../model/range.ts';
import type { Report, ViewerResult } from '../model/report.ts';
import {
  DIFFED,
  type Change,
  type Diffed,
  type FigureDiff,
  type RunDiff,
  type ViewerDiff,
} from '../model/runDiff.ts';
import { bootstrapDifference, bootstrapMean, DRAWN_FROM_MIN } from './bootstrap.ts';

/** `b` is held against `a`. */
export function diffRuns(a: Report, b: Report): RunDiff {
  return {
    a: { id: a.run.id, verdict: a.verdict },
    b: { id: b.run.id, verdict: b.verdict },
    doubts: findDoubts(a, b),
    expectations: diffExpectations(a, b),
    figures: DIFFED.flatMap((figure) => diffFigure(figure, a, b)),
    viewers: diffViewers(a, b),
  };
}

function findDoubts(a: Report, b: Report): string[] {
  const [first, second] = [a, b].map((report) =>
    nameSeries(indexRun(report, { dir: '', writtenEpochMs: 0 })),
  );
  const inconclusive = [a, b].filter(({ verdict }) => verdict === 'inconclusive');
  return [
    ...(first === second ? [] : [`they were called differently: ${first}; ${second}`]),
    ...(a.run.seed === b.run.seed ? [] : [`other seeds: ${a.run.seed} and ${b.run.seed}`]),
    ...(a.run.harness === b.run.harness
      ? []
      : [`other versions: ${a.run.harness} and ${b.run.harness}`]),
    ...[a, b]
      .filter(({ viewers }) => viewers.length === 0)
      .map(
        ({ run }) => `${run.id} knows no viewers one by one: only its expectations are compared`,
      ),
    ...inconclusive.map(({ run }) => `${run.id} is inconclusive: its figures are no result`),
  ];
}

function diffExpectations(a: Report, b: Report): RunDiff['expectations'] {
  const texts = new Set([...a.expectations, ...b.expectations].map(({ text }) => text));
  const verdictIn = (report: Report, text: string) =>
    report.expectations.find((one) => one.text === text)?.verdict;
  return [...texts]
    .map((text) => ({ text, a: verdictIn(a, text), b: verdictIn(b, text) }))
    .filter((one) => one.a !== one.b);
}

const VALUES: Readonly<Record<Diffed, (viewer: ViewerResult) => Range | undefined>> = {
  blackScreen: (viewer) => readRange(viewer, 'blackScreenMs'),
  programmeLoss: (viewer) => readRange(viewer, 'programmeLossMs'),
  timeToRecover: (viewer) => readRange(viewer, 'timeToRecoverMs'),
  latency: ({ latencyMs }) =>
    latencyMs === undefined ? undefined : { low: latencyMs, high: latencyMs },
};

function diffFigure(figure: Diffed, a: Report, b: Report): FigureDiff[] {
  const [left, right] = [a, b].map((report) => valuesIn(report, figure));
  if (!left || !right || left.size === 0 || right.size === 0) return [];
  const paired = left.size === right.size && [...left.keys()].every((id) => right.has(id));
  const lows = (values: ReadonlyMap<string, Range>) => [...values.values()].map(({ low }) => low);
  const [meanA, meanB] = [mean(lows(left)), mean(lows(right))];
  const isProven = a.verdict !== 'inconclusive' && b.verdict !== 'inconclusive';
  const enough = Math.min(left.size, right.size) >= DRAWN_FROM_MIN;
  const interval = enough ? widestInterval(left, right, paired) : undefined;
  const errorMs = a.margin.ms + b.margin.ms;
  return [
    {
      figure,
      a: Math.round(meanA),
      b: Math.round(meanB),
      difference: Math.round(meanB - meanA),
      ...(interval && {
        interval: { low: Math.round(interval.low), high: Math.round(interval.high) },
      }),
      paired,
      change: isProven && interval ? rankChange(interval, errorMs) : 'unknown',
    },
  ];
}

const valuesIn = ({ viewers }: Report, figure: Diffed): ReadonlyMap<string, Range> =>
  new Map(
    viewers
      .filter(({ control }) => !control)
      .flatMap((viewer) => {
        const range = VALUES[figure](viewer);
        return range ? [[viewer.id, range] as const] : [];
      }),
  );

/** Unmeasured time may have been lost in one run and not in the other: both ends are looked at. */
function widestInterval(
  a: ReadonlyMap<string, Range>,
  b: ReadonlyMap<string, Range>,
  paired: boolean,
): Range {
  const between = (endA: keyof Range, endB: keyof Range): Range => {
    if (paired) return bootstrapMean([...a].map(([id, range]) => b.get(id)![endB] - range[endA]));
    const ends = (of: ReadonlyMap<string, Range>, end: keyof Range) =>
      [...of.values()].map((range) => range[end]);
    return bootstrapDifference(ends(a, endA), ends(b, endB));
  };
  return { low: between('high', 'low').low, high: between('low', 'high').high };
}

function rankChange({ low, high }: Range, errorMs: number): Change {
  if (low > errorMs) return 'worse';
  return high < -errorMs ? 'better' : 'same';
}

function diffViewers(a: Report, b: Report): ViewerDiff[] {
  const errorMs = a.margin.ms + b.margin.ms;
  const find = ({ viewers }: Report, id: string) => viewers.find((viewer) => viewer.id === id);
  const ids = new Set(
    [...a.viewers, ...b.viewers].filter(({ control }) => !control).map(({ id }) => id),
  );
  return [...ids]
    .map((id) => ({ id, left: find(a, id), right: find(b, id) }))
    .filter(({ left, right }) => hasChanged(left, right, errorMs))
    .map(({ id, left, right }) => diffViewer(id, left, right))
    .toSorted((one, other) => changeMs(other) - changeMs(one));
}

function hasChanged(
  a: ViewerResult | undefined,
  b: ViewerResult | undefined,
  errorMs: number,
): boolean {
  if (!a || !b) return true;
  const [left, right] = [readRange(a, 'blackScreenMs')!, readRange(b, 'blackScreenMs')!];
  const apart = Math.max(right.low - left.high, left.low - right.high);
  return (
    apart > errorMs ||
    a.recovered !== b.recovered ||
    countInterruptions(a) !== countInterruptions(b)
  );
}

function diffViewer(
  viewer: string,
  a: ViewerResult | undefined,
  b: ViewerResult | undefined,
): ViewerDiff {
  const [left, right] = [a, b].map((one) => one && readRange(one, 'blackScreenMs'));
  return {
    viewer,
    ...(left && { a: left }),
    ...(right && { b: right }),
    interruptions: [countInterruptions(a), countInterruptions(b)],
    recovered: [a?.recovered, b?.recovered],
  };
}

const countInterruptions = (viewer: ViewerResult | undefined): number =>
  viewer?.interruptions.filter(({ glitch }) => !glitch).length ?? 0;

const changeMs = ({ a, b }: ViewerDiff): number => Math.abs((b?.low ?? 0) - (a?.low ?? 0));
