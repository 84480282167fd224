// A second witness of stalls: what players tell with their requests is held against the ledger.
//
//   screen    p p p s s s s p p p p p p p
//   requests    .   .       ! .   .   . !
//                           |           the player says that it starved, and nobody saw it
//                           the player says that it starved since its request before

import type { CmcdResult } from '../model/cmcd.ts';
import type { Span } from '../model/report.ts';
import type { Screen } from './classify.ts';
import { isWatching } from './ledger.ts';
import { lengthMs, touching } from './spans.ts';
import { medianInPlace } from './statistics.ts';
import { GLITCH_MS, RECORD_GAP_MS } from './thresholds.ts';
import type { Told } from './toldCmcd.ts';

/** Requests of one starvation come together: one for each kind of media. */
const TOGETHER_MS = 1_000;

/** Holds what a player told against its screen. */
export function compareCmcd(told: Told, screen: Screen): CmcdResult {
  const starved = told.starvedMs.filter(
    (at, i) => at - (told.starvedMs[i - 1] ?? -Infinity) > TOGETHER_MS,
  );
  const stalls = screen.spans.filter(
    (span) =>
      span.class === 'stalled' && lengthMs(span) >= GLITCH_MS && isWatching(span, screen.watching),
  );
  const apartMs = medianInPlace(told.bufferApartMs);
  return {
    requests: told.requestsMs.length,
    starved: starved.length,
    unseenMs: starved.filter((at) => !wasSeen(at, told, screen.spans)).map(Math.round),
    untoldMs: stalls.filter((stall) => wasUntold(stall, told)).map(({ fromMs }) => fromMs),
    ...(apartMs !== undefined && { bufferApartMs: Math.round(apartMs) }),
  };
}

/** Its screen did not show the programme at some time since its request before. */
function wasSeen(atMs: number, { requestsMs }: Told, spans: readonly Span[]): boolean {
  const before = requestsMs.findLast((at) => at < atMs - TOGETHER_MS) ?? -Infinity;
  const since = { fromMs: before - RECORD_GAP_MS, toMs: atMs + RECORD_GAP_MS };
  return touching(spans, since).some((span) => span.class !== 'programme');
}

/** A player that asks for nothing afterwards could not tell. */
function wasUntold({ fromMs, toMs }: Span, { requestsMs, starvedMs }: Told): boolean {
  const next = requestsMs.find((at) => at > toMs + RECORD_GAP_MS);
  if (next === undefined) return false;
  return !starvedMs.some((at) => at >= fromMs - RECORD_GAP_MS && at <= next + TOGETHER_MS);
}
