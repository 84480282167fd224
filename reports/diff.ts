// Prints what changed between two runs, on a terminal and as JSON.

import type { Diffed, FigureDiff, RunDiff, ViewerDiff } from '../harness/model/runDiff.ts';
import { drawTable } from './borderless.ts';
import { counted, formatMs, formatRange, NOTHING } from './duration.ts';
import { writeJson } from './json.ts';
import { inert, paintFor, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

const DIFF_VERSION = 1;

export const renderDiffJson = (diff: RunDiff): string =>
  writeJson({ version: DIFF_VERSION, ...diff }, ['version', 'a', 'b', 'doubts']);

const FIGURE_WORDS: Readonly<Record<Diffed, string>> = {
  blackScreen: 'black screen',
  programmeLoss: 'programme loss',
  timeToRecover: 'time to recover',
  latency: 'latency',
};

/** Viewers that a terminal has room for. */
const VIEWERS_MAX = 20;

export function renderDiff(diff: RunDiff, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const { a, b, doubts, expectations, figures } = diff;
  const lines = (texts: readonly string[]) =>
    texts.flatMap((text) => wrapped(inert(text), terminal.columns));
  return [
    ...lines([`A ${a.id}: ${a.verdict}`, `B ${b.id}: ${b.verdict}`]).map(paint.bold),
    ...lines(doubts.map((text) => `! ${text}`)),
    ...figureTable(figures),
    ...(expectations.length === 0 ? [] : ['', paint.dim('expectations that changed')]),
    ...lines(
      expectations.map((one) => `${one.text}: ${one.a ?? 'not asked'} -> ${one.b ?? 'not asked'}`),
    ),
    ...viewerLines(diff),
  ].join('\n');
}

const figureTable = (figures: readonly FigureDiff[]): string[] =>
  figures.length === 0
    ? []
    : [
        '',
        drawTable([
          ['mean per viewer', 'A', 'B', 'B - A', '95 % confidence', ''],
          ...figures.map(figureRow),
        ]),
      ];

function viewerLines({ figures, viewers }: RunDiff): string[] {
  // Cohorts do not tell whether a viewer changed.
  if (viewers.length === 0)
    return figures.length === 0
      ? []
      : ['', 'no viewer changed by more than the margins of both runs'];
  const more = viewers.length - VIEWERS_MAX;
  return [
    '',
    drawTable([
      ['viewer', 'A black', 'B black', 'interruptions', 'back'],
      ...viewers.slice(0, VIEWERS_MAX).map(viewerRow),
    ]),
    ...(more > 0 ? [`and ${counted(more, 'more viewer')}`] : []),
  ];
}

const figureRow = ({ figure, a, b, difference, interval, ...is }: FigureDiff): string[] => [
  FIGURE_WORDS[figure],
  formatMs(a),
  formatMs(b),
  signed(difference),
  interval ? `${signed(interval.low)} to ${signed(interval.high)}` : 'too few viewers',
  is.change === 'unknown' ? 'unknown' : `${is.change}${is.paired ? '' : ', other viewers'}`,
];

const signed = (ms: number): string => `${ms > 0 ? '+' : ''}${formatMs(ms)}`;

const viewerRow = ({ viewer, a, b, interruptions, recovered }: ViewerDiff): string[] => [
  inert(viewer),
  formatRange(a),
  formatRange(b),
  interruptions.join(' -> '),
  recovered.map((one) => (one === undefined ? NOTHING : one ? 'yes' : 'no')).join(' -> '),
];
