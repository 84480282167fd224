// The timeline: phases along the top, a lane a fault, link, stage and viewer, faults shaded
// through all of them, time below. Plain SVG; the tables under it say the same in words.

import type { Report } from '../../harness/model/report.ts';
import { formatAt } from '../duration.ts';
import { html, type Markup } from './markup.ts';
import { timelineRows, type Bar, type Row } from './rows.ts';
import { fitScale, scenarioTime, ticks, type Scale } from './scale.ts';

const WIDTH = 1280;
const PLOT = { left: 214, width: 810 };
const RIGHT = PLOT.left + PLOT.width;
const TOP = 34;
const ROW = 22;
const HEADING = 30;
const BAR = 15;
/** About the width of one character of a label inside a bar. */
const CHARACTER = 6.9;
const RUN_TICKS = 12;
const SCENARIO_TICKS = 10;

export function timeline(report: Report): { svg: Markup; left: number } {
  const scale = fitScale(report, PLOT);
  const { rows, left } = timelineRows(report);
  const bottom = TOP + rows.reduce((sum, row) => sum + rowHeight(row), 0) + 6;
  const scenario = scenarioTime(report, SCENARIO_TICKS);
  const height = bottom + (scenario ? 44 : 26);
  const svg = html`<svg
    class="timeline"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-label="Timeline of the run: a lane for every fault, link, stage and viewer. The tables below hold the same figures."
  >
    ${patterns()}${phases(report, scale)}${grid(scale, bottom)}${bands(report, scale, bottom)}${placed(rows, scale)}${edges(report, scale, bottom)}${axis(scale, bottom)}${scenario ? scenarioAxis(scenario.ticks, scale, bottom) : undefined}
  </svg>`;
  return { svg, left };
}

const rowHeight = (row: Row): number => (row.is === 'heading' ? HEADING : ROW);

/** Hatches, so that classes differ without colour too. Used by every swatch of the page. */
function patterns(): Markup {
  const pattern = (id: string, size: number, ground: string, path: string, stroke: number) =>
    html`<pattern id="p-${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"
      ><rect width="${size}" height="${size}" style="fill:var(--${ground})" /><path
        d="${path}"
        style="fill:none;stroke:var(--stroke);stroke-width:${stroke}"
    /></pattern>`;
  return html`<defs
    >${[
      pattern('frozen', 5, 'frozen', 'M0 2.5H5', 1),
      pattern('slate', 6, 'slate', 'M3 0V6', 1),
      pattern('silent', 6, 'programme', 'M1.5 1V5M4.5 2V4', 1.2),
      pattern('starting', 6, 'starting', 'M1 3h1.6', 1.6),
      pattern('dead', 6, 'dead', 'M0 0L6 6M6 0L0 6', 0.8),
      pattern('unmeasured', 6, 'unmeasured', 'M-1 1L1 -1M0 6L6 0M5 7L7 5', 1.2),
      pattern('overrun', 7, 'fault', 'M-1 1L1 -1M0 7L7 0M6 8L8 6', 2),
    ]}</defs
  >`;
}

const phases = ({ phases: list }: Report, scale: Scale): Markup[] =>
  list
    .filter(({ fromMs, toMs }) => toMs > scale.fromMs && fromMs < scale.toMs)
    .map(({ phase, fromMs, toMs }) => {
      const x = scale.x(fromMs);
      const width = scale.x(toMs) - x;
      const label = fits(phase, width)
        ? html`<text class="t-soft t-mid" x="${x + width / 2}" y="15">${phase}</text>`
        : undefined;
      return html`<g
        ><title>phase ${phase} from ${formatAt(fromMs)} to ${formatAt(toMs)}</title
        ><rect class="phase" x="${x}" y="2" width="${width}" height="18" rx="3" />${label}</g
      >`;
    });

const fits = (label: string, width: number): boolean => label.length * CHARACTER + 8 <= width;

const grid = (scale: Scale, bottom: number): Markup[] =>
  ticks(scale.fromMs, scale.toMs, RUN_TICKS).map(
    (at) =>
      html`<line
        class="grid"
        x1="${scale.x(at)}"
        x2="${scale.x(at)}"
        y1="${TOP - 8}"
        y2="${bottom}"
      />`,
  );

/** Draws the time something was in force behind the lanes, deeper where it was overrun. */
function bands(report: Report, scale: Scale, bottom: number): Markup[] {
  const band = (name: string, { fromMs, toMs }: DrawnSpan) =>
    html`<rect
      class="${name}"
      x="${scale.x(fromMs)}"
      y="${TOP - 8}"
      width="${scale.x(toMs) - scale.x(fromMs)}"
      height="${bottom - TOP + 8}"
    />`;
  const overruns = (report.windows ?? []).flatMap(({ name, workToMs }) =>
    forced(report)
      .filter(({ window, toMs }) => window === name && toMs > workToMs)
      .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, workToMs), toMs })),
  );
  return [
    ...joined(forced(report)).map((stretch) => band('band', stretch)),
    ...joined(overruns).map((stretch) => band('band-over', stretch)),
  ];
}

