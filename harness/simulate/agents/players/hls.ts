// hls.js, as players/light/failures.ts has it for one viewer, where its sources are named.

import { RUNGS_MAX, type Crowd } from '../crowd.ts';
import { EMPTY, type Asked } from '../place.ts';
import { retryDelayMs, type PlayerRules } from '../rules.ts';
import {
  BACK,
  FATAL,
  MOVE,
  PLAYER_TICK_MS,
  SKIP,
  SWITCH,
  TIMEOUT,
  type AgentPlayer,
  type Failed,
} from './player.ts';

export const hlsAgent = (rules: PlayerRules): AgentPlayer => ({
  rules,
  decide,
  hasRounds: true,
  known: { is: 'calibrated', against: 'hls.js' },
});

/** hls.js retries no 4xx and no failure without a status while there is something else to do. */
const isWorthRetrying = (status: number): boolean =>
  status === TIMEOUT || (status > 0 && (status < 400 || status > 499));

function decide(crowd: Crowd, rules: PlayerRules, asked: Asked, failed: Failed): number {
  switch (asked) {
    case 'manifest':
      return failed.status === EMPTY ? FATAL : onManifest(crowd, rules, failed);
    case 'playlist':
      return onPlaylist(crowd, rules, failed);
    case 'segment':
      return onSegment(crowd, rules, failed);
  }
}
const chooseRetries = (rules: PlayerRules, asked: Asked, status: number) =>
  status === TIMEOUT ? rules[asked].onTimeout : rules[asked].onError;

function onManifest(crowd: Crowd, rules: PlayerRules, { agent, status }: Failed): number {
  const retries = chooseRetries(rules, 'manifest', status);
  const before = crowd.manifestErrors[agent]!;
  crowd.manifestErrors[agent] = before + 1;
  return isWorthRetrying(status) && before < retries.count ? retryDelayMs(retries, before) : FATAL;
}

function onPlaylist(crowd: Crowd, rules: PlayerRules, failed: Failed): number {
  const { agent, status, rungs } = failed;
  const retries = chooseRetries(rules, 'playlist', status);
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
  if (failed.hasPathway) return MOVE;
  if (before >= retries.count) return FATAL;
  const last = crowd.lastRung[agent]!;
  if (readPenalty(crowd, agent, rung) > readPenalty(crowd, agent, last) && last < rungs) {
    crowd.rung[agent] = last;
    return BACK;
  }
  return retryDelayMs(retries, before);
}

function onSegment(crowd: Crowd, rules: PlayerRules, failed: Failed): number {
  const { agent, status, rungs, isLast } = failed;
  const retries = chooseRetries(rules, 'segment', status);
  const before = crowd.segmentErrors[agent]!;
  crowd.segmentErrors[agent] = before + 1;
  if (isWorthRetrying(status) && before < retries.count)
    return retryDelayMs(retries, before) + PLAYER_TICK_MS;
  const other = otherRung(crowd, agent, rungs);
  if (other < 0 && failed.hasPathway) return MOVE;
  if (other < 0 && isLast)
    return before < retries.count ? retryDelayMs(retries, before) + PLAYER_TICK_MS : FATAL;
  crowd.segmentErrors[agent] = 0;
  if (other < 0) return SKIP;
  crowd.rung[agent] = other;
  return SWITCH;
}

const readPenalty = ({ penalties }: Crowd, agent: number, rung: number): number =>
  penalties[agent * RUNGS_MAX + rung]!;

/** Notes an error of the rung there is, and gives one without any; -1 where there is none. */
function otherRung(crowd: Crowd, agent: number, rungs: number): number {
  const rung = crowd.rung[agent]!;
  crowd.penalties[agent * RUNGS_MAX + rung]! += 1;
  for (let i = rungs; i--;) {
    const candidate = (i + rung) % rungs;
    if (candidate !== rung && readPenalty(crowd, agent, candidate) === 0) return candidate;
  }
  return -1;
}
