// The live view of a run on a terminal: a pure function from a LiveView to lines that fit.
// The view is approximate (liveModel.ts); what viewers really saw is judged from the record.

import { CLASSES } from '../harness/model/screenClass.ts';
import type { HistoryRecord } from '../harness/model/history.ts';
import type { Phase } from '../harness/model/plan.ts';
import type { Span } from '../harness/model/report.ts';
import { formatAt, formatMs } from './duration.ts';
import { describeRecord } from './liveEvent.ts';
import { stripCells, glyphFor, PARTLY, stripText } from './strip.ts';
import { classPaint, inert, paintFor, type Paint, type Terminal } from './terminal.ts';
import { fitted } from './wrap.ts';

export interface LiveView {
  readonly title: string;
  readonly compress: number;
  readonly seed: number;
  readonly atMs: number;
  /** When the run ends at the latest; undefined until the first fault can be timed. */
  readonly end: { readonly atMs: number; readonly epochMs: number } | undefined;
  /** Undefined before the first one. */
  readonly phase: { readonly name: Phase; readonly sinceMs: number } | undefined;
  /** The thing waited for, and for how much longer when that is known. */
  readonly next: { readonly text: string; readonly inMs: number | undefined } | undefined;
  readonly lanes: readonly LiveLane[];
  /** Groups of viewers who are imitated, a line each: they stand beside the screens. */
  readonly beside?: readonly string[];
  /** Oldest first. */
  readonly events: readonly LiveEvent[];
}

export interface LiveLane {
  readonly kind: 'link' | 'stage' | 'viewer';
  readonly id: string;
  /** The class of the screen now. */
  readonly class: string;
  /** The run from its start to now. */
  readonly spans: readonly Span<string>[];
  /** The black time of a viewer, so far. */
  readonly blackScreenMs?: number;
}

export interface LiveEvent {
  readonly atMs: number;
  readonly text: string;
  readonly grave: boolean;
}

export interface LiveTerminal extends Terminal {
  readonly rows: number;
}

/** Lines of at most `columns` cells, fewer than `rows` of them; what says least is left out first. */
export function renderLive(view: LiveView, terminal: LiveTerminal): string[] {
  const paint = paintFor(terminal);
  const room = Math.max(1, terminal.rows - 1);
  const head = header(view, terminal, paint);
  const blocks: Block[] = [
    { rank: 1, lines: lanes(view, 'viewer', terminal, paint) },
    { rank: 1, lines: beside(view, paint) },
    { rank: 2, lines: lanes(view, 'link', terminal, paint) },
    { rank: 4, lines: lanes(view, 'stage', terminal, paint) },
    { rank: 3, lines: events(view, paint) },
    { rank: 5, lines: legend(view, paint) },
  ];
  const body = chosen(blocks, room - head.length).flatMap((lines) => ['', ...lines]);
  return cut([...head, ...body], room, paint).map((line) =>
    fitted(line, terminal.columns).trimEnd(),
  );
}

const beside = ({ beside: groups = [] }: LiveView, paint: Paint): string[] =>
  groups.length === 0
    ? []
    : [paint.bold('imitated, not run'), ...groups.map((line) => `  ${inert(line)}`)];

interface Block {
  /** The rank that decides who gets a place first; the first always does. */
  readonly rank: number;
  readonly lines: readonly string[];
}

/** The blocks there is room for, in their written order, a blank line before each. */
function chosen(blocks: readonly Block[], room: number): (readonly string[])[] {
  const fits = new Set<Block>();
  let left = room;
  for (const block of blocks.toSorted((a, b) => a.rank - b.rank)) {
    const needs = block.lines.length + 1;
    if (block.lines.length === 0 || (needs > left && block.rank > 1)) continue;
    fits.add(block);
    left -= needs;
  }
  return blocks.filter((block) => fits.has(block)).map(({ lines }) => lines);
}

/** One line of progress for a log, or undefined when the record is not worth one. */
export function renderLiveLine(record: HistoryRecord): string | undefined {
  const event = describeRecord(record);
  return event && `${formatAt(record.atMs).padStart(8)}  ${inert(event.text)}`;
}

function cut(lines: readonly string[], room: number, paint: Paint): readonly string[] {
  if (lines.length <= room) return lines;
  const hidden = lines.length - room + 1;
  return [...lines.slice(0, room - 1), paint.dim(`… ${hidden} more lines`)];
}

