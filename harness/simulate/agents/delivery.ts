// Edges and origins in closed form: what a request that comes at a time is answered, and when. Each
// class of edges has one cache for each channel; which wrong answer a stage gives is the plan's.

import type { EdgeStage } from '../../model/scenario.ts';
import { listKeeping, KEPT_ERRORS, keptUntilEpochMs } from '../../model/cacheTimes.ts';
import { TIMES } from '../constants.ts';
import type { LifeState } from '../stage.ts';
import type { Wrong } from './forces.ts';
import { countRequest } from './loads.ts';
import {
  EMPTY,
  NONE,
  versionAt,
  versionIn,
  type Answer,
  type Asked,
  type Kept,
  type Place,
} from './place.ts';
import { changeAfter, valueAt, type Steps } from './steps.ts';

export const FAILURES: ReadonlySet<number> = new Set([0, 500, 502, 503, 504]);

/** Asks for a segment, a playlist or a manifest; `weight` viewers ask alike. */
export function ask(
  place: Place,
  asked: Asked,
  segment: number,
  atMs: number,
  weight: number,
  answer: Answer,
): Answer {
  const { entry } = place;
  countRequest(entry.load, atMs, weight);
  const tookMs = asked === 'segment' ? TIMES.segmentMs : TIMES.playlistMs;
  answer.atMs = atMs + tookMs;
  if (!reaches(entry.life, answer)) return answer;
  const wrong = wrongAt(entry.wrong, place.channel, asked, answer.atMs);
  if (wrong && applyWrong(wrong, place, asked, segment, answer)) return answer;
  if (entry.edge) throughCache(entry.edge, place, asked, segment, weight, answer);
  else atOrigin(place, asked, segment, answer);
  return answer;
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

export function wrongAt(
  wrong: Steps<readonly Wrong[]>,
  channel: string,
  asked: Asked,
  atMs: number,
): Wrong | undefined {
  const all = valueAt(wrong, atMs);
  if (all.length === 0) return undefined;
  const of = asked === 'manifest' ? 'multivariant' : asked;
  return all.find(
    ({ match, channels }) => (match.of === of || match.of === 'any') && channels.includes(channel),
  );
}

/** True where the wrong answer is all; one that is late or old needs the true one. */
function applyWrong(
  { answer: wrong, sinceMs }: Wrong,
  place: Place,
  asked: Asked,
  segment: number,
  answer: Answer,
): boolean {
  answer.value = segment;
  switch (wrong.kind) {
    case 'status':
      answer.status = wrong.status >= 200 && wrong.status < 300 ? EMPTY : wrong.status;
      return true;
    case 'hang':
      answer.status = NONE;
      return true;
    case 'truncated':
      answer.status = 0;
      return true;
    case 'empty':
      answer.status = EMPTY;
      return true;
    case 'slow':
      answer.atMs += wrong.delayMs;
      return false;
    case 'stale':
      if (asked !== 'playlist') return false;
      answer.status = 200;
      answer.value = versionIn(place.publication, sinceMs);
      return true;
    // Refused before anything is played (playable.ts).
    case 'corrupt':
    case 'cycle':
    case 'gap':
    case 'sequenceReset':
    case 'noDiscontinuity':
      return false;
  }
}

function throughCache(
  edge: EdgeStage,
  place: Place,
  asked: Asked,
  segment: number,
  weight: number,
  answer: Answer,
): void {
  const kept = place.kept[asked];
  commit(place, asked, kept, answer.atMs);
  const nowMs = answer.atMs;
  if (asked === 'segment' && segment <= place.cachedTo) return give(answer, 200, segment, nowMs);
  const isSame = asked !== 'segment' || kept.value === segment;
  if (isSame && nowMs < kept.freshToMs) return give(answer, kept.status, kept.value, nowMs);
  if (edge.collapse && nowMs < kept.busyToMs) {
    const { coming } = kept;
    if (asked !== 'segment' && kept.status === 200) return give(answer, 200, kept.value, nowMs);
    if (asked !== 'segment' || coming.value === segment)
      return give(answer, coming.status, coming.value, kept.busyToMs);
  }
  fetch(edge, place, asked, segment, answer);
  if (answer.status === NONE) throw new Error('an edge always answers');
  const isKept = answer.status === 200 || edge.errorTtlMs > 0;
  countRequest(place.entry.origin.load, nowMs, edge.collapse && isKept ? 1 : weight);
  if (
    edge.staleIfError &&
    FAILURES.has(answer.status) &&
    asked !== 'segment' &&
    kept.value >= 0 &&
    kept.status === 200
  )
    return give(answer, 200, kept.value, answer.atMs);
  if (answer.status === 0) answer.status = 502;
  kept.busyToMs = answer.atMs;
  kept.coming = { status: answer.status, value: answer.value };
  if (answer.atMs - nowMs < 1) commit(place, asked, kept, answer.atMs);
}

function give(answer: Answer, status: number, value: number, atMs: number): void {
  answer.status = status;
  answer.value = value;
  answer.atMs = atMs;
}

/** Takes what was under way into the cache once it has come. */
function commit(place: Place, asked: Asked, kept: Kept, nowMs: number): void {
  if (nowMs < kept.busyToMs || kept.busyToMs === -Infinity) return;
  const { coming, busyToMs } = kept;
  kept.busyToMs = -Infinity;
  const { edge } = place.entry;
  const isError = (KEPT_ERRORS as readonly number[]).includes(coming.status);
  if (coming.status !== 200 && !isError) return;
  const keeping = listKeeping(edge!)[
    isError ? 'error' : asked === 'segment' ? 'segment' : 'playlist'
  ];
  const freshToMs = keptUntilEpochMs(keeping, place.epochMs + busyToMs) - place.epochMs;
  if (freshToMs <= busyToMs) {
    if (asked !== 'segment' && coming.status === 200) kept.freshToMs = -Infinity;
    return;
  }
  if (asked === 'segment' && !isError) place.cachedTo = Math.max(place.cachedTo, coming.value);
  kept.value = coming.value;
  kept.status = coming.status;
  kept.freshToMs = freshToMs;
}

/** Asks the origin over the way there, as nginx does with its time-outs. */
function fetch(
  { originTimeoutMs }: EdgeStage,
  place: Place,
  asked: Asked,
  segment: number,
  answer: Answer,
): void {
  const { flow } = place.entry;
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
      atOrigin(place, asked, segment, answer);
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
  const { origin } = place.entry;
  if (!reaches(origin.life, answer)) return;
  const wrong = wrongAt(origin.wrong, place.channel, asked, answer.atMs);
  if (wrong && applyWrong(wrong, place, asked, segment, answer)) return;
  if (asked === 'manifest') return give(answer, 200, 0, answer.atMs);
  const version = versionAt(place, answer.atMs);
  if (asked === 'segment') {
    const { publication } = place;
    const isThere =
      version >= 0 && segment <= publication.last[version]! && !publication.isGap[segment];
    return give(answer, isThere ? 200 : 404, segment, answer.atMs);
  }
  const { whenStale, staleAfterMs } = origin.stage;
  const isStale = version < 0 || answer.atMs - place.publication.atMs[version]! > staleAfterMs;
  if (version < 0) return give(answer, 404, -1, answer.atMs);
  if (!isStale || whenStale === 'serve') return give(answer, 200, version, answer.atMs);
  give(answer, whenStale === 'hang' ? NONE : Number(whenStale), version, answer.atMs);
}