interface DrawnSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Overlapping stretches as one: translucent bands would add up and blacken the page. */
function joined(stretches: readonly DrawnSpan[]): DrawnSpan[] {
  const result: DrawnSpan[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (!last || stretch.fromMs > last.toMs) result.push(stretch);
    else result[result.length - 1] = { ...last, toMs: Math.max(last.toMs, stretch.toMs) };
  }
  return result;
}

const forced = (report: Report) =>
  report.faults.flatMap(({ fromMs, toMs, window }) =>
    fromMs === undefined ? [] : [{ window, fromMs, toMs: toMs ?? report.run.endedAtMs }],
  );

/** A flapping fault has hundreds of edges; past this many they are a smear. */
const EDGES_MAX = 60;

/** Over the lanes: where each fault began and ended. */
const edges = (report: Report, scale: Scale, bottom: number): Markup[] =>
  [...new Set(forced(report).flatMap(({ fromMs, toMs }) => [scale.x(fromMs), scale.x(toMs)]))]
    .slice(0, EDGES_MAX)
    .map((x) => html`<line class="edge" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${bottom}" />`);

function placed(rows: readonly Row[], scale: Scale): Markup[] {
  let y = TOP;
  return rows.map((row) => {
    const at = y;
    y += rowHeight(row);
    return row.is === 'heading' ? heading(row, at) : lane(row, at, scale);
  });
}

/** Wide enough for two intervals side by side. */
const COLUMNS = [RIGHT + 124, WIDTH - 6];

function heading({ text, columns }: Extract<Row, { is: 'heading' }>, y: number): Markup {
  const names = columns.map(
    (name, i) => html`<text class="t-soft t-end" x="${COLUMNS[i]}" y="${y + 22}">${name}</text>`,
  );
  return html`<text class="t-head" x="4" y="${y + 22}">${text}</text>${names}`;
}

function lane(
  { label, bars, figures }: Extract<Row, { is: 'lane' }>,
  y: number,
  scale: Scale,
): Markup {
  const numbers = figures.map(
    (figure, i) => html`<text class="t-num" x="${COLUMNS[i]}" y="${y + 15}">${figure}</text>`,
  );
  return html`<text class="t-end" x="${PLOT.left - 10}" y="${y + 15}"
      ><title>${label}</title>${shortened(label)}</text
    >${bars.map((each) => drawn(each, y, scale))}${numbers}`;
}

const LABEL_MAX = 29;
const shortened = (label: string): string =>
  label.length <= LABEL_MAX ? label : `${label.slice(0, LABEL_MAX - 1)}…`;

function drawn(bar: Bar, y: number, scale: Scale): Markup | undefined {
  if (bar.toMs <= scale.fromMs || bar.fromMs >= scale.toMs) return undefined;
  const x = scale.x(bar.fromMs);
  /** Never thinner than can be seen: a glitch is a mark, not nothing. */
  const width = Math.max(1.2, Math.round((scale.x(bar.toMs) - x) * 10) / 10);
  const label = fits(bar.label, width)
    ? html`<text class="in i-${bar.class}" x="${x + 5}" y="${y + 14.5}">${bar.label}</text>`
    : undefined;
  return html`<g
    ><title>${bar.title}</title
    ><rect
      class="c-${bar.class}"
      x="${x}"
      y="${y + 3.5}"
      width="${width}"
      height="${BAR}"
      rx="1.5"
    />${label}</g
  >`;
}

function axis(scale: Scale, bottom: number): Markup {
  const labels = ticks(scale.fromMs, scale.toMs, RUN_TICKS).map(
    (at) =>
      html`<text class="t-soft t-mid" x="${scale.x(at)}" y="${bottom + 16}"
        >${formatAt(at).replace(/\.0$/, '')}</text
      >`,
  );
  return html`<line
      class="rule"
      x1="${PLOT.left}"
      x2="${RIGHT}"
      y1="${bottom}"
      y2="${bottom}"
    /><text class="t-soft t-end" x="${PLOT.left - 28}" y="${bottom + 16}">run time</text>${labels}`;
}

function scenarioAxis(
  marks: readonly { atMs: number; label: string }[],
  scale: Scale,
  bottom: number,
): Markup {
  const labels = marks.map(
    ({ atMs, label }) =>
      html`<line
          class="edge"
          x1="${scale.x(atMs)}"
          x2="${scale.x(atMs)}"
          y1="${bottom + 20}"
          y2="${bottom + 25}"
        /><text class="t-soft t-mid" x="${scale.x(atMs)}" y="${bottom + 36}">${label}</text>`,
  );
  return html`<text class="t-soft t-end" x="${PLOT.left - 28}" y="${bottom + 36}"
      >time in the scenario</text
    >${labels}`;
}
