// index.html of a suite: every run on one self-contained page, with links to their own.

import type { Suite } from '../../harness/model/suite.ts';
import { chip } from '../html/evidence.ts';
import { html, type Markup } from '../html/markup.ts';
import { card, renderPage, table } from '../html/page.ts';
import { VERDICT_MEANING } from '../legend.ts';
import { describeSuite, SUITE_HEADS, suiteNotes, suiteRows, tally, type SuiteRow } from './rows.ts';

export function renderSuiteHtml(suite: Suite): string {
  const rows = suiteRows(suite);
  const sections = [
    head(suite),
    rows.length > 0 ? runsCard(rows) : undefined,
    listCard(
      'Left out',
      suite.leftOut.map(({ key, reason }) => html`<strong>${key}</strong>: ${reason}`),
    ),
    listCard(
      'The suite itself',
      suite.findings.map(
        ({ verdict, rule, text }) => html`${chip(verdict)} <code>${rule}</code> ${text}`,
      ),
    ),
  ];
  return renderPage({
    title: `${suite.verdict}: ${tally(suite)}`,
    masthead: `suite of ${suite.planned.length}`,
    body: sections.filter((section) => section !== undefined),
    footer:
      'Made by Écran noir. Fail before inconclusive before pass; what was not played is inconclusive.',
  });
}

const head = (suite: Suite): Markup =>
  html`<section class="card hero ${suite.verdict}">
    <p>
      <span class="chip"
        >${VERDICT_MEANING[suite.verdict].mark} ${suite.verdict.toUpperCase()}</span
      >
    </p>
    <h1>${tally(suite)}</h1>
    <p class="lead">${describeSuite(suite)}</p>
    ${suiteNotes(suite).map((note) => html`<p class="note">${note}</p>`)}
  </section>`;

function runsCard(rows: readonly SuiteRow[]): Markup {
  const columns = SUITE_HEADS.map((name, at) => ({ head: name, number: at > 1 }));
  const caption = 'Every scenario with its last attempt; what is not well comes first.';
  return card('Runs', [table({ caption, columns, rows: rows.map(row) })], true);
}

const row = ({ result, cells, notes, page }: SuiteRow): (Markup | string)[] => [
  html`${page === undefined ? result.key : html`<a href="${page}">${result.key}</a>`}<span
      class="hint"
      >${result.title}</span
    >${notes.map((note) => html`<span class="hint">${note}</span>`)}`,
  chip(result.verdict),
  ...cells,
];

const listCard = (heading: string, items: readonly Markup[]): Markup | undefined =>
  items.length === 0
    ? undefined
    : card(heading, [
        html`<ul class="list">
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`,
      ]);
