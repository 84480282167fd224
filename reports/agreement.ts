// Renders how far simulated players agree with real ones: for a terminal, a page of the documents,
// a board, and a file.

import stringify from 'json-stringify-pretty-compact';
import {
  LOSSES,
  OUTCOMES,
  type AgreementReport,
  type ErrorFigures,
  type PlayerAgreement,
} from '../harness/model/agreement.ts';
import type { Figure } from '../harness/model/report.ts';
import { drawTable } from './borderless.ts';
import { formatMs, NOTHING } from './duration.ts';
import { markdownTable, markdownText } from './markdown.ts';
import { labelled, makeGauge, writeGauges, type Gauge } from './openmetrics.ts';
import { paintFor, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

export const renderAgreementJson = (report: AgreementReport): string =>
  `${stringify(report, { maxLength: 100, indent: 2 })}\n`;

export function renderAgreementConsole(report: AgreementReport, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
    drawTable([heads.map(paint.dim), ...rows]);
  return report.tables
    .flatMap((one) => [
      paint.bold(makeTitle(one)),
      ...wrapped(writeLead(one), terminal.columns),
      '',
      table(ERROR_HEADS, errorRows(one)),
      '',
      table(OUTCOME_HEADS, outcomeRows(one)),
      '',
    ])
    .concat(wrapped(nameSource(report), terminal.columns))
    .join('\n');
}

export function renderAgreementMarkdown(report: AgreementReport): string {
  const inert = (rows: readonly (readonly string[])[]) => rows.map((row) => row.map(markdownText));
  const sections = report.tables.flatMap((one) => [
    `## ${markdownText(makeTitle(one))}`,
    markdownText(writeLead(one)),
    markdownTable(ERROR_HEADS, inert(errorRows(one))),
    'Outcomes, real by row and simulated by column:',
    markdownTable(OUTCOME_HEADS, inert(outcomeRows(one))),
  ]);
  return `${[...sections, markdownText(nameSource(report))].join('\n\n')}\n`;
}

const makeTitle = ({ player, version }: PlayerAgreement): string =>
  `${player} ${version}, simulated and real`;

function writeLead(one: PlayerAgreement): string {
  const { cases, fittedOn, leftOut, equalOutcomes, requests } = one;
  const { holds, marginMs, lowMs, highMs } = one.equivalence;
  const asked = requests
    ? ` The median case makes ${requests.median.toFixed(2)} times the requests, all together ${requests.inAll.toFixed(2)} times.`
    : '';
  return [
    `${cases} cases (${fittedOn} more had constants taken from them, ${leftOut} were not seen well enough): ${percent(equalOutcomes)} of the outcomes are the same.${asked}`,
    `The mean difference in black screen lies between ${signed(lowMs)} and ${signed(highMs)} with 90 % confidence:`,
    `${holds ? '' : 'not '}shown to be equivalent within ${formatMs(marginMs)} (two one-sided tests, 5 %).`,
  ].join(' ');
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const signed = (ms: number): string => `${ms < 0 ? '-' : '+'}${formatMs(Math.abs(ms))}`;

const ERROR_HEADS = ['simulated less real', 'bias', 'mean error', 'worst', 'worst case'];

const listErrors = ({ blackScreen, losses }: PlayerAgreement) => [
  ['black screen', blackScreen] as const,
  ...LOSSES.map((loss) => [loss, losses[loss]] as const),
];

const errorRows = (one: PlayerAgreement): string[][] =>
  listErrors(one).map(([name, { bias, meanAbsolute, worst, worstCase }]) => [
    name,
    signed(bias),
    formatMs(meanAbsolute),
    signed(worst),
    worst === 0 ? NOTHING : worstCase,
  ]);

const OUTCOME_HEADS = ['real \\ simulated', ...OUTCOMES];

const outcomeRows = ({ matrix }: PlayerAgreement): string[][] =>
  OUTCOMES.map((real) => [real, ...OUTCOMES.map((virtual) => String(matrix[real][virtual]))]);

function nameSource({ harness, measuredAt, browsers, tables }: AgreementReport): string {
  const none = tables.length === 0 ? 'No case can be judged. ' : '';
  return `${none}Version ${harness} of this product; real runs of ${measuredAt.slice(0, 10)} in ${browsers.join(', ')}. A case is one viewer at one edge with one fault of one length; the simulation begins in the same phase of a segment as the real run.`;
}

export function renderAgreementMetrics({ harness, tables }: AgreementReport): string {
  const gauge = (
    unit: Figure['unit'],
    name: string,
    help: string,
    samplesOf: (one: PlayerAgreement) => Gauge['samples'],
  ): Gauge => {
    const samples = tables.flatMap((one) =>
      labelled({ player: one.player, version: one.version }, samplesOf(one)),
    );
    return makeGauge(unit, `agreement_${name}`, help, samples);
  };
  const error = (name: string, help: string, pick: (figures: ErrorFigures) => number) =>
    gauge('time', name, `${help}, simulated less real.`, (one) =>
      listErrors(one).map(([loss, figures]) => [{ loss }, pick(figures) / 1000]),
    );
  const equivalent = '1 where the mean black screen is shown to be equivalent within the margin.';
  const gauges = [
    gauge('count', 'cases', 'Cases played by real and by simulated players.', ({ cases }) => [
      [{}, cases],
    ]),
    gauge('ratio', 'outcomes', 'Share of cases with the same outcome.', ({ equalOutcomes }) => [
      [{}, equalOutcomes],
    ]),
    gauge('ratio', 'requests', 'Simulated requests by real ones.', ({ requests }) =>
      requests
        ? [
            [{ of: 'median case' }, requests.median],
            [{ of: 'all' }, requests.inAll],
          ]
        : [],
    ),
    gauge('count', 'equivalent', equivalent, ({ equivalence: { marginMs, holds } }) => [
      [{ margin_seconds: String(marginMs / 1000) }, Number(holds)],
    ]),
    error('bias', 'Mean difference', ({ bias }) => bias),
    error('mean_error', 'Mean size of the difference', ({ meanAbsolute }) => meanAbsolute),
    error('worst', 'Largest difference', ({ worst }) => worst),
  ];
  return writeGauges(gauges, { harness });
}
