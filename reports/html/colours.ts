// Colours, light and dark, and how every class is drawn. Classes are from the Okabe-Ito set, which
// colour-blind people tell apart; they also differ by pattern and carry their name.

import { html, type Markup } from './markup.ts';

export const COLOURS: Markup = html`<style>
  :root {
    color-scheme: light dark;
    --page: #f4f5f7;
    --card: #ffffff;
    --ink: #12161c;
    --soft: #515b69;
    --line: #d9dee5;
    --wash: #eef1f4;
    --pass: #00674a;
    --pass-wash: #dff3ec;
    --fail: #a8231a;
    --fail-wash: #fbe7e4;
    --inconclusive: #7a4b00;
    --inconclusive-wash: #fdf0d2;
    --accent: #0b5ea8;
    --programme: #bfe3d6;
    --programme-ink: #0a4635;
    --frozen: #56b4e9;
    --frozen-ink: #04263d;
    --black: #0d0f12;
    --black-ink: #ffffff;
    --black-edge: #0d0f12;
    --slate: #cc79a7;
    --slate-ink: #33101f;
    --stalled: #e69f00;
    --stalled-ink: #2e1f00;
    --starting: #f0e442;
    --starting-ink: #333000;
    --dead: #b8330b;
    --dead-ink: #ffffff;
    --unmeasured: #d4d8de;
    --unmeasured-ink: #2b323c;
    --idle: #e3c48a;
    --idle-ink: #3d2900;
    --fault: #8c2f74;
    --fault-line: #8c2f74;
    --fault-ink: #ffffff;
    --fault-wash: #8c2f7416;
    --over-wash: #8c2f742b;
    --stroke: #00000055;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root {
      --page: #0c0f14;
      --card: #151a21;
      --ink: #eaeef3;
      --soft: #a3aebb;
      --line: #2c343f;
      --wash: #1d242d;
      --pass: #6fdcb4;
      --pass-wash: #0f3228;
      --fail: #ff9b8f;
      --fail-wash: #431913;
      --inconclusive: #ffd27a;
      --inconclusive-wash: #3b2a07;
      --accent: #7cc0ff;
      --programme: #1d5546;
      --programme-ink: #cdf3e5;
      --black: #000000;
      --black-edge: #8d99a8;
      --unmeasured: #4a525d;
      --unmeasured-ink: #f0f2f5;
      --idle: #6b5426;
      --idle-ink: #fff0cf;
      --fault: #a3478b;
      --fault-line: #d684c0;
      --fault-ink: #ffffff;
      --fault-wash: #d684c01c;
      --over-wash: #d684c038;
      --stroke: #ffffff55;
    }
  }
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
