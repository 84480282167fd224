// Edges and origins in closed form: what a request that comes at a time is answered, and when. Each
// class of edges has one cache for each channel.

import { isKeptError, listKeeping, keptUntilEpochMs } from '../../model/cacheTimes.ts';
import type { LoadRules } from '../../model/loadRules.ts';
import { LOCK_POLL_MS, TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import { admit, drawAt, type Admission, type Gate } from './gate.ts';
import { countRequest } from './loads.ts';
import {
  firstTier,
  isEdgeTier,
  NONE,
  versionAt,
  type Answer,
  type Asked,
  type EdgeTier,
  type Place,
  type Tier,
} from './place.ts';
import { TIMEOUT } from './players/player.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';
import { TICK_MS } from './wheel.ts';
import { applyWrong, wrongAt } from './wrongAnswer.ts';

export const FAILURES: ReadonlySet<number> = new Set([0, 500, 502, 503, 504]);

/** A request on its way through the tiers of a place; `viewers` ask alike. */
interface Request {
  readonly place: Place;
  readonly asked: Asked;
  readonly segment: number;
}

/** Asks for a segment, the playlist of a rung or a manifest; `viewers` ask alike. */
export function ask(
  place: Place,
  asked: Asked,
  segment: number,
  atMs: number,
  viewers: number,
  answer: Answer,
): Answer {
  const tookMs = asked === 'segment' ? TIMES.segmentMs : TIMES.playlistMs;
  answer.atMs = atMs;
  answer.value = segment;
  answer.isTurnedAway = false;
  if (asked === 'playlist' && place.askedMs[segment]! > atMs) place.askedMs[segment] = atMs;
  const first = asked === 'manifest' ? firstTier(place) : place.tiers[0];
  return askTier({ place, asked, segment }, first, viewers, tookMs, answer);
}

/** Asks which edges to prefer. */
export function askSteering(
  place: Place,
  tier: Tier,
  atMs: number,
  viewers: number,
  answer: Answer,
) {
  answer.atMs = atMs;
  answer.isTurnedAway = false;
  askTier({ place, asked: 'manifest', segment: -1 }, tier, viewers, TIMES.playlistMs, answer);
}

function askTier(
  request: Request,
  tier: Tier,
  viewers: number,
  tookMs: number,
  answer: Answer,
): Answer {
  const { place, asked, segment } = request;
  const { server } = tier;
  const { gate } = server;
  if (!gate) countRequest(server.load, answer.atMs, viewers);
  answer.atMs += tookMs;
  if (!reaches(server.life, answer)) return answer;
  if (gate && !enter(gate, asked === 'manifest', viewers, answer)) return answer;
  const wrong = wrongAt(server.wrong, place.channel, asked, answer.atMs);
  if (wrong && applyWrong(wrong, place, asked, segment, answer)) return answer;
  if (isEdgeTier(tier)) throughCache(request, tier, viewers, answer);
  else atOrigin(place, asked, segment, answer);
  return answer;
}

const admission: Admission = { share: 1, doneMs: 0, isRefused: true };

/** Waits for its turn; false where it is turned away, or where nobody has the time to do even that. */
function enter(gate: Gate, isSession: boolean, viewers: number, answer: Answer): boolean {
  admit(gate, viewers, answer.atMs, isSession, admission);
  const isServed = admission.share === 1 || (admission.share > 0 && drawAt(gate) < admission.share);
  if (isServed) answer.atMs = admission.doneMs;
  else {
    answer.status = admission.isRefused ? 503 : NONE;
    answer.isTurnedAway = true;
  }
  return isServed;
}

/** Waits while a stage stands still; false where there is no answer to wait for. */
function reaches(life: Steps<LifeState>, answer: Answer): boolean {
  let state = valueAt(life, answer.atMs);
  while (state === 'paused') {
    answer.atMs = changeAfter(life, answer.atMs);
    if (answer.atMs === Infinity) break;
    state = valueAt(life, answer.atMs);
  }
  if (state === 'works') return true;
  answer.status = state === 'down' ? 0 : NONE;
  return false;
}

function throughCache(request: Request, tier: EdgeTier, viewers: number, answer: Answer): void {
  const { asked, segment } = request;
  const { edge } = tier.server;
  const kept = tier.kept[asked];
  commit(request, tier, answer.atMs);
  const nowMs = answer.atMs;
  if (asked === 'segment' && segment <= tier.cachedTo) return give(answer, 200, segment, nowMs);
  const isSame = asked !== 'segment' || kept.value === segment;
  if (isSame && nowMs < kept.freshToMs) return give(answer, kept.status, kept.value, nowMs);
  if (edge.collapse && nowMs < kept.busyToMs) {
    if (asked !== 'segment' && kept.status === 200) return give(answer, 200, kept.value, nowMs);
    if (asked !== 'segment' || kept.coming.value === segment)
      return waitForOther(request, tier, viewers, answer);
  }
  renew(request, tier, viewers, answer);
}

/**
 * Somebody asks already: what they get is given to all if it is kept. Where it is not, or comes after the
 * time of the lock, everybody asks for themselves and keeps nothing, as nginx has it.
 */
function waitForOther(request: Request, tier: EdgeTier, viewers: number, answer: Answer): void {
  const nowMs = answer.atMs;
  const { busyToMs, coming } = tier.kept[request.asked];
  const lookMs = nowMs + Math.ceil((busyToMs - nowMs) / LOCK_POLL_MS) * LOCK_POLL_MS;
  const waitsToMs = nowMs + tier.server.edge.originTimeoutMs;
  if (lookMs < waitsToMs) {
    if (keptUntil(tier, request, coming.status, busyToMs) > busyToMs)
      return give(answer, coming.status, coming.value, lookMs);
    answer.atMs = lookMs;
    if (viewers <= 1) return renew(request, tier, viewers, answer);
  }
  answer.atMs = waitsToMs;
  askUp(request, tier, viewers, answer);
  if (answer.status === 0) answer.status = 502;
}

/** Asks the next tier: one of the viewers, or each for themselves where the answer is not kept. */
function renew(request: Request, tier: EdgeTier, viewers: number, answer: Answer): void {
  const { asked } = request;
  const { edge } = tier.server;
  const kept = tier.kept[asked];
  const nowMs = answer.atMs;
  const first = edge.collapse ? Math.min(1, viewers) : viewers;
  askUp(request, tier, first, answer);
  const isOld = asked !== 'segment' && kept.value >= 0 && kept.status === 200;
  const { status, value, atMs } = answer;
  const isSoon = atMs - nowMs <= TICK_MS;
  const isKept = keptUntil(tier, request, status, atMs) > atMs;
  if (!isKept && viewers > first && (isSoon || !isOld)) {
    answer.atMs = isSoon ? nowMs : nowMs + edge.originTimeoutMs;
    askUp(request, tier, viewers - first, answer);
  }
  if (isOld && edge.staleIfError && FAILURES.has(answer.status))
    return give(answer, 200, kept.value, answer.atMs);
  if (answer.status === 0) answer.status = 502;
  kept.busyToMs = atMs;
  kept.coming = { status: status === 0 ? 502 : status, value };
  if (atMs - nowMs < 1) commit(request, tier, atMs);
}

function give(answer: Answer, status: number, value: number, atMs: number): void {
  answer.status = status;
  answer.value = value;
  answer.atMs = atMs;
}

/** Until when a cache keeps an answer that came at a time; that time where it does not. */
function keptUntil(
  { server: { edge } }: EdgeTier,
  { place: { epochMs }, asked }: Request,
  status: number,
  cameMs: number,
): number {
  const known = status === 0 ? 502 : status;
  if (known !== 200 && !isKeptError(known)) return cameMs;
  const answered = known !== 200 ? 'error' : asked === 'segment' ? 'segment' : 'playlist';
  return keptUntilEpochMs(listKeeping(edge)[answered], epochMs + cameMs) - epochMs;
}

/** Takes what was under way into the cache once it has come. */
function commit(request: Request, tier: EdgeTier, nowMs: number): void {
  const { asked } = request;
  const kept = tier.kept[asked];
  if (nowMs < kept.busyToMs || kept.busyToMs === -Infinity) return;
  const { coming, busyToMs } = kept;
  kept.busyToMs = -Infinity;
  const isError = coming.status !== 200;
  if (isError && !isKeptError(coming.status)) return;
  const freshToMs = keptUntil(tier, request, coming.status, busyToMs);
  if (freshToMs <= busyToMs) {
    if (asked !== 'segment' && !isError) kept.freshToMs = -Infinity;
    return;
  }
  if (asked === 'segment' && !isError) tier.cachedTo = Math.max(tier.cachedTo, coming.value);
  kept.value = coming.value;
  kept.status = coming.status;
  kept.freshToMs = freshToMs;
}

/** Asks the next tier over the way there, as nginx does with its time-outs. */
function askUp(request: Request, { server, up }: EdgeTier, viewers: number, answer: Answer): void {
  const { place, asked, segment } = request;
  const { flow } = server;
  const { originTimeoutMs } = server.edge;
  const lateMs = answer.atMs + originTimeoutMs;
  const bytes = asked === 'segment' ? place.segmentBytes : 1_000;
  for (;;) {
    const { forward, backward } = valueAt(flow, answer.atMs);
    const cut = forward.cut ?? backward.cut;
    if (cut === 'refuse' || cut === 'reset') return give(answer, 0, segment, answer.atMs);
    if (cut === undefined) {
      const thereMs = answer.atMs + backward.delayMs;
      if (thereMs >= lateMs) return give(answer, 504, segment, lateMs);
      answer.atMs = thereMs;
      askTier(request, up, viewers, 0, answer);
      answer.isTurnedAway = false;
      if (answer.status === NONE || answer.atMs >= lateMs)
        return give(answer, 504, segment, lateMs);
      answer.atMs += forward.delayMs + (bytes * 8) / forward.rateKbps;
      if (answer.atMs > lateMs + originTimeoutMs)
        give(answer, 504, segment, lateMs + originTimeoutMs);
      return;
    }
    const changedMs = changeAfter(flow, answer.atMs);
    if (changedMs >= lateMs) return give(answer, 504, segment, lateMs);
    if (cut === 'drop') return give(answer, 0, segment, changedMs);
    answer.atMs = changedMs;
  }
}

function atOrigin(place: Place, asked: Asked, segment: number, answer: Answer): void {
  if (asked === 'manifest') return give(answer, 200, 0, answer.atMs);
  const version = versionAt(place, answer.atMs);
  if (asked === 'segment') {
    const { publication } = place;
    const isThere =
      version >= 0 && segment <= publication.last[version]! && !publication.isGap[segment];
    return give(answer, isThere ? 200 : 404, segment, answer.atMs);
  }
  const { whenStale, staleAfterMs } = place.origin;
  const isStale = version < 0 || answer.atMs - place.publication.atMs[version]! > staleAfterMs;
  if (version < 0) return give(answer, 404, -1, answer.atMs);
  if (!isStale || whenStale === 'serve') return give(answer, 200, version, answer.atMs);
  give(answer, whenStale === 'hang' ? NONE : Number(whenStale), version, answer.atMs);
}

/** The player waits no longer than its rules say. */
export function bound(answer: Answer, { firstByteMs, totalMs }: LoadRules, askedMs: number): void {
  const lateMs = askedMs + Math.min(firstByteMs, totalMs);
  if (answer.status !== NONE && answer.atMs <= lateMs) return;
  answer.status = TIMEOUT;
  answer.atMs = lateMs;
}
