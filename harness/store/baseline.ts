// A run against those before it: has it become worse, or can nobody know?

import { mean, sampleStandardDeviation } from 'simple-statistics';
import { COMPARED, type Compared } from '../model/comparison.ts';
import { nameSeries, type IndexedRun } from '../model/indexedRun.ts';
import { RULER_ERROR_MS_MAX } from '../model/margin.ts';
import type { Report } from '../model/report.ts';
import type { Change } from '../model/runDiff.ts';
import { diffRuns } from './diffRuns.ts';

export interface Held {
  readonly change: Change;
  /** Says what changed, or why nobody can know. */
  readonly text: string;
}

/** The run that another is held against: the newest before it of its series that passed, or of a commit. */
export function findBaseline(
  runs: readonly IndexedRun[],
  of: IndexedRun,
  commit: string | undefined,
): IndexedRun | undefined {
  return earlierRuns(runs, of).findLast((run) =>
    commit === undefined ? run.verdict === 'pass' : run.commit === commit,
  );
}

const earlierRuns = (runs: readonly IndexedRun[], of: IndexedRun): IndexedRun[] =>
  runs.filter(
    (run) =>
      nameSeries(run) === nameSeries(of) && run.dir !== of.dir && run.startedAt <= of.startedAt,
  );

export interface Holding {
  readonly run: IndexedRun;
  readonly report: Report;
  readonly baseline: { readonly run: IndexedRun; readonly report: Report } | undefined;
  /** All runs that are known, the oldest first. */
  readonly runs: readonly IndexedRun[];
}

/**
 * Holds a run against its baseline: by expectations, then by what nights differ by where enough of
 * them are known, else viewer by viewer.
 */
export function holdAgainst({ run, report, baseline, runs }: Holding): Held {
  if (!baseline) return { change: 'unknown', text: 'there is no earlier run to hold it against' };
  const name = `${baseline.run.dir} (${baseline.run.startedAt.slice(0, 16)})`;
  const unproven = [report, baseline.report].find(({ verdict }) => verdict === 'inconclusive');
  if (unproven)
    return { change: 'unknown', text: `${unproven.run.id} is inconclusive, against ${name}` };
  const diff = diffRuns(baseline.report, report);
  const broken = diff.expectations.filter(({ a, b }) => a === 'pass' && b === 'fail');
  if (broken.length > 0)
    return {
      change: 'worse',
      text: `${broken.map(({ text }) => text).join(', ')} held in ${name} and does not now`,
    };
  const nights = earlierRuns(runs, run)
    .filter(({ verdict }) => verdict === 'pass')
    .slice(-NIGHTS_MAX);
  if (nights.length >= NIGHTS_MIN) return holdAgainstNights(run, nights);
  const worse = diff.figures.filter(({ change }) => change === 'worse');
  if (worse.length > 0) {
    const said = worse.map(({ figure, a, b }) => `${figure} per viewer ${a} ms, now ${b} ms`);
    return { change: 'worse', text: `${said.join(', ')}, against ${name}` };
  }
  return diff.figures.some(({ change }) => change === 'unknown')
    ? { change: 'unknown', text: `too few viewers to tell a difference from ${name}` }
    : { change: 'same', text: `no worse than ${name} by more than its viewers differ` };
}

/** With fewer nights their own difference is not known. */
const NIGHTS_MIN = 5;
const NIGHTS_MAX = 20;
/** Student's 0.995 quantile for 4 degrees of freedom, the fewest; wide for more (any table). */
const DEVIATIONS = 4.604;

/** Less is better in every figure: only what lies above where the next night must lie is worse. */
function holdAgainstNights(run: IndexedRun, nights: readonly IndexedRun[]): Held {
  const worse = COMPARED.flatMap((metric) => {
    const values = nights.flatMap(({ figures }) => figures[metric]?.high ?? []);
    const now = run.figures[metric];
    if (!now || values.length < NIGHTS_MIN) return [];
    const most = highestExpected(values, metric);
    return now.low > most ? [`${metric} ${round(now.low)}, expected at most ${round(most)}`] : [];
  });
  const against = `the last ${nights.length} runs that passed`;
  return worse.length > 0
    ? { change: 'worse', text: `${worse.join(', ')} from ${against}` }
    : { change: 'same', text: `within what ${against} differ by` };
}

function highestExpected(values: number[], metric: Compared): number {
  const half = DEVIATIONS * sampleStandardDeviation(values) * Math.sqrt(1 + 1 / values.length);
  const error = metric === 'notRecovered' ? 0 : RULER_ERROR_MS_MAX;
  return mean(values) + Math.max(half, error);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
