// Renders the ledger of every viewer, and the interruptions with their parts.

import { readRange } from '../../harness/model/range.ts';
import {
  CLASSES,
  type Interruption,
  type Report,
  type ScreenClass,
  type Span,
  type ViewerResult,
} from '../../harness/model/report.ts';
import {
  counted,
  formatAt,
  formatMs,
  formatRange,
  formatRatio,
  formatShare,
  NOTHING,
} from '../duration.ts';
import { CLASS_MEANING } from '../legend.ts';
import { BORDER_HEADS, borderNote, borderRows } from '../borders.ts';
import { GROUP_HEADS, groupRows } from '../groups.ts';
import { recoversIn } from '../recovery.ts';
import { viewerName } from '../viewerName.ts';
import { blackMinutes } from './headline.ts';
import { NO_ASSETS, type Assets } from '../renderer.ts';
import { actsBehindClick, evidenceBehindClick } from './behindClick.ts';
import { html, type Markup } from './markup.ts';
import { card, columnsFor, table } from './page.ts';
import { swatch } from './swatch.ts';

/** Rows of a table; a page of ten thousand rows helps nobody. The rest is in report.json. */
const ROWS_MAX = 200;

export function groupsCard(report: Report): Markup | undefined {
  const rows = groupRows(report);
  if (rows.length === 0) return undefined;
  const columns = GROUP_HEADS.map((head, i) => ({ head, number: i > 0 }));
  const caption = 'Viewers who watch alike; weights are counted.';
  return card('Groups', [table({ caption, columns, rows })], true);
}

export function bordersCard(report: Report): Markup | undefined {
  const rows = borderRows(report);
  if (rows.length === 0) return undefined;
  const columns = BORDER_HEADS.map((head) => ({ head }));
  return card('Borders', [table({ caption: borderNote(report), columns, rows })], true);
}

export function ledgerCard(report: Report): Markup | undefined {
  const { viewers, audience } = report;
  if (viewers.length === 0) return undefined;
  const used = CLASSES.filter((name) => viewers.some(({ ledger }) => ledger[name] > 0));
  const columns = [
    ...columnsFor('viewer', 'channel', 'share'),
    ...used.map((name) => ({ head: CLASS_MEANING[name].label, number: true })),
    ...columnsFor(['session', 'black screen', 'recovers in', 'x cut']),
  ];
  const sessionMs = used.reduce((sum, name) => sum + audience.ledger[name], 0);
  const foot = [
    `${counted(audience.viewers, 'viewer')}`,
    '',
    shares(audience.ledger, sessionMs),
    ...used.map((name) => formatMs(audience.ledger[name])),
    formatMs(sessionMs),
    `${blackMinutes(audience)} min`,
    '',
    '',
  ];
  const caption =
    'Every moment from joining to leaving is in exactly one class; the classes add up to the session. The control is not in the sum.';
  const rows = worstViewers(viewers).map((viewer) => ledgerRow(viewer, used));
  return card('Ledger', [table({ caption, columns, rows, foot }), rest(viewers.length)], true);
}

const worstViewers = (viewers: readonly ViewerResult[]): readonly ViewerResult[] =>
  viewers.length <= ROWS_MAX
    ? viewers
    : viewers.toSorted((a, b) => b.programmeLossMs - a.programmeLossMs).slice(0, ROWS_MAX);

const rest = (count: number): Markup | undefined =>
  count > ROWS_MAX
    ? html`<p class="soft">The worst ${ROWS_MAX} of ${count}; all are in report.json.</p>`
    : undefined;

const ledgerRow = (viewer: ViewerResult, used: readonly ScreenClass[]): (Markup | string)[] => [
  viewerName(viewer),
  viewer.channel,
  shares(viewer.ledger, viewer.sessionMs),
  ...used.map((name) => (viewer.ledger[name] === 0 ? NOTHING : formatMs(viewer.ledger[name]))),
  formatMs(viewer.sessionMs),
  html`<strong>${formatRange(readRange(viewer, 'blackScreenMs'))}</strong>`,
  recoversIn(viewer),
  formatRange(readRange(viewer, 'amplification'), formatRatio),
];

const BAR_WIDTH = 120;

