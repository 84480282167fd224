// A channel at an entry: the classes of stages that answer for it, what their cache holds, and until when
// nothing about them changes.

import type { EdgeStage, OriginStage } from '../../model/scenario.ts';
import type { LifeState } from '../stage.ts';
import type { Conditions, Wrong } from './forces.ts';
import type { Load } from './loads.ts';
import type { Publication } from './publication.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';

export interface OriginWay {
  readonly stage: OriginStage;
  readonly life: Steps<LifeState>;
  readonly wrong: Steps<readonly Wrong[]>;
  readonly load: Load;
}

/** One class of edges and its way to its origin; `edge` is undefined where viewers ask the origin. */
export interface Entry {
  readonly name: string;
  readonly edge: EdgeStage | undefined;
  readonly life: Steps<LifeState>;
  readonly wrong: Steps<readonly Wrong[]>;
  readonly flow: Steps<Conditions>;
  readonly origin: OriginWay;
  readonly load: Load;
}

/** Requests of the viewers of a channel at an entry. */
export interface Place {
  readonly entry: Entry;
  readonly channel: string;
  readonly publication: Publication;
  readonly epochMs: number;
  /** Bytes of a segment of the rung that most watch. */
  readonly segmentBytes: number;
  readonly kept: Readonly<Record<Asked, Kept>>;
  /** The newest segment in the cache. */
  cachedTo: number;
  /** The last version that is known to be there: time only goes on. */
  versionAt: number;
  /** Requests to the origin are counted up to here where viewers' steady state is skipped. */
  countedToMs: number;
}

export type Asked = 'manifest' | 'playlist' | 'segment';

/** One answer in a cache, and the request that is under way for the next. */
export interface Kept {
  value: number;
  status: number;
  freshToMs: number;
  busyToMs: number;
  coming: { status: number; value: number };
}

export const newKept = (): Kept => ({
  value: -1,
  status: 0,
  freshToMs: -Infinity,
  busyToMs: -Infinity,
  coming: { status: 0, value: -1 },
});

/** The answer to the last request that was asked; `value` is the version of a playlist. */
export interface Answer {
  /** 0: the connection broke; NONE: no answer ever comes. */
  status: number;
  value: number;
  atMs: number;
}

export const NONE = -1;
/** A good answer that nobody can read. */
export const EMPTY = 299;

/** Requests come nearly in order: the version is found near the last one. */
export function versionAt(place: Place, atMs: number): number {
  const { atMs: times } = place.publication;
  let version = place.versionAt;
  while (version >= 0 && times[version]! > atMs) version--;
  while (version + 1 < times.length && times[version + 1]! <= atMs) version++;
  place.versionAt = version;
  return version;
}

export function versionIn({ atMs: times }: Publication, atMs: number): number {
  let version = -1;
  while (version + 1 < times.length && times[version + 1]! <= atMs) version++;
  return version;
}

/** Until when a place answers well and its playlist goes on at the pace of the programme. */
export function regularUntil(place: Place, nowMs: number): number {
  const version = versionAt(place, nowMs);
  if (version < 0) return nowMs;
  return Math.min(place.publication.regularToMs[version]!, wellUntil(place, nowMs));
}

/** Until when it gives the same playlist again and again. */
export function unchangedUntil(place: Place, nowMs: number): number {
  const { publication, entry } = place;
  const version = versionAt(place, nowMs);
  const { whenStale, staleAfterMs } = entry.origin.stage;
  const staleMs =
    whenStale === 'serve' ? Infinity : (publication.atMs[version] ?? 0) + staleAfterMs;
  const nextMs = publication.atMs[version + 1] ?? Infinity;
  return Math.min(nextMs, staleMs, wellUntil(place, nowMs));
}

function wellUntil({ entry }: Place, nowMs: number): number {
  const { origin } = entry;
  const isWell =
    valueAt(entry.life, nowMs) === 'works' &&
    valueAt(origin.life, nowMs) === 'works' &&
    valueAt(entry.wrong, nowMs).length === 0 &&
    valueAt(origin.wrong, nowMs).length === 0 &&
    isHealthy(valueAt(entry.flow, nowMs));
  if (!isWell) return nowMs;
  return Math.min(
    ...[entry.life, entry.wrong, entry.flow, origin.life, origin.wrong].map((steps) =>
      changeAfter(steps, nowMs),
    ),
  );
}

export const isHealthy = ({ forward, backward }: Conditions): boolean =>
  forward.cut === undefined &&
  backward.cut === undefined &&
  forward.delayMs + backward.delayMs === 0 &&
  forward.rateKbps === Infinity;
