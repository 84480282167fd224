// The answer of hls.js to a request that failed, on the arrays of agents: as players/light/failures.ts
// has it for one viewer, where its sources are named.

import { RUNGS_MAX, type Crowd } from './crowd.ts';
import { retryDelayMs, type PlayerRules } from './rules.ts';
import type { Asked } from './place.ts';

/** A request that no answer came to in time. */
export const TIMEOUT = -2;

/** Milliseconds until it asks again, or one of these. */
export const FATAL = -1;
export const SKIP = -2;
/** Another rung is tried at once. */
export const SWITCH = -3;
/** The rung that it was on is taken again at the next tick. */
export const BACK = -4;

export interface Failed {
  readonly agent: number;
  readonly status: number;
  readonly rungs: number;
  /** The segment is the last of its playlist. */
  readonly isLast: boolean;
}

/** hls.js retries no 4xx and no failure without a status while there is something else to do. */
const isWorthRetrying = (status: number): boolean =>
  status === TIMEOUT || (status > 0 && (status < 400 || status > 499));

export function decide(crowd: Crowd, rules: PlayerRules, asked: Asked, failed: Failed): number {
  switch (asked) {
    case 'manifest':
      return onManifest(crowd, rules, failed);
    case 'playlist':
      return onPlaylist(crowd, rules, failed);
    case 'segment':
      return onSegment(crowd, rules, failed);
  }
}

const retriesOf = (rules: PlayerRules, asked: Asked, status: number) =>
  status === TIMEOUT ? rules[asked].onTimeout : rules[asked].onError;

function onManifest(crowd: Crowd, rules: PlayerRules, { agent, status }: Failed): number {
  const retries = retriesOf(rules, 'manifest', status);
  const before = crowd.manifestErrors[agent]!;
  crowd.manifestErrors[agent] = before + 1;
  return isWorthRetrying(status) && before < retries.count ? retryDelayMs(retries, before) : FATAL;
}

function onPlaylist(crowd: Crowd, rules: PlayerRules, failed: Failed): number {
  const { agent, status, rungs } = failed;
  const retries = retriesOf(rules, 'playlist', status);
  const before = crowd.playlistErrors[agent]!;
  crowd.playlistErrors[agent] = before + 1;
  if (isWorthRetrying(status) && before < retries.count) return retryDelayMs(retries, before);
  const rung = crowd.rung[agent]!;
  const other = otherRung(crowd, agent, rungs);
  if (other >= 0) {
    crowd.playlistErrors[agent] = 0;
    crowd.rung[agent] = other;
    return SWITCH;
  }
  if (before >= retries.count) return FATAL;
  const last = crowd.lastRung[agent]!;
  if (penaltyOf(crowd, agent, rung) > penaltyOf(crowd, agent, last) && last < rungs) {
    crowd.rung[agent] = last;
    return BACK;
  }
  return retryDelayMs(retries, before);
}

function onSegment(crowd: Crowd, rules: PlayerRules, failed: Failed): number {
  const { agent, status, rungs, isLast } = failed;
  const retries = retriesOf(rules, 'segment', status);
  const before = crowd.segmentErrors[agent]!;
  crowd.segmentErrors[agent] = before + 1;
  if (isWorthRetrying(status) && before < retries.count)
    return retryDelayMs(retries, before) + TICK_MS;
  const other = otherRung(crowd, agent, rungs);
  if (other < 0 && isLast)
    return before < retries.count ? retryDelayMs(retries, before) + TICK_MS : FATAL;
  crowd.segmentErrors[agent] = 0;
  if (other < 0) return SKIP;
  crowd.rung[agent] = other;
  return SWITCH;
}

/** hls.js acts on what it has decided when its next tick comes. */
export const TICK_MS = 100;

const penaltyOf = ({ penalties }: Crowd, agent: number, rung: number): number =>
  penalties[agent * RUNGS_MAX + rung]!;

/** Notes an error of the rung there is, and gives one without any; -1 where there is none. */
function otherRung(crowd: Crowd, agent: number, rungs: number): number {
  const rung = crowd.rung[agent]!;
  crowd.penalties[agent * RUNGS_MAX + rung]! += 1;
  for (let i = rungs; i--;) {
    const candidate = (i + rung) % rungs;
    if (candidate !== rung && penaltyOf(crowd, agent, candidate) === 0) return candidate;
  }
  return -1;
}

export function loaded(crowd: Crowd, agent: number, asked: Asked): void {
  const rung = crowd.rung[agent]!;
  if (asked === 'manifest') crowd.manifestErrors[agent] = 0;
  else if (asked === 'playlist') crowd.playlistErrors[agent] = 0;
  else {
    crowd.segmentErrors[agent] = 0;
    crowd.lastRung[agent] = rung;
  }
  if (crowd.segmentErrors[agent] === 0) crowd.penalties[agent * RUNGS_MAX + rung] = 0;
}

/** The application made it go on. */
export function forgetFailures(crowd: Crowd, agent: number): void {
  crowd.manifestErrors[agent] = 0;
  crowd.playlistErrors[agent] = 0;
  crowd.segmentErrors[agent] = 0;
  crowd.penalties.fill(0, agent * RUNGS_MAX, (agent + 1) * RUNGS_MAX);
}