function shares(ledger: Readonly<Record<ScreenClass, number>>, totalMs: number): Markup {
  let x = 0;
  const parts = CLASSES.filter((name) => ledger[name] > 0).map((name) => {
    const width = totalMs > 0 ? (BAR_WIDTH * ledger[name]) / totalMs : 0;
    const at = x;
    x += width;
    return html`<g
      ><title>${CLASS_MEANING[name].label}: ${formatShare(ledger[name], totalMs)}</title
      ><rect class="c-${name}" x="${at.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="13"
    /></g>`;
  });
  return html`<svg
    width="${BAR_WIDTH}"
    height="13"
    viewBox="0 0 ${BAR_WIDTH} 13"
    aria-hidden="true"
  >
    ${parts}
  </svg>`;
}

interface ViewerInterruption {
  readonly viewer: ViewerResult;
  readonly interruption: Interruption;
}

export function interruptionsCard(
  { viewers }: Report,
  assets: Assets = NO_ASSETS,
): Markup | undefined {
  const all = viewers.flatMap((viewer) =>
    viewer.interruptions.map((interruption): ViewerInterruption => ({ viewer, interruption })),
  );
  all.sort((a, b) => lengthMs(b) - lengthMs(a));
  if (all.length === 0) return undefined;
  const glitches = all.filter(({ interruption }) => interruption.glitch);
  const real = all.filter(({ interruption }) => !interruption.glitch);
  const short = html`<details>
    <summary>${counted(glitches.length, 'glitch', 'glitches')} shorter than 200 ms</summary>
    ${interruptionTable(glitches, assets)}
  </details>`;
  return card(
    'Interruptions',
    [
      real.length > 0
        ? interruptionTable(real, assets)
        : html`<p>No interruption of 200 ms or more.</p>`,
      glitches.length > 0 ? short : undefined,
    ],
    true,
  );
}

/** The worst stands first: rows beyond the table's limit are the shortest. */
const lengthMs = ({ interruption: { fromMs, toMs } }: ViewerInterruption): number => toMs - fromMs;

const INTERRUPTION_COLUMNS = columnsFor(
  'viewer',
  ['at', 'lasted', 'black screen'],
  'what was on the screen',
  'cause',
  'picture lost first at',
  ['detect', 'outage', 'refill', 'player'],
);

function interruptionTable(found: readonly ViewerInterruption[], assets: Assets): Markup {
  const caption =
    'Detect: fault to first lost picture. Outage: until the heal. Refill: until media is at the edge. Player: until the programme is on the screen. A part that cannot be told is a dash.';
  const rows = found.slice(0, ROWS_MAX).map((one) => interruptionRow(one, assets));
  return html`${table({ caption, columns: INTERRUPTION_COLUMNS, rows })}${rest(found.length)}`;
}

function interruptionRow(
  { viewer, interruption }: ViewerInterruption,
  assets: Assets,
): (Markup | string)[] {
  const { fromMs, toMs, atMost, spans, cause, lostFirstAt, parts, recovered } = interruption;
  const lasted = formatRange({ low: toMs - fromMs, high: atMost.lengthMs });
  const lost = lostFirstAt && `${lostFirstAt.stage} at ${formatAt(lostFirstAt.atMs)}`;
  return [
    viewer.id,
    formatAt(fromMs),
    recovered ? lasted : html`${lasted}, <strong>to the end</strong>`,
    html`<strong>${formatRange(readRange(interruption, 'blackScreenMs'))}</strong>`,
    html`${onScreen(spans)}${actsBehindClick(interruption)}${evidenceBehindClick(viewer.id, interruption, assets)}`,
    cause ?? 'unexplained',
    lost ?? NOTHING,
    formatMs(parts.detectMs),
    formatMs(parts.outageMs),
    formatMs(parts.refillMs),
    formatMs(parts.playerMs),
  ];
}

/** A player in a reload loop can show hundreds of classes in one interruption. */
const SPANS_MAX = 12;

function onScreen(spans: readonly Span[]): Markup {
  const pieces = spans.slice(0, SPANS_MAX).map((span, i) => {
    const text = `${CLASS_MEANING[span.class].label} ${formatMs(span.toMs - span.fromMs)}`;
    return html`${i > 0 ? ' → ' : ''}<span class="piece">${swatch(span.class)} ${text}</span>`;
  });
  const more = spans.length - SPANS_MAX;
  return html`${pieces}${more > 0 ? ` → ${more} more` : ''}`;
}
