// The top of the page: the verdict, what happened in words, and the three numbers that matter.

import type { Report, Summary } from '../../harness/model/report.ts';
import { formatMs, shownMs, formatRatio, formatShare } from '../duration.ts';
import { VERDICT_MEANING, verdictWords } from '../legend.ts';
import { compressionNote, describeRun } from '../sentence.ts';
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

function figures({ audience, verdict }: Report): Markup {
  const { blackScreenMs: black } = audience;
  const figure = (name: string, ms: number) =>
    html`<div class="figure">
      <span class="soft">${name}</span><b>${black.count === 0 ? '–' : formatMs(ms)}</b>
    </div>`;
  const doubtful = verdict === 'inconclusive';
  return html`<div class="figures${doubtful ? ' doubtful' : ''}">
      ${figure('Black screen per viewer, median (p50)', black.p50)}
      ${figure('p95: nineteen viewers of twenty see no more', black.p95)}
      ${figure('Worst viewer (max)', black.max)}
    </div>
    ${doubtful ? html`<p class="note">Not established: the findings say what is missing.</p>` : undefined}`;
}

function facts(report: Report): Markup {
  const { audience, cutMs } = report;
  const { viewers, interrupted, recovered } = audience;
  const { compress } = report.run;
  const standing = compress === 1 ? '' : `, standing for ${formatMs(shownMs(cutMs) * compress)}`;
  const median = (summary: Summary | undefined, print: (value: number | undefined) => string) =>
    print(summary?.p50);
  const list: [string, string][] = [
    [
      'Viewers who lost the programme',
      `${interrupted} of ${viewers} (${formatShare(interrupted, viewers)})`,
    ],
    ['Have it at the end', `${recovered} of ${viewers} (${formatShare(recovered, viewers)})`],
    ['Cut in force', `${formatMs(cutMs)}${standing}`],
    ['Back after the heal, median', median(audience.timeToRecoverMs, formatMs)],
    ['Black screen / cut, median', median(audience.amplification, formatRatio)],
    ['With slate, median', median(audience.programmeLossMs, formatMs)],
    ['Latency, median', median(audience.latencyMs, formatMs)],
    ['Viewer-minutes of black', audience.viewerMinutesBlack.toFixed(1)],
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
