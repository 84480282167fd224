// A channel at an entry: the classes of stages that answer for it, what their caches hold, and until when
// nothing about them changes.

import type { EdgeStage, OriginStage } from '../../model/scenario.ts';
import type { LifeState } from '../stage.ts';
import { RUNGS_MAX } from './crowd.ts';
import type { Conditions, Wrong } from './forces.ts';
import type { Gate } from './gate.ts';
import type { Load } from './loads.ts';
import type { Publication } from './publication.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';

/** One class of edges, of shields before them or of origins. */
export interface Server {
  readonly name: string;
  readonly life: Steps<LifeState>;
  readonly wrong: Steps<readonly Wrong[]>;
  readonly load: Load;
  /** Undefined where nothing limits it. */
  readonly gate: Gate | undefined;
  /** Undefined for an origin. */
  readonly edge: EdgeStage | undefined;
  /** The way to the server that it asks. */
  readonly flow: Steps<Conditions>;
}

/** A server as it is for one channel, and the one that it asks. */
export interface Tier {
  readonly server: Server;
  readonly up: Tier | undefined;
  readonly kept: Readonly<Record<Asked, Kept>>;
  /** The newest segment in the cache. */
  cachedTo: number;
  /** Requests to the next tier are counted up to here where viewers' steady state is skipped. */
  countedToMs: number;
}

/** A tier with a cache. */
export interface EdgeTier extends Tier {
  readonly server: Server & { readonly edge: EdgeStage };
  readonly up: Tier;
}

export const isEdgeTier = (tier: Tier): tier is EdgeTier =>
  tier.server.edge !== undefined && tier.up !== undefined;

/** Requests of the viewers of a channel at an entry. */
export interface Place {
  /** From the entry to the origin. */
  readonly tiers: readonly [Tier, ...Tier[]];
  /** Answers for the manifest where viewers are steered; the entry does where they are not. */
  readonly steering: Tier | undefined;
  readonly origin: OriginStage;
  readonly channel: string;
  readonly publication: Publication;
  readonly epochMs: number;
  /** Bytes of a segment of the rung that most watch. */
  readonly segmentBytes: number;
  /** When somebody asked first for the playlist of each rung; a stage gives no older one of it again. */
  readonly askedMs: Float64Array;
  /** The last version that is known to be there: time only goes on. */
  versionAt: number;
}

/** A place that nobody has asked. */
export const unasked = (): Pick<Place, 'askedMs' | 'versionAt'> => ({
  askedMs: new Float64Array(RUNGS_MAX).fill(Infinity),
  versionAt: -1,
});

export type Asked = 'manifest' | 'playlist' | 'segment';

/** One answer in a cache, and the request that is under way for the next. */
export interface Kept {
  value: number;
  status: number;
  freshToMs: number;
  busyToMs: number;
  coming: { status: number; value: number };
}

const newKept = (): Kept => ({
  value: -1,
  status: 0,
  freshToMs: -Infinity,
  busyToMs: -Infinity,
  coming: { status: 0, value: -1 },
});

export const makeTier = (server: Server, up: Tier | undefined): Tier => ({
  server,
  up,
  kept: { manifest: newKept(), playlist: newKept(), segment: newKept() },
  cachedTo: -1,
  countedToMs: -Infinity,
});

/** The answer to the last request that was asked; `value` is the version of a playlist. */
export interface Answer {
  /** 0: the connection broke; NONE: no answer ever comes. */
  status: number;
  value: number;
  atMs: number;
  /** The entry had no capacity for it. */
  isTurnedAway: boolean;
}

/** The tier that viewers ask for the manifest. */
export const firstTier = ({ steering, tiers }: Place): Tier => steering ?? tiers[0];

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
  const { publication, origin } = place;
  const version = versionAt(place, nowMs);
  const { whenStale, staleAfterMs } = origin;
  const staleMs =
    whenStale === 'serve' ? Infinity : (publication.atMs[version] ?? 0) + staleAfterMs;
  const nextMs = publication.atMs[version + 1] ?? Infinity;
  return Math.min(nextMs, staleMs, wellUntil(place, nowMs));
}

function wellUntil({ tiers }: Place, nowMs: number): number {
  let untilMs = Infinity;
  for (const { server } of tiers) {
    const { life, wrong, flow } = server;
    const isWell =
      valueAt(life, nowMs) === 'works' &&
      valueAt(wrong, nowMs).length === 0 &&
      isHealthy(valueAt(flow, nowMs));
    if (!isWell) return nowMs;
    untilMs = Math.min(untilMs, ...listChanges(server, nowMs));
  }
  return untilMs;
}

/** Gives when the life, the answers and the way of a server change next. */
export const listChanges = ({ life, wrong, flow }: Server, nowMs: number): readonly number[] => [
  changeAfter(life, nowMs),
  changeAfter(wrong, nowMs),
  changeAfter(flow, nowMs),
];

export const isHealthy = ({ forward, backward }: Conditions): boolean =>
  forward.cut === undefined &&
  backward.cut === undefined &&
  forward.delayMs + backward.delayMs === 0 &&
  forward.rateKbps === Infinity;
