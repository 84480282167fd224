// comparison.html: designs side by side on one self-contained page.

import type { Comparison, Difference } from '../../harness/model/comparison.ts';
import type { Verdict } from '../../harness/model/report.ts';
import { counted, formatRange } from '../duration.ts';
import { chip } from '../html/evidence.ts';
import { html, type Markup } from '../html/markup.ts';
import { card, columnsFor, renderPage, scrolled, table } from '../html/page.ts';
import { compressionText } from '../sentence.ts';
import { comparisonChart } from './chart.ts';
import {
  formatMeasure,
  MEASURES,
  outcomeText,
  designRows,
  STANDING,
  rankDifference,
  type Cell,
  type DesignRow,
  type Standing,
} from './rows.ts';

export function renderComparisonHtml(comparison: Comparison): string {
  const rows = designRows(comparison);
  const sections = [
    head(comparison),
    card('Black screen', [scrolled('Chart', comparisonChart(comparison)), CHART_LEGEND]),
    figuresCard(rows),
    differencesCard(comparison.differences),
    checksCard(rows),
  ];
  return renderPage({
    title: `Designs compared: ${comparison.scenario}`,
    masthead: comparison.scenario,
    body: sections.filter((section) => section !== undefined),
    footer:
      'Made by Écran noir. The same scenario and seed on every design. Runs that prove nothing are left out of every figure.',
  });
}

function head(comparison: Comparison): Markup {
  const { designs, compress, seed, scenario } = comparison;
  const note = compressionText(compress ?? 1);
  const runs = designs.reduce((sum, { verdicts }) => sum + verdicts.length, 0);
  const facts = `${counted(designs.length, 'design')}, ${counted(runs, 'run')}${seed === undefined ? '' : `, seed ${seed}`}`;
  return html`<section class="card hero compared">
    <p class="soft">${facts}</p>
    <h1>Designs compared: ${scenario}</h1>
    <p class="lead">${outcomeText(comparison)}</p>
    ${note ? html`<p class="note">${note}</p>` : undefined}
  </section>`;
}

const CHART_LEGEND = html`<p class="soft small">
  Line: mean over repeats. Bar: where the mean lies with 95 % confidence. Dots: every repeat. A
  design with one run has no bar: nothing tells its noise.
</p>`;

function figuresCard(rows: readonly DesignRow[]): Markup {
  const columns = [
    ...columnsFor('design', 'cost', 'runs'),
    ...MEASURES.map(({ head: name }) => ({ head: name, number: true })),
  ];
  const caption =
    'Mean over repeats with 95 % confidence, held against the first design; less is better.';
  const cells = rows.map((row) => [
    html`${row.design.design}<span class="hint">${row.design.title}</span>`,
    row.cost,
    html`${row.counted} count<br />${tally(row.design.verdicts)}`,
    ...row.cells.map(figure),
  ]);
  const meanings = MEASURES.map(
    ({ head: name, means }) =>
      html`<li><strong>${name}</strong> <span class="soft">${means}</span></li>`,
  );
  const marks = Object.values(STANDING).map(
    ({ mark, says }) => html`<li><strong>${mark}</strong> <span class="soft">${says}</span></li>`,
  );
  return card('Figures', [
    table({ caption, columns, rows: cells }),
    html`<ul class="legend">
      ${marks}${meanings}
    </ul>`,
  ]);
}

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'inconclusive'];

const tally = (verdicts: readonly Verdict[]): Markup[] =>
  VERDICTS.filter((verdict) => verdicts.includes(verdict)).map((verdict) => {
    const count = verdicts.filter((each) => each === verdict).length;
    return html`${chip(verdict, `${count} ${verdict}`)} `;
  });

const figure = ({ value, spread, standing }: Cell): Markup =>
  html`<strong>${value}</strong>
    ${standing ? mark(standing) : ''}${spread ? html`<span class="hint">${spread}</span>` : undefined}`;

const mark = (standing: Standing): Markup =>
  html`<span class="standing ${standing}" title="${STANDING[standing].says}"
    >${STANDING[standing].mark}</span
  >`;

function differencesCard(differences: readonly Difference[]): Markup | undefined {
  if (differences.length === 0) return undefined;
  const columns = columnsFor(
    'between',
    'of',
    ['difference', '95 % confidence'],
    'larger than the noise',
  );
  const rows = differences.map((each) => {
    const { a, b, metric, range, difference, low, high, beyondNoise } = each;
    const interval =
      low === undefined || high === undefined
        ? '–'
        : `${signed(metric, low)} to ${signed(metric, high)}`;
    const between = formatRange(range ?? { low: difference, high: difference }, (value = 0) =>
      signed(metric, value),
    );
    const measure = MEASURES.find((one) => one.metric === metric)?.head ?? metric;
    return [
      `${a} → ${b}`,
      measure,
      html`<strong>${between}</strong>`,
      interval,
      html`${mark(rankDifference(each))} ${beyondNoise}`,
    ];
  });
  const caption = 'Second design minus first: below zero, the second is better.';
  return card(
    'Differences',
    [
      html`<details>
        <summary>${counted(differences.length, 'difference')} between pairs of designs</summary>
        ${table({ caption, columns, rows })}
      </details>`,
    ],
    true,
  );
}

const signed = (metric: Difference['metric'], value: number): string =>
  `${value > 0 ? '+' : ''}${formatMeasure(metric, value)}`;

function checksCard(rows: readonly DesignRow[]): Markup | undefined {
  const found = rows.filter(({ design }) => design.checks.length > 0);
  if (found.length === 0) return undefined;
  const lists = found.map(
    ({ design }) =>
      html`<h3>${design.design}</h3>
        <ul>
          ${design.checks.map((text) => html`<li>${text}</li>`)}
        </ul>`,
  );
  return card('What a check of the designs found', lists);
}
