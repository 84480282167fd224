// A page of runs over time: each series with its verdicts, and a chart of every figure with the runs
// linked from it. Links fit a page that lies in the folder of the runs.

import type { IndexedRun } from '../harness/model/indexedRun.ts';
import { LOOKED_AT, type Series, type Trend } from '../harness/model/series.ts';
import { MEASURES, formatMeasure } from './compare/rows.ts';
import { counted, formatRange, NOTHING } from './duration.ts';
import { nameFigure, seriesNotes, verdictStrip } from './history.ts';
import { chip } from './html/evidence.ts';
import { html, type Markup } from './html/markup.ts';
import { card, columnsFor, renderPage, table } from './html/page.ts';
import { ticks } from './html/scale.ts';

export function renderTrends(series: readonly Series[]): string {
  const runs = series.reduce((sum, one) => sum + one.runs.length, 0);
  const title = `${counted(series.length, 'series', 'series')}, ${counted(runs, 'run')}`;
  return renderPage({
    title: `Écran noir over time: ${title}`,
    masthead: 'over time',
    body: [overview(title, series), ...series.map(seriesCard)],
    footer: 'Made by Écran noir. A run that proves nothing has a verdict and no figures.',
  });
}

const anchor = (index: number): string => `series-${index + 1}`;

function overview(title: string, series: readonly Series[]): Markup {
  const columns = columnsFor('series', 'newest', 'verdicts', 'figure', ['last', 'median']);
  const rows = series.map((one, i) => [
    html`<a href="#${anchor(i)}">${one.name}</a>`,
    html`${one.runs.slice(-1).map(({ verdict }) => chip(verdict))}`,
    verdictStrip(one),
    ...lastCells(one.figures[0]),
  ]);
  return card(title, [table({ caption: 'The newest run of each series.', columns, rows })], true);
}

function lastCells(trend: Trend | undefined): string[] {
  if (!trend) return [NOTHING, NOTHING, NOTHING];
  const print = (value = 0) => formatMeasure(trend.metric, value);
  return [nameFigure(trend.metric), formatRange(trend.last, print), print(trend.median)];
}

function seriesCard(series: Series, index: number): Markup {
  const { name, runs, figures } = series;
  const notes = seriesNotes(series).map((note) => html`<p class="note">${note}</p>`);
  const charts = figures.map((trend) => trendChart(trend, runs));
  return html`<div id="${anchor(index)}">
    ${card(name, [html`<p>${verdictStrip(series)}</p>`, ...notes, ...charts], true)}
  </div>`;
}

const WIDTH = 900;
const HEIGHT = 110;
const LEFT = 90;
const RIGHT = 16;
const TOP = 8;
const TICKS = 4;

/** Dots are runs in their order; a line joins what unmeasured time leaves possible. */
function trendChart(trend: Trend, all: readonly IndexedRun[]): Markup {
  const { metric, change } = trend;
  const runs = all.slice(-LOOKED_AT).filter(({ figures }) => figures[metric]);
  const most = Math.max(...runs.map(({ figures }) => figures[metric]?.high ?? 0));
  const top = most > 0 ? most : 1;
  const step = (WIDTH - LEFT - RIGHT) / runs.length;
  const x = (at: number) => Math.round(LEFT + (at + 0.5) * step);
  const y = (value: number) => Math.round(TOP + HEIGHT - (value / top) * HEIGHT);
  const print = (value: number) => formatMeasure(metric, value);
  const means = MEASURES.find((one) => one.metric === metric)?.means ?? metric;
  const changed = change ? runs.indexOf(change.at) : -1;
  return html`<figure>
    <figcaption>
      <strong>${nameFigure(metric)}</strong> <span class="soft">${means}</span>
    </figcaption>
    <div class="scroll">
      <svg
        class="timeline"
        viewBox="0 0 ${WIDTH} ${TOP + HEIGHT + 24}"
        role="img"
        aria-label="${nameFigure(metric)} of ${runs.length} runs"
      >
        ${(metric === 'notRecovered' ? [0, top] : ticks(0, top, TICKS)).map(
          (value) =>
            html`<line
                class="grid"
                x1="${LEFT}"
                x2="${WIDTH - RIGHT}"
                y1="${y(value)}"
                y2="${y(value)}"
              />
              <text class="t-soft t-end" x="${LEFT - 8}" y="${y(value) + 4}"
                >${print(value)}</text
              >`,
        )}
        ${changed > 0 ? html`<line class="edge" x1="${x(changed - 0.5)}" x2="${x(changed - 0.5)}" y1="${TOP}" y2="${TOP + HEIGHT}"><title>a new level begins</title></line>` : undefined}
        ${runs.map((run, at) => runMark(run, metric, x(at), y))} ${endLabels(runs, x)}
      </svg>
    </div>
  </figure>`;
}

function runMark(
  { dir, startedAt, verdict, figures }: IndexedRun,
  metric: Trend['metric'],
  x: number,
  y: (value: number) => number,
): Markup {
  const { low, high } = figures[metric] ?? { low: 0, high: 0 };
  const says = formatRange({ low, high }, (value = 0) => formatMeasure(metric, value));
  return html`<a href="${dir.split('/').map(encodeURIComponent).join('/')}/report.html"
    ><title>${startedAt.slice(0, 16)} ${verdict}: ${says}</title
    ><line class="range" x1="${x}" x2="${x}" y1="${y(low)}" y2="${y(high)}" /><circle
      class="run ${verdict}"
      cx="${x}"
      cy="${y(low)}"
      r="4"
  /></a>`;
}

const endLabels = (runs: readonly IndexedRun[], x: (at: number) => number): Markup[] =>
  [...new Set([0, runs.length - 1])].map((at) => {
    const day = runs[at]?.startedAt.slice(0, 10);
    const side = at === 0 ? '' : 't-end';
    return html`<text class="t-soft ${side}" x="${x(at)}" y="${TOP + HEIGHT + 18}">${day}</text>`;
  });
