// A curve over the width of a card: values in equal steps, from nothing up to the largest.

import { html, type Markup } from './markup.ts';

const WIDTH = 600;
const HEIGHT = 120;

export interface Curve {
  readonly title: string;
  readonly values: readonly number[];
  /** Labels at the left and the right end, and the largest value in words. */
  readonly from: string;
  readonly to: string;
  readonly most: string;
}

export function curve({ title, values, from, to, most }: Curve): Markup {
  const highest = Math.max(1, ...values);
  const points = values.map((value, i) => {
    const x = (i * WIDTH) / Math.max(1, values.length - 1);
    return `${x.toFixed(1)},${(HEIGHT - (value / highest) * HEIGHT).toFixed(1)}`;
  });
  return html`<figure style="margin:12px 0">
    <figcaption>${title}: at most ${most}</figcaption>
    <svg viewBox="-2 -2 ${WIDTH + 4} ${HEIGHT + 20}" role="img" aria-label="${title}">
      <line class="grid" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" />
      <polyline points="${points.join(' ')}" style="fill:none;stroke:var(--ink);stroke-width:1.5" />
      <g style="font-size:9px;fill:var(--soft)">
        <text x="0" y="${HEIGHT + 12}">${from}</text>
        <text x="${WIDTH}" y="${HEIGHT + 12}" text-anchor="end">${to}</text>
      </g>
    </svg>
  </figure>`;
}
