// Reads what a set-top box tells of itself: how long it booted and looked for its channels, and what it
// received.

import type { ViewerRecord } from '../model/history.ts';
import type { BoxResult } from '../model/received.ts';

/** Undefined for a viewer that is no box. A zap that another one cut short tells nothing. */
export function boxIn(events: readonly ViewerRecord[]): BoxResult | undefined {
  // A box that tunes anew after its error page does not zap.
  const zaps = events.flatMap((event, i) =>
    event.event === 'tune' && ZAPS_AFTER.has(events[i - 1]?.event)
      ? [findOutcome(event, events, i)]
      : [],
  );
  const boots = bootsIn(events);
  if (zaps.length + boots.length === 0) return undefined;
  const bootMs = boots.filter((ms) => ms !== undefined);
  const received = events.findLast(({ reception }) => reception)?.reception;
  return {
    bootMs,
    bootsFailed: boots.length - bootMs.length,
    zapMs: zaps.flatMap((zap) => (typeof zap === 'number' ? [zap] : [])),
    zapsFailed: zaps.filter((zap) => zap === 'failed').length,
    continuityErrors: received?.continuityErrors ?? 0,
    ...(received?.tableErrors !== undefined && { tableErrors: received.tableErrors }),
    datagrams: received?.datagrams ?? 0,
    repaired: received?.repaired ?? 0,
    lost: received?.lost ?? 0,
  };
}

function findOutcome(
  { atMs }: ViewerRecord,
  events: readonly ViewerRecord[],
  at: number,
): number | 'failed' | 'cut short' {
  const end = events.slice(at + 1).find(({ event }) => ENDS.has(event));
  if (end?.event === 'tuned') return Math.round(end.atMs - atMs);
  return end?.event === 'fatal' ? 'failed' : 'cut short';
}

const ZAPS_AFTER: ReadonlySet<ViewerRecord['event'] | undefined> = new Set(['join', 'booted']);

/** The time from each switching on to the end of the boot; undefined where it did not come. */
function bootsIn(events: readonly ViewerRecord[]): (number | undefined)[] {
  return events.flatMap(({ event, atMs }, i) => {
    if (event !== 'join' || events[i + 1]?.event !== 'boot') return [];
    const end = events.slice(i + 1).find(({ event: next }) => BOOT_ENDS.has(next));
    return [end?.event === 'booted' ? Math.round(end.atMs - atMs) : undefined];
  });
}

const BOOT_ENDS: ReadonlySet<ViewerRecord['event']> = new Set(['booted', 'leave']);
const ENDS: ReadonlySet<ViewerRecord['event']> = new Set(['tuned', 'fatal', 'tune', 'leave']);
