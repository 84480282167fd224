// The table of viewers on a terminal, a strip of the run beside each. Fits the width it is given:
// columns that say least go first.

import stringWidth from 'string-width';
import { readRange } from '../harness/model/range.ts';
import type { Report, ViewerResult } from '../harness/model/report.ts';
import { borderless, GAP, trimmed } from './borderless.ts';
import { formatMs, formatRange, formatRatio, NOTHING } from './duration.ts';
import { CLASS_MEANING, PARTLY_MEANING } from './legend.ts';
import { recoversIn } from './recovery.ts';
import { stripCells, stripText, type DrawnPeriod } from './strip.ts';
import { classPaint, inert, type Paint, type Terminal } from './terminal.ts';
import { viewerName } from './viewerName.ts';
import { wrapped } from './wrap.ts';

/** The parts that the blocks of a page are made from. */
export interface PageContext {
  readonly report: Report;
  readonly terminal: Terminal;
  readonly paint: Paint;
}

/** Rows of the viewer table; more than a screen is for the page and the file. */
const VIEWERS_MAX = 40;

interface Column {
  readonly head: string;
  readonly cell: (viewer: ViewerResult, paint: Paint) => string;
  readonly number?: boolean;
  /** The rank of a column; when the terminal is narrow the highest goes first. */
  readonly spare: number;
}

const listColumns = (report: Report): readonly Column[] => [
  { head: 'viewer', spare: 0, cell: (viewer) => inert(viewerName(viewer)) },
  ...(report.groups ? [GROUP] : []),
  { head: 'channel', spare: 4, cell: ({ channel }) => inert(channel) },
  { head: 'player', spare: 9, cell: ({ player }) => inert(player) },
  {
    head: 'black screen',
    spare: 0,
    number: true,
    cell: (viewer, paint) => paint.bold(formatRange(readRange(viewer, 'blackScreenMs'))),
  },
  ...LOSSES.filter((name) => report.viewers.some(({ ledger }) => ledger[name] > 0)).map(lossColumn),
  {
    head: 'breaks',
    spare: 6,
    number: true,
    cell: ({ interruptions }) => String(interruptions.filter(({ glitch }) => !glitch).length),
  },
  { head: 'recovers in', spare: 2, number: true, cell: recovers },
  {
    head: 'x cut',
    spare: 4,
    number: true,
    cell: (viewer) => formatRange(readRange(viewer, 'amplification'), formatRatio),
  },
];

const GROUP: Column = { head: 'group', spare: 1, cell: ({ group = '' }) => inert(group) };

const LOSSES = [
  'black',
  'frozen',
  'stalled',
  'dead',
  'slate',
  'silent',
  'starting',
  'unmeasured',
] as const;

/** The rank of a loss column; columns above it are nice to have. */
const CLASS_SPARE = 5;

const lossColumn = (name: (typeof LOSSES)[number]): Column => ({
  head: CLASS_MEANING[name].label,
  spare: name === 'starting' || name === 'unmeasured' ? 7 : CLASS_SPARE,
  number: true,
  cell: ({ ledger }, paint) =>
    ledger[name] === 0 ? paint.dim(NOTHING) : classPaint(paint, name)(formatMs(ledger[name])),
});

function recovers(viewer: ViewerResult, paint: Paint): string {
  if (viewer.recovery === 'recovered') return recoversIn(viewer);
  if (viewer.recovery === 'left') return paint.dim(recoversIn(viewer));
  return (viewer.recovery === 'unseen' ? paint.yellow : paint.red)(recoversIn(viewer));
}

export function viewers(page: PageContext): string {
  const { report, paint } = page;
  if (report.viewers.length === 0) return report.cohorts ? '' : 'No viewer watched.';
  const shown = worstFirst(report.viewers);
  for (let spare = 9; spare >= 0; spare--) {
    const columns = listColumns(report).filter((column) => column.spare <= spare);
    const text = viewerTable(page, shown, columns);
    if (text !== undefined) return `${text}\n${legend(page)}${more(report, paint)}`;
  }
  return shown
    .flatMap((v) =>
      wrapped(
        `${inert(viewerName(v))} ${formatRange(readRange(v, 'blackScreenMs'))}`,
        page.terminal.columns,
      ),
    )
    .join('\n');
}

