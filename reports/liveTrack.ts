// The past of one lane of the live view: when it was in which class. Bounded, however long the run.

import { counterIn } from '../harness/model/counters.ts';
import type { StageRecord, StatsRecord } from '../harness/model/history.ts';
import type { Span } from '../harness/model/report.ts';

export interface LiveTrack {
  /** Sets the name from this instant on; instants come in order. */
  readonly set: (atMs: number, name: string) => void;
  readonly now: (atMs: number) => string;
  /** Gives the spans from the start, or as far back as is kept, to this instant. */
  readonly spans: (atMs: number) => Span<string>[];
}

/** Far more than a strip has cells; a lane that changes more often loses its oldest half. */
const CHANGES_MAX = 4_000;

/** `stale`: what it is called when nothing was heard for this long. */
export function createTrack(stale?: {
  readonly afterMs: number;
  readonly name: string;
}): LiveTrack {
  let changes: { atMs: number; name: string }[] = [];
  let heardMs = -Infinity;
  const isStale = (atMs: number) => stale !== undefined && atMs - heardMs > stale.afterMs;
  return {
    set: (atMs, name) => {
      if (stale && isStale(atMs) && changes.length > 0) {
        changes.push({ atMs: heardMs + stale.afterMs, name: stale.name });
      }
      heardMs = atMs;
      if (changes.at(-1)?.name !== name) changes.push({ atMs, name });
      if (changes.length > CHANGES_MAX) changes = changes.slice(CHANGES_MAX / 2);
    },
    now: (atMs) => (stale && isStale(atMs) ? stale.name : (changes.at(-1)?.name ?? 'idle')),
    spans: (atMs) => {
      const list = changes.map(({ atMs: fromMs, name }, i) => ({
        class: name,
        fromMs,
        toMs: changes[i + 1]?.atMs ?? atMs,
      }));
      const last = list.at(-1);
      if (!stale || !last || !isStale(atMs)) return list;
      const turnMs = heardMs + stale.afterMs;
      const fresh = { ...last, toMs: turnMs };
      return [...list.slice(0, -1), fresh, { class: stale.name, fromMs: turnMs, toMs: atMs }];
    },
  };
}

/** A stage whose counters stand still for longer does nothing. */
const IDLE_AFTER_MS = 4_000;

/** A stage: down, idle, filling, or passing the programme on. */
export function createStageTrack() {
  const track = createTrack();
  let work = -1;
  let grewMs = -Infinity;
  return {
    track,
    record: (record: StageRecord | StatsRecord) => {
      const { atMs } = record;
      if (record.type === 'stage') {
        if (record.event === 'exited' || record.event === 'starting') track.set(atMs, 'down');
        if (record.event === 'ready') track.set(atMs, 'idle');
        return;
      }
      const total = countWork(record);
      if (work >= 0 && total > work) grewMs = atMs;
      work = total;
      track.set(atMs, activity(record, atMs - grewMs > IDLE_AFTER_MS));
    },
  };
}

function activity({ fill = 'none' }: StatsRecord, still: boolean): string {
  if (fill === 'none') return still ? 'idle' : 'programme';
  return fill === 'paused' ? 'idle' : 'filling';
}

const countWork = (record: StatsRecord): number =>
  WORK.reduce((sum, name) => sum + (counterIn(record, name) ?? 0), 0);

const WORK = ['bytesIn', 'bytesOut', 'framesOut', 'requests', 'uploads'] as const;
