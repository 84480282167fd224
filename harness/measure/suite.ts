// The verdict of a suite, and what it keeps of each report.

import { COMPARED } from '../model/comparison.ts';
import type { Finding, Report, Verdict } from '../model/report.ts';
import type { LeftOut, RunFigures, Suite, SuiteResult } from '../model/suite.ts';
import { MEASURES } from './compare.ts';

/** Fail before inconclusive before pass; what was not played proves nothing. */
export function judgeSuite({
  results,
  leftOut,
  findings,
}: Pick<Suite, 'results' | 'leftOut' | 'findings'>): Verdict {
  const verdicts = [...results, ...findings].map(({ verdict }) => verdict);
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') || leftOut.length > 0 ? 'inconclusive' : 'pass';
}

type Unjudged = Omit<Suite, 'verdict' | 'version'>;

/** Puts a suite in order and judges it. */
export function closeSuite(suite: Unjudged): Suite {
  const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
  const ordered = {
    ...suite,
    results: suite.results.toSorted(byKey),
    leftOut: suite.leftOut.toSorted(byKey),
  };
  return { version: 1, verdict: judgeSuite(ordered), ...ordered };
}

/** The figures of a run; one that proves nothing has none. */
export function measureRun(report: Report): RunFigures {
  if (report.verdict === 'inconclusive') return {};
  const measured = COMPARED.map((metric) => [metric, MEASURES[metric](report)] as const);
  return Object.fromEntries(measured.filter(([, range]) => range !== undefined));
}

/** Lists, as sentences, the reasons for a verdict below a pass. */
export const findReasons = ({ verdict, findings, expectations }: Report): string[] =>
  verdict === 'pass'
    ? []
    : [
        ...findings.filter((one) => one.verdict === verdict).map(sayFinding),
        ...expectations
          .filter((one) => one.verdict === verdict)
          .map(({ text, observed }) => `${text}: observed ${observed}`),
      ];

const sayFinding = ({ rule, text }: Finding): string => `${rule}: ${text}`;

/** Keys that were planned and of which there is neither a result nor a reason. */
export function findMissing({
  planned,
  results,
  leftOut,
}: {
  readonly planned: readonly string[];
  readonly results: readonly SuiteResult[];
  readonly leftOut: readonly LeftOut[];
}): readonly string[] {
  const known = new Set([...results, ...leftOut].map(({ key }) => key));
  return planned.filter((key) => !known.has(key));
}
