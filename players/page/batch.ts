// Gathers what happened until it is sent: events in order, frames per viewer. Every viewer on the
// wall is in every batch, with or without frames: that tells that the page is alive.

import type { FrameSample, PlayerSample } from '../../harness/model/history.ts';
import type { PageBatch, PageEvent, PageFrames } from '../messages.ts';

export interface Batcher {
  event(event: PageEvent): void;
  frame(viewer: string, frame: FrameSample): void;
  /** Takes what was gathered since the last take; frames of viewers that have left are not lost. */
  take(now: TakeOptions): PageBatch;
}

interface TakeOptions {
  readonly atEpochMs: number;
  /** The viewers on the wall and the state of their players. */
  readonly players: ReadonlyMap<string, PlayerSample>;
}

/** State of a player that is gone. */
const GONE: PlayerSample = { canPlay: false, bufferedMs: 0, lateMs: 0 };

export function createBatcher(): Batcher {
  let events: PageEvent[] = [];
  let frames = new Map<string, FrameSample[]>();
  return {
    event: (event) => void events.push(event),
    frame: (viewer, frame) => {
      const list = frames.get(viewer);
      if (list) list.push(frame);
      else frames.set(viewer, [frame]);
    },
    take: ({ atEpochMs, players }) => {
      const viewers = new Set([...players.keys(), ...frames.keys()]);
      const taken = [...viewers].map((viewer): PageFrames => ({
        viewer,
        atEpochMs,
        frames: frames.get(viewer) ?? [],
        player: players.get(viewer) ?? GONE,
      }));
      const batch = { events, frames: taken };
      events = [];
      frames = new Map();
      return batch;
    },
  };
}
