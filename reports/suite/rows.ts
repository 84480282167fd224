// A suite as rows and sentences, ready to print; what is not well comes first.

import type { Report, Verdict } from '../../harness/model/report.ts';
import type { RunFigures, Suite, SuiteResult } from '../../harness/model/suite.ts';
import { formatMeasure } from '../compare/rows.ts';
import { counted, formatMs, formatRange, NOTHING } from '../duration.ts';
import type { Assets } from '../renderer.ts';
import { compressionText } from '../sentence.ts';

/** The last run of each result that has one, by key. */
export type SuiteRuns = ReadonlyMap<
  string,
  { readonly report: Report; readonly assets: Assets } | undefined
>;

const WORST_FIRST: readonly Verdict[] = ['fail', 'inconclusive', 'pass'];

export const SUITE_HEADS = ['scenario', 'verdict', 'black p50', 'black max', 'recover', 'length'];

export interface SuiteRow {
  readonly result: SuiteResult;
  /** Black screen of the median viewer and of the worst, time to recover, length of the run. */
  readonly cells: readonly string[];
  /** The reasons of the verdict, and the attempts before it. */
  readonly notes: readonly string[];
  /** The page of the run, from the folder of the suite. */
  readonly page: string | undefined;
}

/** Reasons that a summary has room for. */
const REASONS_MAX = 3;

export const suiteRows = ({ results }: Suite): SuiteRow[] =>
  WORST_FIRST.flatMap((verdict) => results.filter((one) => one.verdict === verdict)).map(
    (result) => {
      const last = result.attempts.at(-1)!;
      const more = last.reasons.length - REASONS_MAX;
      return {
        result,
        cells: [
          ...(['blackScreenP50', 'blackScreenMax', 'timeToRecover'] as const).map((metric) =>
            figure(last.figures, metric),
          ),
          formatMs(last.lengthMs),
        ],
        notes: [
          ...retries(result),
          ...last.reasons.slice(0, REASONS_MAX),
          ...(more > 0 ? [`and ${counted(more, 'more reason')}`] : []),
        ],
        page: last.dir && `${last.dir}/report.html`,
      };
    },
  );

const figure = (figures: RunFigures, metric: keyof RunFigures): string =>
  formatRange(figures[metric], (value) =>
    value === undefined ? NOTHING : formatMeasure(metric, value),
  );

/** A pass after an inconclusive attempt is a pass, and says so. */
export const retries = ({ attempts }: SuiteResult): string[] =>
  attempts
    .slice(0, -1)
    .map(
      ({ reasons: [reason = 'no reason known'] }, at) =>
        `attempt ${at + 1} was inconclusive: ${reason}`,
    );

/** `3 failed, 1 inconclusive, 8 passed, 2 left out`. */
export function tally({ results, leftOut }: Suite): string {
  const count = (verdict: Verdict) => results.filter((one) => one.verdict === verdict).length;
  const retried = results.filter(({ attempts }) => attempts.length > 1).length;
  const parts: readonly (readonly [number, string])[] = [
    [count('fail'), 'failed'],
    [count('inconclusive'), 'inconclusive'],
    [count('pass'), 'passed'],
    [leftOut.length, 'left out'],
    [retried, 'played again'],
  ];
  const shown = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return shown.join(', ') || 'nothing to play';
}

/** The choices that all runs have in common. */
export function describeSuite(suite: Suite): string {
  const { harness, commit, shard, planned, results } = suite;
  const { engine, compress, seed } = suite.choices;
  return [
    shard
      ? `shard ${shard.index} of ${shard.of}, ${results.length} of ${counted(planned.length, 'scenario')}`
      : counted(planned.length, 'scenario'),
    `engine ${engine}`,
    `compress ${compress}`,
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    `Écran noir ${harness}`,
    ...(commit === undefined ? [] : [`commit ${commit}`]),
  ].join(', ');
}

export const suiteNotes = ({ choices: { engine, compress }, results }: Suite): string[] => {
  const isLess = (one: SuiteResult) => one.compress !== undefined && one.compress < compress;
  const note = results.length > 0 && results.every(isLess) ? undefined : compressionText(compress);
  const less = results.filter(isLess).map((one) => `${one.key} ${one.compress}x`);
  return [
    ...(engine === 'run' ? [] : [`Simulated by ${engine}: it proves nothing about a real chain.`]),
    ...(note ? [note] : []),
    ...(less.length > 0
      ? [`Played less compressed, since their expectations hold no further: ${less.join(', ')}.`]
      : []),
  ];
};
