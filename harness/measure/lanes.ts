// Rows of the timeline: every flow of a link, every stage instance, every viewer, each covered
// from the start of the run to its end (viewers: their session).

import { listFlows, type Flow } from '../design/flows.ts';
import type { StageRecord } from '../model/history.ts';
import type { FaultResult, Lane, LinkClass, Span, StageClass } from '../model/report.ts';
import type { Design } from '../model/scenario.ts';
import { inForce } from './faults.ts';
import type { Recorded } from './recorded.ts';
import { appendSpan, overlay, union, wholeMs } from './spans.ts';
import type { StageReport } from './stageReports.ts';
import { STAGE_LOST_MS } from './thresholds.ts';
import type { SeenViewer } from './viewers.ts';

export interface LaneSources {
  readonly history: Recorded;
  readonly faults: readonly FaultResult[];
  readonly viewers: readonly SeenViewer[];
  readonly endMs: number;
}

export function buildLanes({ history, faults, viewers, endMs }: LaneSources): Lane[] {
  const { design } = history.run.plan.scenario;
  return [
    ...listFlows(design).map((flow): Lane => linkLane(flow, faults, endMs)),
    ...stagesSeen(history).map(([id, lives]): Lane => {
      const context = { lives, reports: history.reports.get(id) ?? [], endMs, design };
      return { kind: 'stage', id, spans: stageSpans(context) };
    }),
    ...viewers.map(({ result, screen }): Lane => ({
      kind: 'viewer',
      id: result.id,
      spans: screen.spans,
    })),
  ];
}

function linkLane(
  { id, link, channel }: Flow,
  faults: readonly FaultResult[],
  endMs: number,
): Lane {
  const faulted = faults
    .filter(({ links }) => links.includes(link))
    .filter(({ channels }) => channel === undefined || channels.includes(channel))
    .map((fault) => inForce(fault, endMs))
    .filter((interval) => interval !== undefined);
  const up: Span<LinkClass>[] = [{ class: 'up', fromMs: 0, toMs: endMs }];
  return { kind: 'link', id, spans: overlay(up, union(faulted), { as: 'faulted' }) };
}

/** Stage instances in the order in which they were first heard of. */
function stagesSeen({ stages, records }: Recorded): [string, StageRecord[]][] {
  const lives = records.filter((record) => record.type === 'stage');
  return stages.map((id) => [
    id,
    lives.filter(({ stage, event }) => stage === id && event !== 'note'),
  ]);
}

interface StageContext {
  readonly lives: readonly StageRecord[];
  readonly reports: Iterable<StageReport>;
  readonly endMs: number;
  readonly design: Design;
}

function stageSpans({ lives, reports, endMs, design }: StageContext): Span<StageClass>[] {
  const activity = measureActivity(reports, 2 * design.media.segmentMs + STAGE_LOST_MS);
  const changes = [
    ...lives.map(({ atMs, event }) => ({ atMs, alive: event === 'ready' || event === 'stopping' })),
    ...activity,
  ].toSorted((a, b) => a.atMs - b.atMs);
  const spans: Span<StageClass>[] = [];
  let alive = lives.length === 0;
  let does: StageClass = 'idle';
  let fromMs = 0;
  for (const change of [...changes, { atMs: endMs, alive: false }]) {
    const toMs = Math.min(Math.max(change.atMs, fromMs), endMs);
    appendSpan(spans, { class: alive ? does : 'down', fromMs, toMs });
    fromMs = toMs;
    if ('alive' in change) alive = change.alive;
    else does = change.does;
  }
  return wholeMs(spans);
}

interface Activity {
  readonly atMs: number;
  readonly does: StageClass;
}

/**
 * Reads the activity a stage reports, where it changes; one that reports none is at work while its
 * counters grow.
 */
function measureActivity(reports: Iterable<StageReport>, holdMs: number): Activity[] {
  const changes: Activity[] = [];
  let before = Infinity;
  let grewMs = -Infinity;
  for (const report of reports) {
    const { atMs } = report;
    const done = work(report);
    if (done > before) grewMs = atMs;
    before = done;
    const does = doesIn(report, atMs - grewMs > holdMs);
    if (does !== changes.at(-1)?.does) changes.push({ atMs, does });
  }
  return changes;
}

function doesIn({ fill }: StageReport, still: boolean): StageClass {
  if (fill === 'repeat' || fill === 'black' || fill === 'slate') return 'filling';
  return fill === 'paused' || (fill === undefined && still) ? 'idle' : 'programme';
}

const work = ({ bytesIn, bytesOut, framesOut, requests, uploads }: StageReport): number =>
  (bytesIn ?? 0) + (bytesOut ?? 0) + (framesOut ?? 0) + (requests ?? 0) + (uploads ?? 0);
