// Runs over time: a table with trends, JSON, and gauges for Prometheus.

import type { Figure } from '../harness/model/report.ts';
import type { Series, Trend } from '../harness/model/series.ts';
import { drawTable } from './borderless.ts';
import { formatMeasure, MEASURES } from './compare/rows.ts';
import { formatRange, NOTHING } from './duration.ts';
import { writeJson } from './json.ts';
import { VERDICT_MEANING } from './legend.ts';
import {
  labelled,
  makeGauge,
  verdictSamples,
  writeGauges,
  type Gauge,
  type Labels,
} from './openmetrics.ts';
import { inert, paintFor, type Terminal } from './terminal.ts';
import { wrapped } from './wrap.ts';

/** Versioned: scripts read it. */
const HISTORY_VERSION = 1;
/** The newest verdicts and values that a row shows. */
const SHOWN = 20;

export const renderHistoryJson = (series: readonly Series[]): string =>
  writeJson({ version: HISTORY_VERSION, series }, ['version']);

/** One row a series with its first figure, or one a figure where a single series is asked for. */
export function renderHistory(series: readonly Series[], terminal: Terminal): string {
  const paint = paintFor(terminal);
  const all = series.length === 1;
  const rows = series.flatMap((one) => {
    const figures: readonly (Trend | undefined)[] = all ? one.figures : [one.figures[0]];
    const shown = figures.length > 0 ? figures : [undefined];
    return shown.map((trend, n) => [
      n === 0 ? paint.bold(inert(one.name)) : '',
      n === 0 ? String(one.runs.length) : '',
      n === 0 ? verdictStrip(one) : '',
      ...(trend ? trendCells(trend) : [NOTHING, NOTHING, NOTHING, '', '']),
    ]);
  });
  const heads = ['series', 'runs', 'verdicts', 'figure', 'last', 'median', 'trend', ''];
  const numbers = ['runs', 'last', 'median'];
  const table = drawTable(
    [heads.map(paint.dim), ...rows],
    (at) => !numbers.includes(heads[at] ?? ''),
  );
  const notes = series
    .flatMap(seriesNotes)
    .flatMap((text) => wrapped(inert(text), terminal.columns));
  return [table, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** The verdicts of the newest runs, a mark each. */
export const verdictStrip = ({ runs }: Series): string =>
  runs
    .slice(-SHOWN)
    .map(({ verdict }) => VERDICT_MEANING[verdict].mark)
    .join('');

function trendCells({ metric, last, median, values, noisy }: Trend): string[] {
  const print = (value = 0) => formatMeasure(metric, value);
  return [
    nameFigure(metric),
    formatRange(last, print),
    print(median),
    sparkline(values.slice(-SHOWN)),
    noisy ? 'noisy' : '',
  ];
}

export const nameFigure = (metric: Trend['metric']): string =>
  MEASURES.find((one) => one.metric === metric)?.head ?? metric;

const BARS = '▁▂▃▄▅▆▇█';

/** From zero, so that a small difference looks small. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values);
  return values
    .map(
      (value) => BARS[most <= 0 ? 0 : Math.round((Math.max(value, 0) / most) * (BARS.length - 1))],
    )
    .join('');
}

/** Flaky series, noisy figures, and figures that have a new level. */
export function seriesNotes({ name, runs, flaky, figures }: Series): string[] {
  const last = runs.slice(-SHOWN);
  const inconclusive = last.filter(({ verdict }) => verdict === 'inconclusive').length;
  const share = `${inconclusive} of the last ${last.length} runs ${inconclusive === 1 ? 'proves' : 'prove'}`;
  return [
    ...(flaky ? [`flaky: ${name} passes and fails by turns`] : []),
    ...(inconclusive * 2 > last.length
      ? [`${name}: ${last.length === 1 ? 'its only run proves' : share} nothing`]
      : []),
    ...figures.flatMap(({ metric, spread, median, noisy, change }) => {
      const print = (value: number) => formatMeasure(metric, value);
      return [
        ...(noisy
          ? [
              `noisy: ${nameFigure(metric)} of ${name} is ${print(median)}, give or take ${print(spread)}`,
            ]
          : []),
        ...(change
          ? [
              `changed: ${nameFigure(metric)} of ${name} went from ${print(change.before)} to ${print(change.after)} at ${change.at.startedAt.slice(0, 16)} (${change.at.dir}${change.at.commit === undefined ? '' : `, commit ${change.at.commit.slice(0, 12)}`})`,
            ]
          : []),
      ];
    }),
  ];
}

/** The newest run of each series; an inconclusive one has no figures. */
export function renderHistoryOpenMetrics(series: readonly Series[]): string {
  const last = series.flatMap(({ runs, flaky }) => {
    const run = runs.at(-1);
    return run ? [{ run, flaky, count: runs.length }] : [];
  });
  const gauge = (
    unit: Figure['unit'],
    name: string,
    help: string,
    samplesOf: (one: (typeof last)[number]) => Gauge['samples'],
  ): Gauge => {
    const samples = last.flatMap((one) => labelled(makeLabels(one.run), samplesOf(one)));
    return makeGauge(unit, `series_${name}`, help, samples);
  };
  return writeGauges(
    [
      gauge('count', 'runs', 'Runs that are known.', ({ count }) => [[{}, count]]),
      gauge('count', 'flaky', '1 where verdicts turn over, else 0.', ({ flaky }) => [
        [{}, flaky ? 1 : 0],
      ]),
      gauge(
        'count',
        'verdict',
        '1 for the verdict of the newest run, 0 for the others.',
        ({ run }) => verdictSamples(run.verdict),
      ),
      gauge('time', 'started_timestamp', 'When the newest run started, Unix time.', ({ run }) => [
        [{}, Date.parse(run.startedAt) / 1000],
      ]),
      gauge(
        'time',
        'figure',
        'Figures of the newest run; high is what unmeasured time leaves possible.',
        ({ run }) => timeSamples(run),
      ),
      gauge(
        'ratio',
        'not_recovered',
        'Share of viewers who never came back in the newest run.',
        ({ run }) => (run.figures.notRecovered ? [[{}, run.figures.notRecovered.low]] : []),
      ),
    ],
    {},
  );
}

const timeSamples = ({ figures }: Series['runs'][number]): Gauge['samples'] =>
  MEASURES.filter(({ metric }) => metric !== 'notRecovered').flatMap(({ metric }) =>
    (['low', 'high'] as const).flatMap((end) => {
      const range = figures[metric];
      return range ? [[{ figure: metric, end }, range[end] / 1000] as const] : [];
    }),
  );

const makeLabels = ({
  scenario,
  variant = '',
  design,
  engine,
  compress,
  viewers,
}: Series['runs'][number]): Labels => ({
  scenario,
  variant,
  design,
  engine,
  compress: String(compress),
  viewers: String(viewers),
});
