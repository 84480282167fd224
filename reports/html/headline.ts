// The top of the page: the verdict, what happened in words, and the three numbers that matter.

import type { Report, Summary } from '../../harness/model/report.ts';
import {
  counted,
  formatMs,
  formatRange,
  formatRatio,
  formatShare,
  formatStatistic,
  NOTHING,
  shownMs,
} from '../duration.ts';
import { figureRows } from '../figures.ts';
import { VERDICT_MEANING, verdictWords } from '../legend.ts';
import { askedAtEnd, shareBack } from '../recovery.ts';
import { compressionNote, describeRun, marginText } from '../sentence.ts';
import { html, type Markup } from './markup.ts';

export function headline(report: Report): Markup {
  const { verdict, run } = report;
  const { word, says } = verdictWords(verdict, run.kind);
  const note = compressionNote(report);
  return html`<section class="card hero ${verdict}">
    <p>
      <span class="chip">${VERDICT_MEANING[verdict].mark} ${word}</span>
      <span class="soft">${says}</span>
    </p>
    <h1>${run.title}</h1>
    <p class="lead">${describeRun(report)}</p>
    ${figures(report)} ${facts(report)}
    ${note ? html`<p class="note" style="margin-top:16px">${note}</p>` : undefined}
  </section> `;
}

function figures(report: Report): Markup {
  const { audience, verdict } = report;
  const { blackScreenMs: black, atMost } = audience;
  const figure = (name: string, stat: 'p50' | 'p95' | 'max') => {
    return html`<div class="figure">
      <span class="soft">${name}</span
      ><b>${black.count === 0 ? NOTHING : formatStatistic([black, atMost.blackScreenMs], stat)}</b>
    </div>`;
  };
  const doubtful = verdict === 'inconclusive';
  return html`<div class="figures${doubtful ? ' doubtful' : ''}">
      ${figure('Black screen per viewer, median (p50)', 'p50')}
      ${figure(`p95 of ${counted(black.count, 'viewer')}`, 'p95')}
      ${figure('Worst viewer (max)', 'max')}
    </div>
    <p class="small soft">${marginText(report)}</p>
    ${doubtful ? html`<p class="note">Not established: the findings say what is missing.</p>` : undefined}`;
}

function facts(report: Report): Markup {
  const { audience, cutMs } = report;
  const { viewers, interrupted, recovered } = audience;
  const { compress } = report.run;
  const standing = compress === 1 ? '' : `, standing for ${formatMs(shownMs(cutMs) * compress)}`;
  const { atMost } = audience;
  const median = (low: Summary | undefined, high: Summary | undefined, print = formatMs) =>
    low ? formatStatistic([low, high], 'p50', print) : NOTHING;
  const list: [string, string][] = [
    [
      'Viewers who lost the programme',
      `${interrupted} of ${viewers} (${formatShare(interrupted, viewers)})`,
    ],
    ['Have it at the end', `${recovered} of ${askedAtEnd(audience)} ${shareBack(audience)}`],
    ['Cut in force', `${formatMs(cutMs)}${standing}`],
    ['Back after the heal, median', median(audience.timeToRecoverMs, atMost.timeToRecoverMs)],
    [
      'Black screen / cut, median',
      median(audience.amplification, atMost.amplification, formatRatio),
    ],
    ['With slate and silence, median', median(audience.programmeLossMs, atMost.programmeLossMs)],
    ['Latency, median', median(audience.latencyMs, undefined)],
    ...figureRows(report).map(({ head, low, high, print }): [string, string] => [
      `${head}, median`,
      median(low, high, print),
    ]),
    ['Viewer-minutes of black', blackMinutes(audience)],
  ];
  return html`<dl class="facts">
    ${list.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Summed over viewers. */
export const blackMinutes = ({ viewerMinutesBlack: low, atMost }: Report['audience']): string =>
  formatRange({ low, high: atMost.viewerMinutesBlack }, (minutes) => (minutes ?? 0).toFixed(1));
