// Lists the rows of the timeline as data: one row a fault, link, stage and viewer, under headings.

import { readRange } from '../../harness/model/range.ts';
import type {
  FaultResult,
  Lane,
  Report,
  ViewerResult,
  WindowResult,
} from '../../harness/model/report.ts';
import { formatAt, formatMs, formatRange } from '../duration.ts';
import { CLASS_MEANING, LINK_MEANING, STAGE_MEANING, type Meaning } from '../legend.ts';
import { recoversIn } from '../recovery.ts';

export interface Bar {
  /** Names the colour. */
  readonly class: string;
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Shown when the pointer rests on it. */
  readonly title: string;
}

export type Row =
  | { readonly is: 'heading'; readonly text: string; readonly columns: readonly string[] }
  | {
      readonly is: 'lane';
      readonly label: string;
      readonly bars: readonly Bar[];
      readonly figures: readonly string[];
    };

/** Beyond this a picture is no longer one; the rest is in the tables. */
const LANES_MAX = 120;
const FAULT_ROWS_MAX = 12;

export function timelineRows(report: Report): { rows: Row[]; left: number } {
  const viewers = viewerRows(report);
  const rows = [...faultRows(report), ...laneRows(report, 'link'), ...laneRows(report, 'stage')];
  const room = Math.max(0, LANES_MAX - rows.length);
  return { rows: [...rows, ...viewers.slice(0, room)], left: Math.max(0, viewers.length - room) };
}

function faultRows(report: Report): Row[] {
  const windows = report.windows ?? [];
  if (report.faults.length === 0 && windows.length === 0) return [];
  return [
    { is: 'heading', text: 'What was done', columns: ['lasted'] },
    ...windows.map((window) => windowRow(window)),
    ...report.faults.slice(0, FAULT_ROWS_MAX).map((fault) => faultRow(report, fault)),
  ];
}

function windowRow(window: WindowResult): Row {
  const { announcedFromMs: fromMs, announcedToMs: toMs } = window;
  const label = 'announced window';
  const title = `${window.name}: announced by ${window.owner} from ${formatAt(fromMs)} to ${formatAt(toMs)}`;
  return {
    is: 'lane',
    label: window.name,
    bars: [{ class: 'announced', label, fromMs, toMs, title }],
    figures: [formatMs(toMs - fromMs)],
  };
}

function faultRow(report: Report, fault: FaultResult): Row {
  const label = [fault.channels.join(', ') || 'all channels', fault.links.join(' + ')].join(': ');
  const lasted =
    fault.fromMs === undefined
      ? 'not in force'
      : formatMs(faultEndMs(report, fault) - fault.fromMs);
  return { is: 'lane', label, bars: faultBars(report, fault), figures: [lasted] };
}

const faultEndMs = (report: Report, fault: FaultResult): number =>
  fault.toMs ?? report.run.endedAtMs;

/** Planned work and overrun apart, when the window tells where one ends. */
function faultBars(report: Report, fault: FaultResult): Bar[] {
  if (fault.fromMs === undefined) return [];
  const toMs = faultEndMs(report, fault);
  const window = report.windows?.find(({ name }) => name === fault.window);
  const splitMs = Math.min(Math.max(window?.workToMs ?? toMs, fault.fromMs), toMs);
  const says = `${fault.kind} (${fault.effect}) on ${fault.links.join(', ')}`;
  const work = bar(
    'work',
    window ? `planned work: ${fault.kind}, ${fault.effect}` : `${fault.kind}: ${fault.effect}`,
    fault.fromMs,
    splitMs,
    says,
  );
  const overrun = bar('overrun', 'overrun', splitMs, toMs, says);
  return [work, overrun].filter((each) => each.toMs > each.fromMs);
}

const bar = (name: string, label: string, fromMs: number, toMs: number, says: string): Bar => ({
  class: name,
  label,
  fromMs,
  toMs,
  title: `${says}: ${label} from ${formatAt(fromMs)} to ${formatAt(toMs)}, ${formatMs(toMs - fromMs)}`,
});

const LANE_HEADINGS = { link: 'Links', stage: 'Stages' } as const;

function laneRows({ lanes }: Report, kind: 'link' | 'stage'): Row[] {
  const found = lanes.filter((lane) => lane.kind === kind);
  if (found.length === 0) return [];
  return [
    { is: 'heading', text: LANE_HEADINGS[kind], columns: [] },
    ...found.map((lane): Row => ({
      is: 'lane',
      label: lane.id,
      bars: laneBars(lane),
      figures: [],
    })),
  ];
}

const MEANINGS: Readonly<Record<Lane['kind'], Readonly<Record<string, Partial<Meaning>>>>> = {
  link: LINK_MEANING,
  stage: STAGE_MEANING,
  viewer: CLASS_MEANING,
};

const laneBars = ({ kind, id, spans }: Lane): Bar[] =>
  spans.map(({ class: name, fromMs, toMs }) => {
    const { label = name, sees = '' } = MEANINGS[kind][name] ?? {};
    return { ...bar(name, `${label} (${sees})`, fromMs, toMs, id), label };
  });

/** Grouped by channel, the control last: it is not part of the audience. */
function viewerRows(report: Report): Row[] {
  const watching = report.viewers.filter(({ control }) => !control);
  const controls = report.viewers.filter(({ control }) => control);
  const channels = [...new Set(watching.map(({ channel }) => channel))];
  return [
    ...channels.flatMap((channel) =>
      viewerGroup(
        report,
        `Viewers of channel ${channel}`,
        watching.filter((v) => v.channel === channel),
      ),
    ),
    ...viewerGroup(report, 'Control: a path of its own, never faulted', controls),
  ];
}

function viewerGroup(report: Report, text: string, viewers: readonly ViewerResult[]): Row[] {
  if (viewers.length === 0) return [];
  return [
    { is: 'heading', text, columns: ['black screen', 'recovers in'] },
    ...viewers.map((viewer) => viewerRow(report, viewer)),
  ];
}

function viewerRow({ lanes }: Report, viewer: ViewerResult): Row {
  const lane = lanes.find((each) => each.kind === 'viewer' && each.id === viewer.id);
  return {
    is: 'lane',
    label: viewer.id,
    bars: lane ? laneBars(lane) : [],
    figures: [formatRange(readRange(viewer, 'blackScreenMs')), recoversIn(viewer)],
  };
}
