// Black screen of every design on one scale: the mean, every repeat, and where the mean lies with
// 95 % confidence. Intervals that do not touch are what to look for.

import type { Compared, Comparison, Estimate } from '../../harness/model/comparison.ts';
import { formatMs } from '../duration.ts';
import { html, type Markup } from '../html/markup.ts';
import { ticks } from '../html/scale.ts';
import { formatEstimate } from './rows.ts';

const WIDTH = 1240;
const PLOT = { left: 240, width: 860 };
const ROW = 18;
const GAP = 16;
const TOP = 8;
const TICKS = 8;

const SHOWN: readonly { metric: Compared; label: string }[] = [
  { metric: 'blackScreenP50', label: 'p50' },
  { metric: 'blackScreenP95', label: 'p95' },
  { metric: 'blackScreenMax', label: 'max' },
];

export function comparisonChart({ designs }: Comparison): Markup {
  const all = designs.flatMap(({ estimates }) => SHOWN.map(({ metric }) => estimates[metric]));
  const told = all.filter((estimate) => estimate !== undefined);
  const topMs = Math.max(1000, ...told.flatMap(({ values, high }) => [...values, high ?? 0]));
  const x = (ms: number) =>
    round(PLOT.left + (Math.min(Math.max(ms, 0), topMs) / topMs) * PLOT.width);
  const group = SHOWN.length * ROW + GAP;
  const bottom = TOP + designs.length * group;
  const rows = designs.map(
    ({ design, estimates }, i) =>
      html`<text class="t-head" x="4" y="${TOP + i * group + 14}">${shortened(design)}</text
        >${SHOWN.map((one, j) => estimateRow(one, estimates[one.metric], TOP + i * group + j * ROW, x))}`,
  );
  return html`<svg
    class="timeline"
    viewBox="0 0 ${WIDTH} ${bottom + 24}"
    role="img"
    aria-label="Black screen of every design with confidence intervals. The table below holds the same figures."
  >
    ${axis(topMs, x, bottom)}${rows}
  </svg>`;
}

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

const LABEL_MAX = 28;
const shortened = (label: string): string =>
  label.length <= LABEL_MAX ? label : `${label.slice(0, LABEL_MAX - 1)}…`;

const axis = (topMs: number, x: (ms: number) => number, bottom: number): Markup[] =>
  ticks(0, topMs, TICKS).map(
    (ms) =>
      html`<line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="0" y2="${bottom}" /><text
          class="t-soft t-mid"
          x="${x(ms)}"
          y="${bottom + 16}"
          >${formatMs(ms)}</text
        >`,
  );

function estimateRow(
  { metric, label }: (typeof SHOWN)[number],
  estimate: Estimate | undefined,
  y: number,
  x: (ms: number) => number,
): Markup {
  const head = html`<text class="t-soft t-end" x="${PLOT.left - 10}" y="${y + 14}">${label}</text>`;
  if (!estimate)
    return html`${head}<text class="t-soft" x="${PLOT.left + 4}" y="${y + 14}"
        >not established</text
      >`;
  const { mean, low, high, values } = estimate;
  const says = formatEstimate(metric, estimate);
  const middle = y + 10;
  const interval =
    low === undefined || high === undefined
      ? undefined
      : html`<rect
          class="interval"
          x="${x(low)}"
          y="${middle - 5}"
          width="${Math.max(1, round(x(high) - x(low)))}"
          height="10"
          rx="3"
        />`;
  const repeats = values.map(
    (ms) => html`<circle class="repeat" cx="${x(ms)}" cy="${middle}" r="2.5" />`,
  );
  return html`${head}<g
      ><title>${label}: ${says}</title>${interval}${repeats}<line
        class="mean"
        x1="${x(mean)}"
        x2="${x(mean)}"
        y1="${middle - 7}"
        y2="${middle + 7}" /></g
    ><text class="t-num" x="${WIDTH - 30}" y="${y + 14}">${says}</text>`;
}
