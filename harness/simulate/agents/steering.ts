// A stage that steers viewers between edges: it asks each edge for playlists, holds those that fail for
// the last, and tells so to everybody who asks (harness/pipeline/web/steering.ts).

import { ask } from './delivery.ts';
import { NONE, type Answer, type Place, type Tier } from './place.ts';
import { valueAt } from './steps.ts';

export interface Steering {
  readonly tier: Tier;
  /** Players ask again after so long; undefined where they are told nothing but the order at first. */
  readonly ttlMs: number | undefined;
  /** The time between checks; 0 where it never looks. */
  readonly checkEveryMs: number;
  /** The places of each edge, the preferred first. */
  readonly edges: readonly (readonly Place[])[];
  /** The edges that it holds for failing from a time on, a bit each; times go on. */
  readonly found: { readonly atMs: number; readonly failing: number }[];
  nextCheckMs: number;
}

/** An edge that takes longer is no better than one that does not answer (pipeline/web/edgeWatch.ts). */
const ANSWER_WITHIN_MS = 1_000;

export const failingAt = ({ found }: Steering, atMs: number): number =>
  found.findLast((one) => one.atMs <= atMs)?.failing ?? 0;

/** Looks at every edge as often as is due before a time. */
export function lookAtEdges(steering: Steering, untilMs: number, answer: Answer): void {
  while (steering.checkEveryMs > 0 && steering.nextCheckMs < untilMs) {
    const atMs = steering.nextCheckMs;
    const isThere = valueAt(steering.tier.server.life, atMs) === 'works';
    const doneMs = isThere ? look(steering, atMs, answer) : forget(steering, atMs);
    steering.nextCheckMs = doneMs + steering.checkEveryMs;
  }
}

/** A new life of it knows of no edge that fails. */
function forget({ found }: Steering, atMs: number): number {
  if (found.length > 0) found.push({ atMs, failing: 0 });
  return atMs;
}

/** Gives when the last edge has answered, or was waited for in vain. */
function look({ edges, found }: Steering, atMs: number, answer: Answer): number {
  const seen = edges
    .map((places, edge) => ({ edge, ...tryPlaces(places, atMs, answer) }))
    .toSorted((a, b) => a.doneMs - b.doneMs);
  for (const { edge, serves, doneMs } of seen) {
    const before = found.at(-1)?.failing ?? 0;
    const failing = serves ? before & ~(1 << edge) : before | (1 << edge);
    if (failing !== before) found.push({ atMs: doneMs, failing });
  }
  return seen.at(-1)?.doneMs ?? atMs;
}

/** Asks for the playlist of every channel: an edge serves where one of them is answered well in time. */
function tryPlaces(places: readonly Place[], atMs: number, answer: Answer) {
  const lateMs = atMs + ANSWER_WITHIN_MS;
  let [serves, doneMs] = [places.length === 0, atMs];
  for (const place of places) {
    ask(place, 'playlist', 0, atMs, 1, answer);
    const isInTime = answer.status !== NONE && answer.atMs <= lateMs;
    if (isInTime && answer.status === 200) serves = true;
    doneMs = Math.max(doneMs, isInTime ? answer.atMs : lateMs);
  }
  return { serves, doneMs };
}
