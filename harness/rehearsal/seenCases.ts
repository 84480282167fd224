// Reads what is compared of a run, real or simulated: for each viewer its losses from the start of the
// faults on, how it went, and what it asked its edge for.

import { LOSSES, type Loss, type RealTimes, type SeenCase } from '../model/agreement.ts';
import { ageOfCounterMs } from '../model/frameClock.ts';
import type { Phase } from '../model/plan.ts';
import type { Lane, Report, ScreenClass } from '../model/report.ts';
import type { Design } from '../model/scenario.ts';
import { judge } from '../measure/judge.ts';
import { readHistory } from '../measure/readHistory.ts';
import type { Recorded } from '../measure/recorded.ts';
import type { StageReport } from '../measure/stageReports.ts';
import { aggregate } from '../measure/statistics.ts';
import { GLITCH_MS } from '../measure/thresholds.ts';
import { linesIn } from '../run/journal.ts';
import { makeLaunches } from '../simulate/launches.ts';

export interface SeenRun {
  readonly recorded: Recorded;
  readonly report: Report;
}

/** Throws RECORD_UNREADABLE. */
export function readRun(journal: string): SeenRun {
  const recorded = readHistory(linesIn(journal), journal);
  return { recorded, report: judge(recorded) };
}

export interface NamedCase {
  readonly name: string;
  readonly viewer: string;
  readonly player: string;
  readonly seen: SeenCase;
}

/** Gives the case of every viewer but the control, of so long from the start of the faults on. */
export function listCases({ recorded, report }: SeenRun, watchedMs: number): readonly NamedCase[] {
  const { plan, viewers } = recorded.run;
  const fromMs = findPhase(report, 'disrupt').fromMs;
  const within = { fromMs, toMs: fromMs + watchedMs };
  const watching = viewers.filter(({ control }) => !control);
  const launches = makeLaunches({ plan, viewers: watching });
  const entries = launches.map(({ url }) => new URL(url).hostname);
  return launches.map(({ description: { id, channel }, group }, i): NamedCase => {
    const entry = entries[i]!;
    const alone = entries.filter((other) => other === entry).length === 1;
    const lane = report.lanes.find((one) => one.kind === 'viewer' && one.id === id) as ViewerLane;
    const requests = alone ? countRequests(recorded.reports.get(entry) ?? [], within) : undefined;
    return {
      viewer: id,
      name: [plan.scenario.name, alone ? entry : channel, id].join('/'),
      player: group.player,
      seen: { ...seenIn(lane, within), requests },
    };
  });
}

type ViewerLane = Extract<Lane, { kind: 'viewer' }>;

interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

const LOSS_OF: Partial<Record<ScreenClass, Loss>> = {
  stalled: 'stalled',
  black: 'filler',
  slate: 'filler',
  frozen: 'filler',
  dead: 'dead',
  starting: 'starting',
};

function seenIn({ spans }: ViewerLane, { fromMs, toMs }: Interval): SeenCase {
  const seen = spans
    .map((span) => ({ ...span, ms: Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs) }))
    .filter(({ ms }) => ms > 0);
  const msOf = (is: (span: (typeof seen)[number]) => boolean) =>
    seen.filter(is).reduce((sum, { ms }) => sum + ms, 0);
  const lost = Object.fromEntries(
    LOSSES.map((loss) => [loss, msOf((span) => LOSS_OF[span.class] === loss)]),
  ) as Record<Loss, number>;
  const lostMs = msOf((span) => LOSS_OF[span.class] !== undefined);
  const last = seen.findLast((span) => span.class !== 'unmeasured')?.class;
  const outcome =
    lostMs < GLITCH_MS
      ? 'unhurt'
      : last !== 'programme'
        ? 'not back'
        : lost.dead > 0
          ? 'reloaded'
          : 'came back';
  return { outcome, lost, unmeasuredMs: msOf((span) => span.class === 'unmeasured') };
}

/** A program that starts again counts from 0. */
function countRequests(reports: Iterable<StageReport>, { fromMs, toMs }: Interval): number {
  let sum = 0;
  let before: number | undefined;
  for (const { atMs, requests = 0 } of reports) {
    if (before !== undefined && atMs > fromMs && atMs <= toMs)
      sum += requests >= before ? requests - before : requests;
    before = requests;
  }
  return sum;
}

/** Gives what a simulation of a real run keeps step with. */
export function readTimes({ recorded, report }: SeenRun): RealTimes {
  const { startedAtEpochMs, plan } = recorded.run;
  const { fps, segmentMs } = plan.scenario.design.media;
  const [steady, disrupt] = [findPhase(report, 'steady'), findPhase(report, 'disrupt')];
  const recover = findPhase(report, 'recover');
  let newest = 0;
  for (const { atMs, programmeCounter } of recorded.reports.get(originIn(plan.scenario.design)) ??
    [])
    if (atMs <= steady.fromMs) newest = programmeCounter ?? newest;
  return {
    joinPhaseMs:
      Math.round(ageOfCounterMs(newest, startedAtEpochMs + steady.fromMs, fps)) % segmentMs,
    startUpMs: startUpMs(report, steady),
    steadyMs: disrupt.fromMs - steady.fromMs,
    watchedMs: recover.toMs - disrupt.fromMs,
  };
}

/** The stage that uploads are sent to. */
const originIn = ({ stages }: Design): string =>
  stages.find((stage) => 'whenStale' in stage)?.name ?? '';

/** Gives the median of those who joined at the start; 0 where nobody did. */
function startUpMs({ lanes, viewers }: Report, steady: Interval): number {
  const firsts = lanes.flatMap((lane) => {
    const viewer = viewers.find(({ id, control }) => id === lane.id && !control);
    if (lane.kind !== 'viewer' || !viewer || viewer.joinMs >= steady.toMs) return [];
    const first = lane.spans.find((span) => span.class === 'programme');
    return first ? [first.fromMs - viewer.joinMs] : [];
  });
  return firsts.length === 0 ? 0 : aggregate('p50', firsts);
}

const findPhase = ({ phases }: Report, phase: Phase): Interval =>
  phases.find((one) => one.phase === phase) ?? { fromMs: 0, toMs: 0 };
