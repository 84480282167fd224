// Places that give the same errors for a while: what every request is answered, until when, and which of
// them get through to the origin.

import { isKeptError } from '../../model/cacheTimes.ts';
import type { EdgeStage } from '../../model/scenario.ts';
import { FAILURES } from './delivery.ts';
import type { Conditions, Wrong } from './forces.ts';
import {
  EMPTY,
  isHealthy,
  listChanges,
  versionAt,
  type Asked,
  type Place,
  type Server,
} from './place.ts';
import { valueAt } from './steps.ts';
import { wrongAt } from './wrongAnswer.ts';

export interface SameAnswer {
  readonly status: number;
  /** The origin gets every request, one for as long as an answer is kept, or none. */
  readonly atOrigin: 'each' | 'one' | 'none';
  /** For how long an answer is kept, where the origin gets one for each time. */
  readonly keptMs: number;
}

export interface SameErrors {
  readonly manifest: SameAnswer;
  readonly playlist: SameAnswer;
  readonly untilMs: number;
}

/** Undefined where playlists are good, or where an answer may be another one soon. */
export function sameErrors(place: Place, atMs: number): SameErrors | undefined {
  if (place.steering) return undefined;
  const manifest = makeAnswer(place, 'manifest', atMs);
  const playlist = manifest && makeAnswer(place, 'playlist', atMs);
  if (!manifest || !playlist || playlist.status === 200) return undefined;
  const { tiers, publication } = place;
  const [{ server }] = tiers;
  const changes = tiers.flatMap((tier) => listChanges(tier.server, atMs));
  const published = readsPlaylist(place, atMs)
    ? (publication.atMs[versionAt(place, atMs) + 1] ?? Infinity)
    : Infinity;
  const changedMs = Math.min(published, ...changes);
  const keepsErrors = [manifest, playlist].some(
    ({ status, atOrigin }) => status !== 200 && atOrigin === 'one',
  );
  // An answer that is kept at the end was asked for by somebody who is played.
  const tailMs = keepsErrors ? server.edge!.errorTtlMs + 2_000 : 0;
  return { manifest, playlist, untilMs: changedMs - tailMs };
}

function makeAnswer(place: Place, asked: Asked, atMs: number): SameAnswer | undefined {
  const [{ server }, ...behind] = place.tiers;
  const status = findStatus(server, place, asked, atMs);
  if (status === undefined || behind.length > 1) return undefined;
  if (status !== 'asks on') return { status, atOrigin: 'none', keptMs: 0 };
  if (!server.edge) {
    const own = originStatus(place, asked, atMs);
    return own === undefined ? undefined : { status: own, atOrigin: 'none', keptMs: 0 };
  }
  return throughEdge(server.edge, place, asked, atMs);
}

/** True where the answer depends on the playlist that the origin has. */
const readsPlaylist = (place: Place, atMs: number): boolean =>
  place.tiers.every(
    ({ server }) =>
      findStatus(server, place, 'playlist', atMs) === 'asks on' &&
      !isRefused(valueAt(server.flow, atMs)),
  );

const isRefused = ({ forward, backward }: Conditions): boolean =>
  ['refuse', 'reset'].includes(forward.cut ?? backward.cut ?? '');

function findStatus(
  { life, wrong: wrongs }: Server,
  { channel }: Place,
  asked: Asked,
  atMs: number,
): number | 'asks on' | undefined {
  const state = valueAt(life, atMs);
  if (state !== 'works') return state === 'down' ? 0 : undefined;
  const wrong = wrongAt(wrongs, channel, asked, atMs);
  return wrong ? statusOfWrong(wrong) : 'asks on';
}

function statusOfWrong({ answer }: Wrong): number | undefined {
  if (answer.kind === 'status')
    return answer.status >= 200 && answer.status < 300 ? EMPTY : answer.status;
  if (answer.kind === 'truncated') return 0;
  return answer.kind === 'empty' ? EMPTY : undefined;
}

function throughEdge(
  edge: EdgeStage,
  place: Place,
  asked: Asked,
  atMs: number,
): SameAnswer | undefined {
  const [{ kept: allKept, server }] = place.tiers;
  const kept = allKept[asked];
  const conditions = valueAt(server.flow, atMs);
  if (!isRefused(conditions) && !isHealthy(conditions)) return undefined;
  const got = isRefused(conditions) ? 0 : originStatus(place, asked, atMs);
  if (got === undefined || kept.busyToMs > -Infinity) return undefined;
  const isStale = edge.staleIfError && FAILURES.has(got) && kept.value >= 0 && kept.status === 200;
  const status = isStale ? 200 : got === 0 ? 502 : got;
  if (kept.freshToMs > atMs && kept.status !== status) return undefined;
  const isKept = status !== 200 && edge.errorTtlMs > 0 && isKeptError(status);
  if (isKept && !edge.collapse) return undefined;
  if (status !== 200 && !isKept)
    return { status, atOrigin: isRefused(conditions) ? 'none' : 'each', keptMs: 0 };
  const keptMs = Math.max(1_000, isKept ? edge.errorTtlMs : edge.playlistTtlMs);
  return { status, atOrigin: 'one', keptMs };
}

function originStatus(place: Place, asked: Asked, atMs: number): number | undefined {
  const status = findStatus(place.tiers.at(-1)!.server, place, asked, atMs);
  if (status !== 'asks on') return status;
  if (asked === 'manifest') return 200;
  const version = versionAt(place, atMs);
  if (version < 0) return 404;
  const { whenStale, staleAfterMs } = place.origin;
  const isStale = atMs - place.publication.atMs[version]! > staleAfterMs;
  if (!isStale || whenStale === 'serve') return 200;
  return whenStale === 'hang' ? undefined : Number(whenStale);
}
