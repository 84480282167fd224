// junit.xml: one suite a run, one case an expectation and a rule with findings. Names carry no
// figures, so that a CI system knows a case again the next night; figures are in its output. The
// suite is green exactly when the verdict is pass. `inconclusive` is an <error>: CI systems show
// <skipped> as harmless.

import imported, { type Builder, type TestCase } from 'junit-report-builder';
import { rangeOfStatistic } from '../harness/model/range.ts';
import type { Finding, GroupResult, Report, Verdict } from '../harness/model/report.ts';
import { counted, formatAt, formatStatistic, NOT_ESTIMABLE } from './duration.ts';
import { GROUP_HEADS, groupName, groupRows } from './groups.ts';
import type { Assets } from './renderer.ts';
import { errorLines, gaveUpLines } from './playerErrors.ts';
import { replayCommand } from './replay.ts';
import { describeRun, marginText } from './sentence.ts';

/** The package exports the builder itself; its types speak of a default inside it. */
const builder = imported as unknown as Builder;

/** The parts of a JUnit document, whatever the cases are about. */
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
  /** Time of what the case is about; 0 where it is none of its own. */
  readonly seconds?: number;
}

export type JunitOutcome =
  | { readonly is: 'pass' }
  | { readonly is: 'failure'; readonly message: string }
  | { readonly is: 'error'; readonly type: string; readonly message: string };

export const renderJunit = (report: Report, assets: Assets): string =>
  renderJunitSuites([buildSuite(report, assets)]);

export function renderJunitSuites(suites: readonly JunitSuite[]): string {
  const document: Builder = builder.newBuilder();
  for (const suite of suites) addSuite(document, suite);
  // The schema of Jenkins' xUnit plugin lets suites count, but for what was skipped.
  return document.build().replace(/(<testsuites\b[^>]*?) skipped="\d+"/, '$1');
}

function addSuite(document: Builder, suite: JunitSuite): void {
  const element = document.testSuite().name(xmlText(suite.name));
  if (suite.startedAt) element.timestamp(xmlText(suite.startedAt));
  if (suite.seconds !== undefined) element.time(wholeMs(suite.seconds));
  for (const [name, value] of suite.properties) element.property(xmlText(name), xmlText(value));
  for (const each of suite.cases) {
    const testCase = element.testCase().className(xmlText(each.className)).name(xmlText(each.name));
    testCase.time(wholeMs(each.seconds ?? 0));
    settle(testCase, each.outcome);
    if (each.output) testCase.standardOutput(xmlText(each.output));
  }
}

/** The schema of Jenkins' xUnit plugin takes three decimals. */
const wholeMs = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function settle(testCase: TestCase, outcome: JunitOutcome): void {
  if (outcome.is === 'failure') testCase.failure(xmlText(outcome.message), 'expectation');
  if (outcome.is === 'error') testCase.error(xmlText(outcome.message), outcome.type);
}

/** Characters XML 1.0 cannot carry, not even escaped; a CI system drops the whole file for one. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const xmlText = (text: string): string => text.replace(NOT_XML, '?');

export const caseOutcome = (verdict: Verdict, message: string): JunitOutcome =>
  (
    ({
      pass: { is: 'pass' },
      fail: { is: 'failure', message },
      inconclusive: { is: 'error', type: 'inconclusive', message },
    }) as const
  )[verdict];

export function buildSuite(report: Report, assets: Assets): JunitSuite {
  const { run } = report;
  const cases = [ended(report), ...expectations(report), ...findings(report)];
  return {
    name: `ecran-noir ${run.scenario}`,
    startedAt: run.startedAt,
    seconds: run.endedAtMs / 1000,
    properties: properties(report),
    cases: [...cases, ...unexplained(report, cases)].map((each) => withAttachments(each, assets)),
  };
}

const ENDED = 'the run goes to its end';

/** Viewers that are named in the output of a case. */
const GAVE_UP_MAX = 20;

function ended(report: Report): JunitCase {
  const { run } = report;
  const errors = [...errorLines(report), ...gaveUpLines(report, GAVE_UP_MAX)];
  const message = `${run.ended}${run.endedDetail ? `: ${run.endedDetail}` : ''}`;
  const notes = report.findings.filter(({ verdict }) => verdict === 'pass').map(sayFinding);
  return {
    className: `${run.scenario}.run`,
    name: ENDED,
    seconds: run.endedAtMs / 1000,
    outcome: run.ended === 'complete' ? { is: 'pass' } : { is: 'error', type: run.ended, message },
    output: [describeRun(report), ...groupLines(report), ...notes, ...errors].join('\n'),
  };
}

const groupLines = (report: Report): string[] =>
  groupRows(report).map(
    ([name, ...values]) =>
      `group ${name}: ${values.map((value, at) => `${GROUP_HEADS[at + 1]} ${value}`).join('; ')}`,
  );

