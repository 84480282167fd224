// report.html: one self-contained page for people, opened from disk or attached to a ticket.

import type { Report } from '../harness/model/report.ts';
import { cohortsCard } from './html/audience.ts';
import {
  expectationsCard,
  findingsCard,
  proofsCard,
  provenanceCard,
  wallCard,
} from './html/evidence.ts';
import { headline } from './html/headline.ts';
import { html, type Markup } from './html/markup.ts';
import { card, renderPage, scrolled } from './html/page.ts';
import { playerErrorsCard } from './html/playerErrors.ts';
import { legend } from './html/swatch.ts';
import { timeline } from './html/timeline.ts';
import { bordersCard, groupsCard, interruptionsCard, ledgerCard } from './html/viewers.ts';
import { NO_ASSETS, type Assets } from './renderer.ts';

export function renderHtml(report: Report, assets: Assets = NO_ASSETS): string {
  const { run, verdict } = report;
  const sections = [
    headline(report),
    timelineCard(report),
    wallCard(report, assets),
    html`<div class="columns">${expectationsCard(report)}${findingsCard(report)}</div>`,
    cohortsCard(report),
    groupsCard(report),
    bordersCard(report),
    ledgerCard(report),
    interruptionsCard(report, assets),
    playerErrorsCard(report),
    proofsCard(report),
    provenanceCard(report),
  ];
  return renderPage({
    title: `${verdict}: ${run.title}`,
    masthead: `${run.scenario}, ${run.engine === 'simulate' ? 'simulated' : `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`}`,
    body: sections.filter((section) => section !== undefined),
    footer: `Made by Écran noir ${run.harness} from the record of run ${run.id}. Black screen = black + frozen + stalled + dead + starting again: the viewer wants the programme and does not see it.`,
  });
}

function timelineCard(report: Report): Markup {
  const { svg, left } = timeline(report);
  const rest =
    left > 0
      ? html`<p class="soft">
          ${left} more lanes are not drawn; their figures are in report.json.
        </p>`
      : undefined;
  return card('Timeline', [scrolled('Timeline', svg), rest, legend(report)]);
}