function header(view: LiveView, { columns }: Terminal, paint: Paint): string[] {
  const { phase, atMs, compress, seed, next } = view;
  const speed = compress === 1 ? '' : `, ${compress}x compressed`;
  const facts = paint.dim(`seed ${seed}${speed}`);
  const since = phase ? ` ${formatMs(wholeSeconds(atMs - phase.sinceMs))}` : '';
  const name = phase ? paint.bold(paint.cyan(phase.name)) : paint.dim('starting');
  const when = next?.inMs === undefined ? '' : ` in ${formatMs(wholeSeconds(next.inMs))}`;
  return [
    `${paint.bold(inert(view.title))}  ${facts}`,
    fitted(
      `${formatAt(atMs).slice(0, -2)}  ${name}${since}${next ? `  next${when}: ${inert(next.text)}` : ''}`,
      columns,
    ),
    ...progress(view, columns, paint),
  ];
}

const BAR_CELLS = 30;

/** Writes how much of the run is over, and when it ends at the latest, by the clock on the wall. */
function progress({ atMs, end }: LiveView, columns: number, paint: Paint): string[] {
  if (!end || columns < 2 * BAR_CELLS) return [];
  const share = Math.min(1, atMs / end.atMs);
  const done = Math.round(share * BAR_CELLS);
  const bar = paint.cyan('━'.repeat(done)) + paint.dim('╌'.repeat(BAR_CELLS - done));
  const clock = new Date(end.epochMs).toTimeString().slice(0, 8);
  const left = formatMs(wholeSeconds(end.atMs - atMs));
  return [`${bar} ${Math.floor(share * 100)}%  ends by ${clock}, in ${left} at the latest`];
}

/** A countdown that is redrawn four times a second must not flicker. */
const wholeSeconds = (ms: number): number => Math.max(0, Math.round(ms / 1000) * 1000);

const HEADINGS = { viewer: 'viewers', link: 'links', stage: 'stages' } as const;
/** A run is drawn as this long until its end is known. */
const STRETCH_MS_MIN = 60_000;
const CLASS_CELLS = 10;
const BLACK_CELLS = 9;

function lanes(
  view: LiveView,
  kind: LiveLane['kind'],
  { columns }: Terminal,
  paint: Paint,
): string[] {
  const found = view.lanes.filter((lane) => lane.kind === kind);
  if (found.length === 0) return [];
  const idCells = Math.min(28, Math.max(...found.map(({ id }) => inert(id).length)));
  const used = 2 + idCells + 1 + CLASS_CELLS + 1 + (kind === 'viewer' ? BLACK_CELLS + 1 : 0);
  const cells = columns - used;
  const heading =
    kind === 'viewer' ? `${HEADINGS[kind]}, black screen so far (approximate)` : HEADINGS[kind];
  const row = (lane: LiveLane) => {
    const now = classPaint(paint, lane.class)(fitted(lane.class, CLASS_CELLS));
    const black =
      kind === 'viewer' ? `${formatMs(lane.blackScreenMs ?? 0).padStart(BLACK_CELLS)} ` : '';
    return `  ${fitted(inert(lane.id), idCells)} ${now} ${black}${strip(view, lane, cells, paint)}`;
  };
  return [paint.dim(heading), ...found.map(row)];
}

/** The whole run on every lane, blank where it has yet to come. */
function strip({ atMs, end }: LiveView, { spans }: LiveLane, cells: number, paint: Paint): string {
  if (cells < 4) return '';
  const stretch = { fromMs: 0, toMs: Math.max(end?.atMs ?? STRETCH_MS_MIN, atMs), cells };
  return stripText(stripCells(spans, stretch), paint);
}

const events = ({ events: list }: LiveView, paint: Paint): string[] =>
  list.map(({ atMs, text, grave }) => {
    const line = `${formatAt(atMs).padStart(8)}  ${inert(text)}`;
    return grave ? paint.yellow(line) : paint.dim(line);
  });

const LEGEND = [...CLASSES.filter((name) => name !== 'left'), PARTLY];

const legend = ({ lanes: all }: LiveView, paint: Paint): string[] =>
  all.length === 0
    ? []
    : [LEGEND.map((name) => `${classPaint(paint, name)(glyphFor(name))} ${name}`).join('  ')];
