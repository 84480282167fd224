// Reports of several designs and repeats -> a table with confidence intervals, and which
// differences are larger than the noise.

import { mean, sampleVariance } from 'simple-statistics';
import {
  COMPARED,
  type Compared,
  type ComparedDesign,
  type Comparison,
  type Difference,
  type Estimate,
} from '../model/comparison.ts';
import { weightOf } from '../model/history.ts';
import { rangeOfStatistic, type Range } from '../model/range.ts';
import type { InterruptionPart, Report, Summary } from '../model/report.ts';
import type { Design } from '../model/scenario.ts';
import { summarise, thousandth } from './statistics.ts';

export interface DesignRuns {
  readonly design: Pick<Design, 'name' | 'title' | 'costClass'>;
  /** One a repeat. */
  readonly reports: readonly Report[];
  readonly checks?: readonly string[];
}

/** Compares runs in the order given; the first design is `a` of every difference it is part of. */
export function compare(scenario: string, runs: readonly DesignRuns[]): Comparison {
  const designs = runs.map(comparedDesign);
  return {
    scenario,
    designs,
    differences: designs.flatMap((a, i) =>
      designs.slice(i + 1).flatMap((b) => COMPARED.flatMap((metric) => difference(metric, a, b))),
    ),
  };
}

function comparedDesign({ design, reports, checks = [] }: DesignRuns): ComparedDesign {
  const counted = reports.filter(({ verdict }) => verdict !== 'inconclusive');
  const estimates: Partial<Record<Compared, Estimate>> = {};
  for (const metric of COMPARED) {
    const values = counted.map((report) => MEASURES[metric](report)).filter((v) => v !== undefined);
    if (values.length > 0) estimates[metric] = estimateMean(values);
  }
  return {
    design: design.name,
    title: design.title,
    costClass: design.costClass,
    verdicts: reports.map(({ verdict }) => verdict),
    counted: counted.length,
    estimates,
    checks,
  };
}

/** Each number of a run, where its report can tell it. */
export const MEASURES: Readonly<Record<Compared, (report: Report) => Range | undefined>> = {
  blackScreenP50: (report) => statistic(report, 'blackScreenMs', 'p50'),
  blackScreenP95: (report) => statistic(report, 'blackScreenMs', 'p95'),
  blackScreenMax: (report) => statistic(report, 'blackScreenMs', 'max'),
  programmeLossP50: (report) => statistic(report, 'programmeLossMs', 'p50'),
  timeToDetect: (report) => medianPart(report, 'detectMs'),
  timeToSwitch: (report) => medianPart(report, 'outageMs'),
  timeToRecover: (report) => statistic(report, 'timeToRecoverMs', 'p95'),
  notRecovered: ({ audience: { viewers, recovered, recoveryUnseen } }) => {
    const share = (count: number) => thousandth(count / viewers);
    const lost = viewers - recovered;
    return viewers === 0 ? undefined : { low: share(lost - recoveryUnseen), high: share(lost) };
  },
};

function statistic(
  { audience }: Report,
  name: 'blackScreenMs' | 'programmeLossMs' | 'timeToRecoverMs',
  stat: keyof Summary,
): Range | undefined {
  const low = audience[name];
  return low && rangeOfStatistic(low, audience.atMost[name], stat);
}

function medianPart({ viewers }: Report, part: InterruptionPart): Range | undefined {
  const values = viewers
    .filter(({ control }) => !control)
    .flatMap((viewer) => viewer.interruptions.map((each) => ({ ...each, of: viewer })))
    .flatMap(({ glitch, parts: { [part]: value }, of }) =>
      glitch || value === undefined ? [] : [{ value, weight: weightOf(of) }],
    );
  const median = summarise(values)?.p50;
  return median === undefined ? undefined : { low: median, high: median };
}

/** Student's interval: a handful of repeats is too few for the normal one. */
function estimateMean(ranges: readonly Range[]): Estimate {
  const [values, most] = [ranges.map(({ low }) => low), ranges.map(({ high }) => high)];
  const halfOf = (of: readonly number[]) =>
    student(of.length - 1) * Math.sqrt(squaredStandardError(of));
  const isRange = ranges.some(({ low, high }) => low < high);
  const isSingle = ranges.length === 1;
  return {
    values,
    mean: roundedMean(values),
    ...(isRange && { atMost: { values: most, mean: roundedMean(most) } }),
    low: isSingle ? undefined : thousandth(mean(values) - halfOf(values)),
    high: isSingle ? undefined : thousandth(mean(most) + halfOf(most)),
  };
}

const roundedMean = (values: readonly number[]): number => thousandth(mean([...values]));

const upperEstimate = (estimate: Estimate) => estimate.atMost ?? estimate;

/** Squared standard error of a mean. */
const squaredStandardError = (values: readonly number[]): number =>
  sampleVariance([...values]) / values.length;

/** Two frames at 25 fps: what the measure itself can be off (README, "Figures"). */
const RESOLUTION_MS = 80;

/**
 * Welch's interval of the difference of two means, from the end of each that makes it least to the
 * ends that make it greatest; it must leave out zero by more than the measure's own error.
 */
function difference(metric: Compared, a: ComparedDesign, b: ComparedDesign): Difference[] {
  const [left, right] = [a.estimates[metric], b.estimates[metric]];
  if (!left || !right) return [];
  const between = right.mean - left.mean;
  const [least, greatest] = [
    right.mean - upperEstimate(left).mean,
    upperEstimate(right).mean - left.mean,
  ];
  const base = {
    metric,
    a: a.design,
    b: b.design,
    difference: thousandth(between),
    ...(least < greatest && { range: { low: thousandth(least), high: thousandth(greatest) } }),
  };
  const half = welchHalfWidth(left, right);
  if (half === undefined) {
    return [{ ...base, low: undefined, high: undefined, beyondNoise: 'unknown' }];
  }
  const resolution = metric === 'notRecovered' ? 0 : RESOLUTION_MS;
  return [
    {
      ...base,
      low: thousandth(least - half),
      high: thousandth(greatest + half),
      beyondNoise: Math.max(least, -greatest) > Math.max(half, resolution) ? 'yes' : 'no',
    },
  ];
}

/** The wider one of what was seen and of the most that it can be. */
function welchHalfWidth(left: Estimate, right: Estimate): number | undefined {
  if (left.values.length < 2 || right.values.length < 2) return undefined;
  return Math.max(
    differenceHalfWidth(left.values, right.values),
    differenceHalfWidth(upperEstimate(left).values, upperEstimate(right).values),
  );
}

function differenceHalfWidth(a: readonly number[], b: readonly number[]): number {
  const [ea, eb] = [squaredStandardError(a), squaredStandardError(b)];
  const sum = ea + eb;
  if (sum === 0) return 0;
  const freedom = sum ** 2 / (ea ** 2 / (a.length - 1) + eb ** 2 / (b.length - 1));
  return student(Math.floor(freedom)) * Math.sqrt(sum);
}

/** 0.975 quantiles of Student's t for 1 to 30 degrees of freedom (any table of the distribution). */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
] as const;

/** Beyond the table the last value, which is a little wide rather than narrow. */
const student = (freedom: number): number =>
  STUDENT[Math.min(Math.max(freedom, 1), STUDENT.length) - 1] ?? STUDENT[0];
