// junit.xml of a suite: the suites of its runs, and one for what is wrong with the suite itself. It is
// green exactly when the verdict is pass.

import type { Finding, Verdict } from '../../harness/model/report.ts';
import type { Suite, SuiteResult } from '../../harness/model/suite.ts';
import { buildSuite, caseOutcome, renderJunitSuites, type JunitSuite } from '../junit.ts';
import { retries, type SuiteRuns } from './rows.ts';

export const renderSuiteJunit = (suite: Suite, runs: SuiteRuns): string =>
  renderJunitSuites([...suite.results.map(playedSuite(runs)), ...suiteItself(suite)]);

/** Cases are told apart by the key: a scenario may be there with several variants. */
const playedSuite =
  (runs: SuiteRuns) =>
  (result: SuiteResult): JunitSuite => {
    const run = runs.get(result.key);
    if (!run) return unplayed(result);
    const { scenario } = run.report.run;
    const built = buildSuite(run.report, run.assets);
    const own = built.cases.map((each, at) => ({
      ...each,
      className: `${result.key}${each.className.slice(scenario.length)}`,
      ...(at === 0 && { output: [...retries(result), each.output ?? ''].join('\n') }),
    }));
    // An error beside a report that passed has no case of its own.
    const isExplained = result.verdict === run.report.verdict;
    const cases = isExplained ? own : [...own, verdictCase(result)];
    return { ...built, name: `ecran-noir ${result.key}`, cases };
  };

const unplayed = (result: SuiteResult): JunitSuite => ({
  name: `ecran-noir ${result.key}`,
  properties: [
    ['verdict', result.verdict],
    ['file', result.file],
  ],
  cases: [verdictCase(result)],
});

const verdictCase = ({ key, verdict, attempts }: SuiteResult) => ({
  className: `${key}.verdict`,
  name: 'the scenario is played',
  outcome: caseOutcome(verdict, attempts.at(-1)?.reasons[0] ?? `the verdict is ${verdict}`),
  output: attempts.flatMap(({ reasons }) => reasons).join('\n'),
});

/** Lists what was not played and what does not fit together; nothing where all is well. */
function suiteItself({ verdict, leftOut, findings }: Suite): JunitSuite[] {
  const left = leftOut.map(({ key, reason }) =>
    oneCase(key, 'the scenario is played', 'inconclusive', reason),
  );
  const found = [...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, group]) =>
    oneCase('suite', rule, findWorst(group), group.map(({ text }) => text).join('; ')),
  );
  const cases = [...left, ...found];
  return cases.length === 0
    ? []
    : [{ name: 'ecran-noir suite', properties: [['verdict', verdict]], cases }];
}

const oneCase = (className: string, name: string, verdict: Verdict, text: string) => ({
  className,
  name,
  outcome: caseOutcome(verdict, text),
});

const findWorst = (group: readonly Finding[]): Verdict =>
  (['fail', 'inconclusive', 'pass'] as const).find((verdict) =>
    group.some((one) => one.verdict === verdict),
  ) ?? 'pass';
