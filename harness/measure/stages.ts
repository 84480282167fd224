// Finds from stage reports when the picture of a channel was lost at each stage, from the source
// down, and when media went out again.

import { nameInstance } from '../design/flows.ts';
import { inOrder, stagesBefore } from '../design/hops.ts';
import { findRole } from '../design/roles.ts';
import type { Design } from '../model/scenario.ts';
import { union, type Interval } from './spans.ts';
import type { StageReport, StageReports } from './stageReports.ts';
import { STAGE_LOST_MS } from './thresholds.ts';

/** The way of one channel's picture. */
export interface ChannelPath {
  /** The stages from the source to the viewers, with the times when the picture did not pass. */
  readonly stages: readonly { readonly stage: string; readonly lost: readonly Interval[] }[];
  /** The stage that makes media; the first where there are several. */
  readonly packager: PackagerReading;
}

/** The reports of a stage that makes media, one column a figure. */
export interface PackagerReading {
  readonly atMs: Float64Array;
  /** 1 while it filled nothing. */
  readonly whole: Uint8Array;
  /** NaN where it said nothing of them. */
  readonly uploads: Float64Array;
}

export function readPackager(reports: Iterable<StageReport>): PackagerReading {
  const [atMs, whole, uploads]: [number[], number[], number[]] = [[], [], []];
  for (const report of reports) {
    atMs.push(report.atMs);
    whole.push(Number((report.fill ?? 'none') === 'none'));
    uploads.push(report.uploads ?? NaN);
  }
  return {
    atMs: Float64Array.from(atMs),
    whole: Uint8Array.from(whole),
    uploads: Float64Array.from(uploads),
  };
}

export function findChannelPath(
  channel: string,
  design: Design,
  reports: StageReports,
): ChannelPath {
  const stages: { stage: string; lost: Interval[] }[] = [];
  const packagers = new Map<string, Iterable<StageReport>>();
  for (const stage of inOrder(design)) {
    const role = findRole(stage);
    const instance = nameInstance(stage, { name: channel });
    const own = reports.get(instance) ?? [];
    const publisher = stagesBefore(design, stage).find((before) => packagers.has(before.name));
    // A stage that takes pictures as they come does not wait for uploads.
    const notDelivered =
      publisher && !role.carriesFrames
        ? undelivered(packagers.get(publisher.name) ?? [], design)
        : [];
    const limitMs = role.carriesFrames ? STAGE_LOST_MS : deliveryMs(design);
    stages.push({ stage: instance, lost: union([...lostAt(own, limitMs), ...notDelivered]) });
    if (role.tells.includes('uploads')) packagers.set(stage.name, own);
  }
  return { stages, packager: readPackager(firstPackager(packagers)) };
}

const firstPackager = (
  packagers: ReadonlyMap<string, Iterable<StageReport>>,
): Iterable<StageReport> => [...packagers.values()][0] ?? [];

/** Nothing for two segments: one can be late without anybody losing its picture. */
const deliveryMs = ({ media }: Design): number => 2 * media.segmentMs + STAGE_LOST_MS;

/**
 * While frame-clock counters stand still, and while the stage says that it fills. A stage that all
 * channels share tells its newest counter of any of them, so it has lost a channel only when it
 * has lost them all.
 */
const lostAt = (reports: Iterable<StageReport>, limitMs: number): Interval[] =>
  union([
    ...standstills(reports, ({ programmeCounter }) => programmeCounter, limitMs),
    ...standstills(
      reports,
      ({ atMs, fill }) => fill && (fill === 'none' ? atMs : -1),
      STAGE_LOST_MS,
    ),
  ]);

/** Nothing reaches the origin when no upload of the stage before it succeeds any more. */
const undelivered = (packager: Iterable<StageReport>, design: Design): Interval[] =>
  standstills(packager, ({ uploads }) => uploads, deliveryMs(design));

/**
 * Finds the times from the last report in which a value moved to the next, beyond the limit.
 * Reports without the value say nothing.
 */
function standstills(
  reports: Iterable<StageReport>,
  valueOf: (report: StageReport) => number | undefined,
  limitMs: number,
): Interval[] {
  const still: Interval[] = [];
  let moved: { readonly atMs: number; readonly value: number } | undefined;
  let lastMs = -Infinity;
  for (const report of reports) {
    const value = valueOf(report);
    if (value === undefined) continue;
    lastMs = report.atMs;
    if (moved?.value === value) continue;
    if (moved && lastMs - moved.atMs > limitMs) still.push({ fromMs: moved.atMs, toMs: lastMs });
    moved = { atMs: lastMs, value };
  }
  if (moved && lastMs - moved.atMs > limitMs) still.push({ fromMs: moved.atMs, toMs: Infinity });
  return still;
}

/** The stage nearest the source whose picture was lost within the window. */
export function lostFirst(
  { stages }: ChannelPath,
  { fromMs, toMs }: Interval,
): { stage: string; atMs: number } | undefined {
  for (const { stage, lost } of stages) {
    const loss = lost.find((interval) => interval.fromMs >= fromMs && interval.fromMs <= toMs);
    if (loss) return { stage, atMs: Math.round(loss.fromMs) };
  }
  return undefined;
}

/**
 * When media with the programme went out again after a heal: the first upload that ended after the
 * transcoder had stopped filling. A segment under way at that moment counts, so this can be up to
 * one segment early.
 */
export function mediaAgainMs({ packager }: ChannelPath, healedMs: number): number | undefined {
  const { atMs, whole, uploads } = packager;
  const back = atMs.findIndex((at, i) => at >= healedMs && whole[i] === 1);
  const before = uploads[back] ?? NaN;
  const again = uploads.findIndex((count, i) => i >= back && count > before);
  return again === -1 ? undefined : Math.round(atMs[again]!);
}