/**
 * The case of the run, and those that are not well, have the files of the run beside them: GitLab
 * shows the first that a failed case names, so that is a picture of the disruption where there is one.
 */
function withAttachments(each: JunitCase, { images, folder }: Assets): JunitCase {
  if (each.outcome.is === 'pass' && each.name !== ENDED) return each;
  const pictures = Object.keys(images).toSorted((a, b) => fileRank(a) - fileRank(b));
  const lines = [...pictures, 'report.html'].map((file) => `[[ATTACHMENT|${folder}/${file}]]`);
  return {
    ...each,
    output: [each.output ?? '', ...lines].filter((line) => line !== '').join('\n'),
  };
}

const fileRank = (file: string): number => (file.includes('during') ? 0 : 1);

const expectations = (report: Report): JunitCase[] =>
  report.expectations.map(({ text, verdict, observed, reason }) => ({
    className: `${report.run.scenario}.expectation`,
    name: text,
    outcome: caseOutcome(verdict, `observed ${observed}${reason ? ` (${reason})` : ''}`),
    output: [`observed ${observed}`, ...(verdict === 'pass' ? [] : errorLines(report))].join('\n'),
  }));

/** Notes pull nothing down and are no cases. */
function findings({ run, findings: list }: Report): JunitCase[] {
  const judged = list.filter(({ verdict }) => verdict !== 'pass');
  return [...Map.groupBy(judged, ({ rule }) => rule)].map(([rule, group]) => {
    const worst = group.find(({ verdict }) => verdict === 'inconclusive') ?? group[0]!;
    const more = group.length > 1 ? ` (and ${counted(group.length - 1, 'more finding')})` : '';
    return {
      className: `${run.scenario}.finding`,
      name: rule,
      outcome: caseOutcome(worst.verdict, `${worst.text}${more}${hintText(worst)}`),
      output: group.map(sayFinding).join('\n'),
    };
  });
}

const hintText = ({ hint }: Finding): string => (hint ? ` Hint: ${hint}` : '');

const sayFinding = (finding: Finding): string =>
  `${finding.rule}${finding.atMs === undefined ? '' : ` at ${formatAt(finding.atMs)}`}: ${finding.text}${hintText(finding)}`;

/** A verdict no case accounts for must not leave the suite green. */
function unexplained(report: Report, cases: readonly JunitCase[]): JunitCase[] {
  if (report.verdict === 'pass' || cases.some(({ outcome }) => outcome.is !== 'pass')) return [];
  return [
    {
      className: `${report.run.scenario}.verdict`,
      name: 'the verdict is pass',
      outcome: caseOutcome(report.verdict, `the verdict is ${report.verdict}`),
    },
  ];
}

const STATISTICS = ['p50', 'p95', 'max'] as const;

function properties(report: Report): [string, string][] {
  const { run, audience, groups = [] } = report;
  const replay = replayCommand(report);
  return [
    ['verdict', report.verdict],
    ['summary', describeRun(report)],
    ['run', run.id],
    ['file', run.file],
    ['engine', run.engine],
    ['runtime', run.environment.runtime],
    ['runtime_reason', run.environment.runtimeReason],
    ['toxiproxy', run.environment.toxiproxy],
    ['seed', String(run.seed)],
    ['compress', String(run.compress)],
    ['cut_ms', String(report.cutMs)],
    ...audienceProperties(audience),
    ...groups.flatMap((group) =>
      groupProperties(group).map(([name, value]): [string, string] => [
        `group.${group.name}.${name}`,
        value,
      ]),
    ),
    ['margin_ms', String(report.margin.ms)],
    ['margin', marginText(report)],
    ...(replay ? ([['replay', replay]] as [string, string][]) : []),
  ];
}

const groupProperties = (group: GroupResult): [string, string][] => [
  ...(group.imitates === undefined ? [] : [['is', groupName(group)] as [string, string]]),
  ...audienceProperties(group.audience),
];

function audienceProperties(audience: Report['audience']): [string, string][] {
  const { blackScreenMs: black, atMost } = audience;
  return [
    ['viewers', String(audience.viewers)],
    ['viewers_interrupted', String(audience.interrupted)],
    ['viewers_recovered', String(audience.recovered)],
    ['viewers_recovery_unknown', String(audience.recoveryUnseen)],
    ...STATISTICS.map((stat): [string, string] => [
      `black_screen_ms_${stat}`,
      String(black[stat] ?? NOT_ESTIMABLE),
    ]),
    ...STATISTICS.flatMap((stat): [string, string][] => [
      [`black_screen_${stat}`, formatStatistic([black, atMost.blackScreenMs], stat)],
      [
        `black_screen_at_most_ms_${stat}`,
        String(rangeOfStatistic(black, atMost.blackScreenMs, stat)?.high ?? NOT_ESTIMABLE),
      ],
    ]),
  ];
}
