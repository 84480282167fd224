// Fast-forward: steady states of an agent in closed form.

import { PLAYING } from './crowd.ts';
import { countRate } from './loads.ts';
import { regularUntil, unchangedUntil, type Place } from './place.ts';
import {
  eventNumber,
  LOAD,
  LOOK,
  MOVE,
  readRules,
  SEGMENT,
  segmentToLoad,
  type Kernel,
} from './player.ts';
import { isScheduled, schedule } from './wheel.ts';

/** Skips time in which nothing happens to an agent but what happens to everybody in a steady state. */
export function skipAhead(kernel: Kernel, agent: number, isNew: boolean): void {
  const { crowd, places, wheel, segmentMs } = kernel;
  const event = eventNumber(agent, LOAD);
  if (!isScheduled(wheel, event) || isScheduled(wheel, eventNumber(agent, SEGMENT))) return;
  const nextMs = wheel.atMs[event]!;
  const place = places[crowd.place[agent]!]!;
  const isWhole = Number.isNaN(crowd.pieceFromMs[agent]!);
  const isCalm = isWhole && crowd.segmentErrors[agent] === 0 && segmentToLoad(kernel, agent) < 0;
  if (!isCalm || kernel.gates.size > 0) return;
  const { unchangedPollShare = 0.5 } = readRules(kernel, agent);
  const stepMs = isNew ? segmentMs : segmentMs * unchangedPollShare;
  const placeMs = isNew ? regularUntil(place, nextMs) : unchangedUntil(place, nextMs);
  const untilMs = Math.min(placeMs, quietUntil(kernel, agent, isNew));
  const steps = Math.min(1e6, Math.floor((untilMs - nextMs) / stepMs) - 2);
  if (steps <= 0 || (isNew && crowd.mode[agent] !== PLAYING)) return;
  const movedMs = steps * stepMs;
  const requests = crowd.count[agent]! * steps * (isNew ? 2 : 1);
  countRate(place.entry.load, nextMs, nextMs + movedMs, requests);
  countOrigin(place, nextMs, nextMs + movedMs, isNew ? segmentMs : Infinity);
  if (isNew) {
    crowd.first[agent]! += steps;
    crowd.last[agent]! += steps;
    crowd.nextSegment[agent]! += steps;
    crowd.bufferToMs[agent]! += movedMs;
  }
  schedule(wheel, event, nextMs + movedMs);
}

/** Until when nobody comes, goes or acts, and the player has no reason to give up. */
function quietUntil(kernel: Kernel, agent: number, isNew: boolean): number {
  const { crowd, wheel, segmentMs } = kernel;
  const movesMs = wheel.atMs[eventNumber(agent, MOVE)]!;
  if (isNew) return movesMs;
  const stuckMs = crowd.changedAtMs[agent]! + readRules(kernel, agent).stuckTargets * segmentMs;
  const isDoomed = crowd.doomed[agent] === 2;
  return Math.min(movesMs, wheel.atMs[eventNumber(agent, LOOK)]!, isDoomed ? Infinity : stuckMs);
}

/** Counts what the cache of a class asks its origin for while its viewers are skipped. */
function countOrigin(place: Place, fromMs: number, toMs: number, segmentMs: number): void {
  const { entry } = place;
  const sinceMs = Math.max(fromMs, place.countedToMs);
  if (!entry.edge || toMs <= sinceMs) return;
  const playlists = (toMs - sinceMs) / Math.max(1000, entry.edge.playlistTtlMs);
  countRate(entry.origin.load, sinceMs, toMs, playlists + (toMs - sinceMs) / segmentMs);
  place.countedToMs = toMs;
}
