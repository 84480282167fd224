// Decides whether a viewer had the programme without a break for long enough. One definition for
// the run, which waits for it before the first fault and after the last, and for the judge, who
// looks for it in the record.
//
// A viewer is seconds behind live: what is shown when a fault is healed was made before the fault
// began. So only programme made after a moment counts: after the stages were ready, and after the
// last planned action on the way of the viewer's channel.
//
//   black at the source         made       p p p p b b b p p p p p p p p p
//   eight steps behind live     shown                      p p p p b b b p p p
//                                                        ^ healed        ^ first one that counts

import { ageOfCounterMs } from './frameClock.ts';
import type { HistoryRecord } from './history.ts';
import type { Plan } from './plan.ts';

/** A longer time without a new programme frame breaks the hold: twelve frames at 25 fps. */
export const BREAK_MS = 500;

/** Programme that came without a break; all of it was made after the moment that was asked for. */
export interface Hold {
  sinceMs: number;
  /** When the first of it was made. */
  sinceMadeMs: number;
  lastMs: number;
  counter: number;
}

export const newHold = (): Hold => ({
  sinceMs: Infinity,
  sinceMadeMs: Infinity,
  lastMs: -Infinity,
  counter: -1,
});

export const heldMs = ({ sinceMs, lastMs }: Hold): number => Math.max(0, lastMs - sinceMs);

/**
 * Takes a presented programme frame into account; frames come in order of time, which counts from the
 * start of the run.
 */
export function extendHold(
  hold: Hold,
  { atMs, counter, madeAtMs }: Readonly<Record<'atMs' | 'counter' | 'madeAtMs', number>>,
  madeAfterMs: number,
): void {
  if (counter === hold.counter || madeAtMs < madeAfterMs) return;
  if (atMs - hold.lastMs > BREAK_MS || hold.sinceMadeMs < madeAfterMs) {
    hold.sinceMs = atMs;
    hold.sinceMadeMs = madeAtMs;
  }
  hold.lastMs = atMs;
  hold.counter = counter;
}

export interface FrameTimes {
  readonly startedAtEpochMs: number;
  readonly fps: number;
}

/** When a frame that was shown at this moment was made, by its frame clock. */
export const madeAtMs = (
  counter: number,
  atMs: number,
  { startedAtEpochMs, fps }: FrameTimes,
): number => atMs - ageOfCounterMs(counter, startedAtEpochMs + atMs, fps);

/** Follows the actions of a plan as they are carried out: in a whole run the last one is a heal. */
export function findLastActions({ actions, scenario }: Plan) {
  const planned = new Map(actions.map((action) => [action.id, action]));
  const done = new Map<string, number>();
  return {
    record: (record: HistoryRecord): void => {
      const fault = record.type === 'action' ? planned.get(record.action)?.fault : undefined;
      if (record.type !== 'action' || record.error !== undefined || !fault) return;
      const channels = fault.channels.length > 0 ? fault.channels : scenario.design.channels;
      for (const channel of channels)
        done.set(channel, Math.max(record.doneAtMs, done.get(channel) ?? 0));
    },
    /** When the last planned action on the channel's way was done; undefined before the first one. */
    doneMs: (channel: string) => done.get(channel),
  };
}