/** Chooses those that a screen has room for: all in their order, or the ones that lost most. */
const worstFirst = (all: readonly ViewerResult[]): readonly ViewerResult[] =>
  all.length <= VIEWERS_MAX
    ? all
    : all.toSorted((a, b) => b.programmeLossMs - a.programmeLossMs).slice(0, VIEWERS_MAX);

const more = ({ viewers: all }: Report, paint: Paint): string =>
  all.length > VIEWERS_MAX
    ? paint.dim(
        `\nthe ${VIEWERS_MAX} that lost most; ${all.length - VIEWERS_MAX} more in report.html`,
      )
    : '';

/** Cells of the strip beside each viewer: figures of classes give way for a good one. */
const STRIP_CELLS = { min: 16, good: 20 };

/** Undefined when it does not fit. */
function viewerTable(
  { report, terminal, paint }: PageContext,
  shown: readonly ViewerResult[],
  columns: readonly Column[],
): string | undefined {
  const rows = shown.map((viewer) => columns.map(({ cell }) => cell(viewer, paint)));
  const heads = columns.map(({ head }) => paint.dim(head));
  const widths = columns.map(({ head }, i) =>
    Math.max(head.length, ...rows.map((row) => stringWidth(row[i] ?? ''))),
  );
  const used = widths.reduce((sum, width) => sum + width + GAP, 0);
  const room = terminal.columns - used;
  if (used - GAP > terminal.columns || room < stripCellsMin(columns)) return undefined;
  const stretch = room >= STRIP_CELLS.min ? drawnPeriod(report, room) : undefined;
  const table = borderless(columns.map(({ number }) => (number ? 'right' : 'left')));
  table.push(stretch ? [...heads, cutRuler(report, stretch, paint)] : heads);
  for (const [i, viewer] of shown.entries()) {
    const strip = stretch
      ? [stripText(stripCells(viewerSpans(report, viewer), stretch), paint)]
      : [];
    table.push([...(rows[i] ?? []), ...strip]);
  }
  return trimmed(table.toString());
}

function stripCellsMin(columns: readonly Column[]): number {
  const spare = Math.max(...columns.map((column) => column.spare));
  if (spare === 0) return 0;
  return spare > CLASS_SPARE ? STRIP_CELLS.good : STRIP_CELLS.min;
}

const viewerSpans = ({ lanes }: Report, { id }: ViewerResult) =>
  lanes.find((lane) => lane.kind === 'viewer' && lane.id === id)?.spans ?? [];

function drawnPeriod({ viewers: all }: Report, cells: number): DrawnPeriod {
  const fromMs = Math.min(...all.map(({ joinMs }) => joinMs));
  const toMs = Math.max(fromMs + 1, ...all.map(({ leaveMs }) => leaveMs));
  return { fromMs, toMs, cells };
}

/** Over the strips: when something was in force. */
function cutRuler({ faults, run }: Report, stretch: DrawnPeriod, paint: Paint): string {
  const spans = faults.flatMap(({ fromMs, toMs }) =>
    fromMs === undefined ? [] : [{ class: 'faulted', fromMs, toMs: toMs ?? run.endedAtMs }],
  );
  const marks = stripCells(spans, stretch).map((name) =>
    name ? paint.magenta('━') : paint.dim('·'),
  );
  return marks.join('');
}

function legend({ report, terminal, paint }: PageContext): string {
  const seen = (name: keyof typeof CLASS_MEANING) =>
    name !== 'left' && report.viewers.some(({ ledger }) => ledger[name] > 0);
  const names = (Object.keys(CLASS_MEANING) as (keyof typeof CLASS_MEANING)[]).filter(seen);
  const words = [
    `━\u00a0fault`,
    ...names.map((name) => `${CLASS_MEANING[name].glyph}\u00a0${name}`),
    `${PARTLY_MEANING.glyph}\u00a0${PARTLY_MEANING.sees}`,
  ];
  const lines = wrapped(words.join('  '), terminal.columns);
  return lines.map((line) => paint.dim(line.replaceAll('\u00a0', ' '))).join('\n');
}
