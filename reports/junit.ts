// junit.xml: one suite a run, one case an expectation and a finding. The suite is green exactly
// when the verdict is pass. `inconclusive` is an <error>: CI systems show <skipped> as harmless.

import imported, { type Builder, type TestCase } from 'junit-report-builder';
import type { Report, Verdict } from '../harness/model/report.ts';
import { replayCommand } from './replay.ts';
import { describeRun } from './sentence.ts';

/** The package exports the builder itself; its types speak of a default inside it. */
const builder = imported as unknown as Builder;

/** What a JUnit document is made of, whatever the cases are about. */
export interface JunitSuite {
  readonly name: string;
  /** ISO 8601; left out when the suite belongs to no instant. */
  readonly startedAt?: string;
  readonly seconds?: number;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly JunitCase[];
}

export interface JunitCase {
  readonly className: string;
  readonly name: string;
  readonly outcome: JunitOutcome;
  /** Shown beside the case whatever its outcome. */
  readonly output?: string;
}

export type JunitOutcome =
  | { readonly is: 'pass' }
  | { readonly is: 'failure'; readonly message: string }
  | { readonly is: 'error'; readonly type: string; readonly message: string };

export const renderJunit = (report: Report): string => renderJunitSuite(suiteOf(report));

export function renderJunitSuite(suite: JunitSuite): string {
  const document: Builder = builder.newBuilder();
  const element = document.testSuite().name(xmlText(suite.name));
  if (suite.startedAt) element.timestamp(xmlText(suite.startedAt));
  if (suite.seconds !== undefined) element.time(suite.seconds);
  for (const [name, value] of suite.properties) element.property(name, xmlText(value));
  for (const each of suite.cases) {
    const testCase = element.testCase().className(xmlText(each.className)).name(xmlText(each.name));
    settle(testCase, each.outcome);
    if (each.output) testCase.standardOutput(xmlText(each.output));
  }
  return document.build();
}

function settle(testCase: TestCase, outcome: JunitOutcome): void {
  switch (outcome.is) {
    case 'pass':
      return;
    case 'failure':
      testCase.failure(xmlText(outcome.message), 'expectation');
      return;
    case 'error':
      testCase.error(xmlText(outcome.message), outcome.type);
      return;
  }
}

/** Characters XML 1.0 cannot carry, not even escaped; a CI system drops the whole file for one. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const xmlText = (text: string): string => text.replace(NOT_XML, '?');

const outcomeOf = (verdict: Verdict, message: string): JunitOutcome => {
  switch (verdict) {
    case 'pass':
      return { is: 'pass' };
    case 'fail':
      return { is: 'failure', message };
    case 'inconclusive':
      return { is: 'error', type: 'inconclusive', message };
  }
};

function suiteOf(report: Report): JunitSuite {
  const { run } = report;
  const cases = [ended(report), ...expectations(report), ...findings(report)];
  return {
    name: `ecran-noir ${run.scenario}`,
    startedAt: run.startedAt,
    seconds: run.endedAtMs / 1000,
    properties: properties(report),
    cases: [...cases, ...unexplained(report, cases)],
  };
}

function ended({ run }: Report): JunitCase {
  const message = `${run.ended}${run.endedDetail ? `: ${run.endedDetail}` : ''}`;
  return {
    className: `${run.scenario}.run`,
    name: 'the run goes to its end',
    outcome: run.ended === 'complete' ? { is: 'pass' } : { is: 'error', type: run.ended, message },
  };
}

const expectations = ({ run, expectations: list }: Report): JunitCase[] =>
  list.map(({ text, verdict, observed, reason }) => ({
    className: `${run.scenario}.expectation`,
    name: text,
    outcome: outcomeOf(verdict, `observed ${observed}${reason ? ` (${reason})` : ''}`),
    output: `observed ${observed}`,
  }));

const findings = ({ run, findings: list }: Report): JunitCase[] =>
  list.map(({ rule, verdict, text, hint }) => ({
    className: `${run.scenario}.finding.${rule}`,
    name: text,
    outcome: outcomeOf(verdict, hint ? `${text} Hint: ${hint}` : text),
    ...(hint ? { output: hint } : {}),
  }));

/** A verdict no case accounts for must not leave the suite green. */
function unexplained(report: Report, cases: readonly JunitCase[]): JunitCase[] {
  if (report.verdict === 'pass' || cases.some(({ outcome }) => outcome.is !== 'pass')) return [];
  return [
    {
      className: `${report.run.scenario}.verdict`,
      name: 'the verdict is pass',
      outcome: outcomeOf(report.verdict, `the verdict is ${report.verdict}`),
    },
  ];
}

function properties(report: Report): [string, string][] {
  const { run, audience } = report;
  const { blackScreenMs: black } = audience;
  const replay = replayCommand(report);
  return [
    ['verdict', report.verdict],
    ['summary', describeRun(report)],
    ['run', run.id],
    ['engine', run.engine],
    ['runtime', run.environment.runtime],
    ['runtime_reason', run.environment.runtimeReason],
    ['toxiproxy', run.environment.toxiproxy],
    ['seed', String(run.seed)],
    ['compress', String(run.compress)],
    ['cut_ms', String(report.cutMs)],
    ['viewers', String(audience.viewers)],
    ['viewers_interrupted', String(audience.interrupted)],
    ['viewers_recovered', String(audience.recovered)],
    ['black_screen_ms_p50', String(black.p50)],
    ['black_screen_ms_p95', String(black.p95)],
    ['black_screen_ms_max', String(black.max)],
    ...(replay ? ([['replay', replay]] as [string, string][]) : []),
  ];
}
