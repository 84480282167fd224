// Reads what a set-top box tells of itself: how long it looked for its channels, and what it received.

import type { ViewerRecord } from '../model/history.ts';
import type { BoxResult } from '../model/received.ts';

/** Undefined for a viewer that is no box. A zap that another one cut short tells nothing. */
export function boxIn(events: readonly ViewerRecord[]): BoxResult | undefined {
  // A box that tunes anew after its error page does not zap.
  const zaps = events.flatMap((event, i) =>
    event.event === 'tune' && events[i - 1]?.event === 'join' ? [outcomeOf(event, events, i)] : [],
  );
  if (zaps.length === 0) return undefined;
  const received = events.findLast(({ reception }) => reception)?.reception;
  return {
    zapMs: zaps.flatMap((zap) => (typeof zap === 'number' ? [zap] : [])),
    zapsFailed: zaps.filter((zap) => zap === 'failed').length,
    continuityErrors: received?.continuityErrors ?? 0,
    datagrams: received?.datagrams ?? 0,
  };
}

function outcomeOf(
  { atMs }: ViewerRecord,
  events: readonly ViewerRecord[],
  at: number,
): number | 'failed' | 'cut short' {
  const end = events.slice(at + 1).find(({ event }) => ENDS.has(event));
  if (end?.event === 'tuned') return Math.round(end.atMs - atMs);
  return end?.event === 'fatal' ? 'failed' : 'cut short';
}

const ENDS: ReadonlySet<ViewerRecord['event']> = new Set(['tuned', 'fatal', 'tune', 'leave']);
