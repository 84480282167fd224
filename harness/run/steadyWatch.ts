// Tells who does not have the programme yet: the question of the steady state before the first
// fault, and of recovery after the last (model/hold.ts says which programme counts).

import { BREAK_MS, extendHold, heldMs, findLastActions, madeAtMs, newHold } from '../model/hold.ts';
import type { Hold, FrameTimes } from '../model/hold.ts';
import {
  MARK,
  type FramesRecord,
  type HistoryRecord,
  type ShownRecord,
  type ViewerDescription,
  type ViewerRecord,
} from '../model/history.ts';
import { findLatecomers, type Plan } from '../model/plan.ts';

export interface SteadyWatch {
  readonly record: (record: HistoryRecord) => void;
  /**
   * Viewers who are there and do not have the programme at this moment, or have not had it for the hold time
   * without a break. Programme made before the stages were ready, or before the last action on the
   * viewer's channel was done, does not count.
   */
  readonly waitingFor: (atMs: number) => readonly string[];
  /** The reason why a page was lost before the first fault: there will be no steady state. */
  readonly lostBefore: () => string | undefined;
}

export interface SteadyWatchOptions {
  readonly plan: Plan;
  readonly viewers: readonly ViewerDescription[];
  readonly startedAtEpochMs: number;
}

export function createSteadyWatch(options: SteadyWatchOptions): SteadyWatch {
  const { plan, viewers, startedAtEpochMs } = options;
  const { steady, design } = plan.scenario;
  const times = { startedAtEpochMs, fps: design.media.fps };
  const actions = findLastActions(plan);
  const ready = readyStages();
  const away = new Set(findLatecomers(plan));
  let wasSteady = false;
  let lostBefore: string | undefined;
  const watched = new Map(
    viewers.map(({ id, channel, imitates }) => [id, { channel, imitates, hold: newHold() }]),
  );
  const madeAfterMs = (channel: string) => Math.max(ready.atMs(), actions.doneMs(channel) ?? 0);
  const isSteady = (viewer: string, atMs: number): boolean => {
    const { channel, hold, imitates } = watched.get(viewer)!;
    const silentMs = imitates === undefined ? BREAK_MS : BREAK_MS + SPAN_MS_MAX;
    const counts = hold.sinceMadeMs >= madeAfterMs(channel) && atMs - hold.lastMs <= silentMs;
    return counts && heldMs(hold) >= steady.holdMs;
  };
  const comeOrGo = ({ event, viewer, detail }: ViewerRecord) => {
    const seen = watched.get(viewer);
    // Nobody waits for a screen that nobody can see any more, once there was a steady state.
    if (event === 'leave' || (event === 'page-lost' && wasSteady)) away.add(viewer);
    if (event === 'page-lost' && !wasSteady) lostBefore ??= detail ?? 'a page was lost';
    if (event !== 'join' || !seen) return;
    away.delete(viewer);
    seen.hold = newHold();
  };
  return {
    record: (record) => {
      ready.record(record);
      wasSteady ||= record.type === 'phase' && record.phase === 'disrupt';
      actions.record(record);
      if (record.type === 'viewer') comeOrGo(record);
      const seen = record.type === 'frames' ? watched.get(record.viewer) : undefined;
      if (record.type === 'shown') extendByMedia(watched.get(record.viewer), record, madeAfterMs);
      if (seen && record.type === 'frames')
        extend(seen.hold, record, { ...times, madeAfterMs: madeAfterMs(seen.channel) });
    },
    lostBefore: () => lostBefore,
    waitingFor: (atMs) =>
      viewers.map(({ id }) => id).filter((id) => !away.has(id) && !isSteady(id, atMs)),
  };
}

/** Light viewers tell that often what they show. */
const SPAN_MS_MAX = 2_500;

/** Media that was played counts as the programme, by the date of its playlist. */
function extendByMedia(
  seen: { readonly channel: string; readonly hold: Hold } | undefined,
  { look, fromMs, toMs, media }: ShownRecord,
  madeAfterMs: (channel: string) => number,
): void {
  if (!seen || look !== 'programme' || !media) return;
  // Nobody could see a break in what was played from one buffer.
  const steps = Math.ceil((toMs - fromMs) / BREAK_MS);
  for (let step = 0; step <= steps; step++) {
    const atMs = Math.min(fromMs + step * BREAK_MS, toMs);
    const madeMs = media.atMs + atMs - fromMs;
    const frame = { atMs, counter: Math.floor(madeMs), madeAtMs: madeMs };
    extendHold(seen.hold, frame, madeAfterMs(seen.channel));
  }
}

function extend(
  hold: Hold,
  { frames }: FramesRecord,
  { madeAfterMs, ...times }: FrameTimes & { readonly madeAfterMs: number },
): void {
  for (const [atMs, mark, counter] of frames)
    if (mark === MARK.programme)
      extendHold(hold, { atMs, counter, madeAtMs: madeAtMs(counter, atMs, times) }, madeAfterMs);
}

/** When the last stage was ready before viewers joined; one that a fault starts again comes later. */
function readyStages() {
  let lastMs = 0;
  let provisioned = false;
  return {
    atMs: () => lastMs,
    record: (record: HistoryRecord) => {
      provisioned ||= record.type === 'phase' && record.phase === 'steady';
      if (!provisioned && record.type === 'stage' && record.event === 'ready') lastMs = record.atMs;
    },
  };
}
