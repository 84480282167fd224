// Colours, light and dark, and how every class is drawn. Classes are from the Okabe-Ito set, which
// colour-blind people tell apart; they also differ by pattern and carry their name.

import { html, type Markup } from './markup.ts';

/** Each colour by its name: in the light, and in the dark where it is another there. */
const VARIABLES: readonly (readonly [name: string, light: string, dark?: string])[] = [
  ['page', '#f4f5f7', '#0c0f14'],
  ['card', '#ffffff', '#151a21'],
  ['ink', '#12161c', '#eaeef3'],
  ['soft', '#515b69', '#a3aebb'],
  ['line', '#d9dee5', '#2c343f'],
  ['wash', '#eef1f4', '#1d242d'],
  ['pass', '#00674a', '#6fdcb4'],
  ['pass-wash', '#dff3ec', '#0f3228'],
  ['fail', '#a8231a', '#ff9b8f'],
  ['fail-wash', '#fbe7e4', '#431913'],
  ['inconclusive', '#7a4b00', '#ffd27a'],
  ['inconclusive-wash', '#fdf0d2', '#3b2a07'],
  ['accent', '#0b5ea8', '#7cc0ff'],
  ['programme', '#bfe3d6', '#1d5546'],
  ['programme-ink', '#0a4635', '#cdf3e5'],
  ['frozen', '#56b4e9'],
  ['frozen-ink', '#04263d'],
  ['black', '#0d0f12', '#000000'],
  ['black-ink', '#ffffff'],
  ['black-edge', '#0d0f12', '#8d99a8'],
  ['slate', '#cc79a7'],
  ['slate-ink', '#33101f'],
  ['stalled', '#e69f00'],
  ['stalled-ink', '#2e1f00'],
  ['starting', '#f0e442'],
  ['starting-ink', '#333000'],
  ['dead', '#b8330b'],
  ['dead-ink', '#ffffff'],
  ['unmeasured', '#d4d8de', '#4a525d'],
  ['unmeasured-ink', '#2b323c', '#f0f2f5'],
  ['idle', '#e3c48a', '#6b5426'],
  ['idle-ink', '#3d2900', '#fff0cf'],
  ['fault', '#8c2f74', '#a3478b'],
  ['fault-line', '#8c2f74', '#d684c0'],
  ['fault-ink', '#ffffff', '#ffffff'],
  ['fault-wash', '#8c2f7416', '#d684c01c'],
  ['over-wash', '#8c2f742b', '#d684c038'],
  ['stroke', '#00000055', '#ffffff55'],
];

const declare = (values: readonly (readonly [name: string, value: string])[]): string =>
  values.map(([name, value]) => `--${name}: ${value};`).join(' ');

const LIGHT = declare(VARIABLES.map(([name, light]) => [name, light]));
const DARK = declare(VARIABLES.flatMap(([name, , dark]) => (dark ? [[name, dark] as const] : [])));

export const COLOURS: Markup = html`<style>
  :root { color-scheme: light dark; ${LIGHT} }
  @media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
</style>`;

export const CHART: Markup = html`<style>
  .timeline {
    display: block;
    width: 100%;
    min-width: 980px;
    height: auto;
    font-family: inherit;
  }
  .timeline text {
    fill: var(--ink);
    font-size: 12px;
  }
  .timeline .t-soft {
    fill: var(--soft);
    font-size: 11px;
  }
  .timeline .t-head {
    font-weight: 700;
    font-size: 12px;
  }
  .timeline .t-num {
    font-weight: 700;
    text-anchor: end;
    font-variant-numeric: tabular-nums;
  }
  .timeline .t-end {
    text-anchor: end;
  }
  .timeline .t-mid {
    text-anchor: middle;
  }
  .timeline .in {
    font-size: 10.5px;
    font-weight: 600;
    pointer-events: none;
  }
  .grid {
    stroke: var(--line);
  }
  .edge {
    stroke: var(--fault-line);
    stroke-dasharray: 4 3;
    stroke-width: 1.25;
  }
  .rule {
    stroke: var(--line);
  }
  .band {
    fill: var(--fault-wash);
  }
  .band-over {
    fill: var(--over-wash);
  }
  .phase {
    fill: var(--wash);
    stroke: var(--card);
  }
  .c-black {
    stroke: var(--black-edge);
    stroke-width: 0.8;
  }
  .c-left {
    stroke: var(--soft);
    stroke-dasharray: 2 3;
  }
  .c-announced {
    stroke: var(--fault-line);
    stroke-width: 1.2;
    stroke-dasharray: 3 2;
  }
  .timeline rect:hover {
    filter: brightness(1.08);
  }
  .interval {
    fill: var(--accent);
    opacity: 0.28;
  }
  .repeat {
    fill: var(--accent);
  }
  .run {
    fill: var(--tone);
  }
  .range {
    stroke: var(--soft);
    stroke-width: 2;
  }
  .mean {
    stroke: var(--ink);
    stroke-width: 2;
  }
  .standing {
    color: var(--soft);
  }
  .standing.better {
    color: var(--pass);
    font-weight: 700;
  }
  .standing.worse {
    color: var(--fail);
    font-weight: 700;
  }
</style>`;

/**
 * Draws each class: its name, its fill, the colour of the words in it, and of the stroke behind
 * words on a pattern, which are not legible without.
 */
const SHAPES: readonly (readonly [string, string, string?, string?])[] = [
  ['programme', 'var(--programme)', 'programme-ink'],
  ['up', 'var(--programme)', 'programme-ink'],
  ['black', 'var(--black)', 'black-ink'],
  ['stalled', 'var(--stalled)', 'stalled-ink'],
  ['frozen', 'url(#p-frozen)', 'frozen-ink', 'frozen'],
  ['slate', 'url(#p-slate)', 'slate-ink', 'slate'],
  ['filling', 'url(#p-slate)', 'slate-ink', 'slate'],
  ['silent', 'url(#p-silent)', 'programme-ink'],
  ['starting', 'url(#p-starting)', 'starting-ink', 'starting'],
  ['dead', 'url(#p-dead)', 'dead-ink', 'dead'],
  ['down', 'url(#p-dead)', 'dead-ink', 'dead'],
  ['unmeasured', 'url(#p-unmeasured)', 'unmeasured-ink', 'unmeasured'],
  ['left', 'none'],
  ['idle', 'var(--idle)', 'idle-ink'],
  ['faulted', 'var(--fault)', 'fault-ink'],
  ['work', 'var(--fault)', 'fault-ink'],
  ['overrun', 'url(#p-overrun)', 'fault-ink', 'fault'],
  ['announced', 'none'],
];

const RULES = SHAPES.map(([name, fill, ink, halo]) => [
  html`.c-${name} { fill: ${fill}; } `,
  ink && html`.timeline .i-${name} { fill: var(--${ink}); } `,
  halo &&
    html`.timeline .i-${name} { paint-order: stroke; stroke: var(--${halo}); stroke-width: 3px; } `,
]);

export const SHAPE_STYLES: Markup = html`<style>
  ${RULES}
</style>`;
