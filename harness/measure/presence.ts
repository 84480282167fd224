// Holds what viewers did against the times at which the plan lets them come and go.

import type { History } from '../model/history.ts';
import { findLatecomers } from '../model/plan.ts';
import { disruptedAtMs } from './faults.ts';
import type { ViewerTrack } from './tracks.ts';

export interface Presence {
  /** The viewer left when the plan or its behaviour said so, and did not return before the end. */
  readonly leftAsPlanned: (track: ViewerTrack) => boolean;
  /** The viewer was not to be there before the first fault. */
  readonly isLatecomer: (viewer: string) => boolean;
  /** The run ended before the time at which the viewer was to join. */
  readonly wasTooEarlyFor: (viewer: string) => boolean;
}

/** The page and the harness tell one moment a little apart. */
const SAME_MS = 1_000;

export function presenceIn({ run, records }: History, endMs: number): Presence {
  const { audience = [] } = run.plan;
  const steps = Map.groupBy(audience, ({ viewer }) => viewer);
  const latecomers = findLatecomers(run.plan);
  const fromMs = disruptedAtMs(records) ?? Infinity;
  return {
    leftAsPlanned: ({ viewer, events }) => {
      const planned = steps.get(viewer.id)?.findLast(({ atMs }) => fromMs + atMs <= endMs);
      const last = events.findLast(({ event }) => event === 'join' || event === 'leave');
      if (last?.event !== 'leave') return false;
      const isAt = (atMs: number) => Math.abs(last.atMs - atMs) <= SAME_MS;
      const acted = events.findLast(({ event }) => event === 'act');
      if (acted?.detail === 'leave' && isAt(acted.atMs)) return true;
      return planned?.does === 'leave' && isAt(fromMs + planned.atMs);
    },
    isLatecomer: (viewer) => latecomers.has(viewer),
    wasTooEarlyFor: (viewer) =>
      latecomers.has(viewer) && fromMs + steps.get(viewer)![0]!.atMs > endMs,
  };
}
