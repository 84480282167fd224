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
import type { InterruptionPart, Report } from '../model/report.ts';
import type { Design } from '../model/scenario.ts';
import { summaryOf, thousandth } from './statistics.ts';

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
    if (values.length > 0) estimates[metric] = estimateOf(values);
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

const MEASURES: Readonly<Record<Compared, (report: Report) => number | undefined>> = {
  blackScreenP50: ({ audience }) => audience.blackScreenMs.p50,
  blackScreenP95: ({ audience }) => audience.blackScreenMs.p95,
  blackScreenMax: ({ audience }) => audience.blackScreenMs.max,
  programmeLossP50: ({ audience }) => audience.programmeLossMs.p50,
  timeToDetect: (report) => medianPart(report, 'detectMs'),
  timeToSwitch: (report) => medianPart(report, 'outageMs'),
  timeToRecover: ({ audience }) => audience.timeToRecoverMs?.p95,
  notRecovered: ({ audience: { viewers, recovered } }) =>
    viewers === 0 ? undefined : thousandth((viewers - recovered) / viewers),
};

function medianPart({ viewers }: Report, part: InterruptionPart): number | undefined {
  const values = viewers
    .filter(({ control }) => !control)
    .flatMap(({ interruptions }) => interruptions)
    .filter(({ glitch }) => !glitch)
    .map(({ parts }) => parts[part])
    .filter((value) => value !== undefined);
  return summaryOf(values)?.p50;
}

/** Student's interval: a handful of repeats is too few for the normal one. */
function estimateOf(values: readonly number[]): Estimate {
  const centre = mean([...values]);
  if (values.length === 1) {
    return { values, mean: thousandth(centre), low: undefined, high: undefined };
  }
  const half = student(values.length - 1) * Math.sqrt(errorOf(values));
  return {
    values,
    mean: thousandth(centre),
    low: thousandth(centre - half),
    high: thousandth(centre + half),
  };
}

/** Squared standard error of a mean. */
const errorOf = (values: readonly number[]): number => sampleVariance([...values]) / values.length;

/** Two frames at 25 fps: what the measure itself can be off (README, "Figures"). */
const RESOLUTION_MS = 80;

/** Welch's interval of the difference of two means; it must leave out zero by more than the measure's own error. */
function difference(metric: Compared, a: ComparedDesign, b: ComparedDesign): Difference[] {
  const [left, right] = [a.estimates[metric], b.estimates[metric]];
  if (!left || !right) return [];
  const between = right.mean - left.mean;
  const base = { metric, a: a.design, b: b.design, difference: thousandth(between) };
  const half = welchHalfWidth(left.values, right.values);
  if (half === undefined) {
    return [{ ...base, low: undefined, high: undefined, beyondNoise: 'unknown' }];
  }
  const resolution = metric === 'notRecovered' ? 0 : RESOLUTION_MS;
  return [
    {
      ...base,
      low: thousandth(between - half),
      high: thousandth(between + half),
      beyondNoise: Math.abs(between) > Math.max(half, resolution) ? 'yes' : 'no',
    },
  ];
}

function welchHalfWidth(a: readonly number[], b: readonly number[]): number | undefined {
  if (a.length < 2 || b.length < 2) return undefined;
  const [ea, eb] = [errorOf(a), errorOf(b)];
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
