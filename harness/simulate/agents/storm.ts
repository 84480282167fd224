// A storm in closed form: while a place gives everybody the same errors, each round of an agent that
// tries again, gives up and waits is like the one before, but for the wait that is drawn.

import { TIMES } from '../constants.ts';
import { LOSS, LOSSES, PLAYING, STARTING, type Crowd } from './crowd.ts';
import { sameErrors, type SameAnswer, type SameErrors } from './errors.ts';
import { forgetFailures, loaded } from './failures.ts';
import { isCalm, reserveAt } from './gate.ts';
import { countRate, countRequests } from './loads.ts';
import type { Place } from './place.ts';
import type { Group } from './group.ts';
import { drawActMs, movesOf, reload, type Kernel, type Round } from './player.ts';
import { BACK, FATAL, PLAYER_TICK_MS, SWITCH } from './players/player.ts';
import { darken } from './losses.ts';

/** Where others may have to wait before long, rounds are counted so far ahead. */
const AHEAD_MS = 30_000;

/**
 * Plays whole rounds from the time at which the application acts, as long as nothing changes. Gives the
 * time at which it acts next, which is the same where there is no such round.
 */
export function skipRounds(kernel: Kernel, agent: number, atMs: number): number {
  const { crowd, groups, places } = kernel;
  const place = places[crowd.place[agent]!]!;
  const errors = isAlone(kernel, agent) ? sameErrors(place, atMs) : undefined;
  if (!errors || !hasTime(place, errors, atMs)) return atMs;
  const isNew = groups[crowd.group[agent]!]!.policy.onFatal === 'reload';
  const { gate } = place.tiers[0].server;
  const aheadMs = gate ? atMs + AHEAD_MS : Infinity;
  const untilMs = Math.min(errors.untilMs, kernel.endMs, aheadMs) - TIMES.playlistMs;
  let [actMs, triedMs, lastMs] = [atMs, 0, atMs];
  let [beganMs, rounds] = [atMs, 0];
  let round = knownRound(kernel, agent, errors);
  while (actMs + round.lengthMs < untilMs) {
    if (!countRound(place, errors, round, actMs, crowd.count[agent]!)) break;
    beganMs = actMs;
    rounds += 1;
    if (!isNew) endRound(crowd, agent, round);
    triedMs += round.lengthMs;
    lastMs = actMs + round.lengthMs;
    actMs = drawActMs(kernel, agent, lastMs);
    if (!isNew) round = knownRound(kernel, agent, errors);
  }
  if (rounds === 0) return atMs;
  if (isNew) {
    reload(kernel, agent, beganMs);
    crowd.reloads[agent]! += rounds - 1;
    endRound(crowd, agent, round);
  }
  countKept(place, errors, atMs, lastMs);
  lose(kernel, agent, { fromMs: atMs, toMs: lastMs, triedMs });
  return actMs;
}

function endRound(crowd: Crowd, agent: number, round: Round): void {
  crowd.rung[agent] = round.rung;
  if (round.awaitsPlaylist) crowd.awaitsPlaylist[agent] = 1;
  if (round.playlistsMs.length > 0) crowd.hasManifest[agent] = 1;
}

/** Nothing that happens to it depends on another agent, or on anything that is still in its buffer. */
const isAlone = (kernel: Kernel, agent: number): boolean => {
  const { crowd, splits, groups } = kernel;
  return (
    isRegular(groups[crowd.group[agent]!]!) &&
    movesOf(kernel, agent).length <= crowd.moves[agent]! &&
    !(splits && crowd.size < crowd.capacity) &&
    crowd.mode[agent] !== PLAYING &&
    Number.isNaN(crowd.pieceFromMs[agent]!)
  );
};

/** No class of stages that the requests reach is too busy for them. */
function hasTime({ tiers }: Place, { manifest, playlist }: SameErrors, atMs: number): boolean {
  const [{ server }, ...behind] = tiers;
  if (server.gate && !isCalm(server.gate, atMs)) return false;
  const isLimited = behind.some((tier) => tier.server.gate);
  return !isLimited || (manifest.atOrigin === 'none' && playlist.atOrigin === 'none');
}

/** Its rounds are alike, and nobody acts. */
const isRegular = ({ player, next, switches }: Group): boolean =>
  player.hasRounds && (next ?? switches) === undefined;

function knownRound(kernel: Kernel, agent: number, { manifest, playlist }: SameErrors): Round {
  const { crowd, groups, rounds } = kernel;
  const group = crowd.group[agent]!;
  const isNew = groups[group]!.policy.onFatal === 'reload';
  const rung = isNew ? 0 : crowd.rung[agent]!;
  const hasManifest = !isNew && crowd.hasManifest[agent] === 1;
  const statuses = { manifest: manifest.status, playlist: playlist.status };
  const key = [group, rung, crowd.lastRung[agent], hasManifest, ...Object.values(statuses)].join();
  const known = rounds.get(key);
  if (known) return known;
  const round = playRound(kernel, agent, { rung, hasManifest, statuses });
  rounds.set(key, round);
  return round;
}

interface Start {
  readonly rung: number;
  readonly hasManifest: boolean;
  readonly statuses: Readonly<Record<'manifest' | 'playlist', number>>;
}

/** Plays one round of an agent by the rules of its player, and puts it back to where it was. */
function playRound(kernel: Kernel, agent: number, { rung, hasManifest, statuses }: Start): Round {
  const { crowd, groups, rungs, segmentMs } = kernel;
  const { player } = groups[crowd.group[agent]!]!;
  const before = crowd.rung[agent]!;
  const askedMs = { manifest: [] as number[], playlist: [] as number[] };
  crowd.rung[agent] = rung;
  forgetFailures(crowd, agent);
  let asked: 'manifest' | 'playlist' = hasManifest ? 'playlist' : 'manifest';
  let [ms, does, awaitsPlaylist] = [0, 0, false];
  while (does !== FATAL) {
    askedMs[asked].push(ms);
    ms += TIMES.playlistMs;
    const status = statuses[asked];
    if (status === 200) {
      loaded(crowd, agent, asked);
      asked = 'playlist';
      continue;
    }
    const failed = { agent, status, rungs, isLast: false, atMs: ms, segmentMs, hasPathway: false };
    does = player.decide(crowd, player.rules, asked, failed);
    awaitsPlaylist ||= does === SWITCH || does === BACK;
    ms += does === BACK ? PLAYER_TICK_MS : Math.max(0, does);
  }
  const left = crowd.rung[agent];
  crowd.rung[agent] = before;
  forgetFailures(crowd, agent);
  return {
    manifestsMs: Float64Array.from(askedMs.manifest),
    playlistsMs: Float64Array.from(askedMs.playlist),
    lengthMs: ms,
    rung: left,
    awaitsPlaylist,
  };
}

/** It tried for a part of the time, and was given up on for the rest. */
function lose(
  { crowd, screens }: Kernel,
  agent: number,
  { fromMs, toMs, triedMs }: { fromMs: number; toMs: number; triedMs: number },
): void {
  crowd.sinceMs[agent] = toMs;
  if (crowd.begun[agent] === 0) return;
  const tried = crowd.mode[agent] === STARTING ? LOSS.starting : LOSS.stalled;
  crowd.lostMs[agent * LOSSES + tried]! += triedMs;
  crowd.lostMs[agent * LOSSES + LOSS.dead]! += toMs - fromMs - triedMs;
  crowd.darkToMs[agent] = toMs;
  darken(screens, agent, fromMs, toMs);
}

/** Counts the requests of a round; false, and none counted, where a class has no room for them. */
function countRound(
  { tiers }: Place,
  { manifest, playlist }: SameErrors,
  { manifestsMs, playlistsMs }: Round,
  fromMs: number,
  viewers: number,
): boolean {
  const [{ server }] = tiers;
  if (server.gate) {
    const all = [...manifestsMs, ...playlistsMs].map((ms) => fromMs + ms);
    if (!reserveAt(server.gate, all, viewers)) return false;
  } else {
    countRequests(server.load, manifestsMs, fromMs, viewers);
    countRequests(server.load, playlistsMs, fromMs, viewers);
  }
  const origin = tiers.at(-1)!.server.load;
  const thereMs = fromMs + TIMES.playlistMs;
  if (manifest.atOrigin === 'each') countRequests(origin, manifestsMs, thereMs, viewers);
  if (playlist.atOrigin === 'each') countRequests(origin, playlistsMs, thereMs, viewers);
  return true;
}

/** Counts what a class of edges asks for all of its viewers, once for whoever is skipped. */
function countKept(
  place: Place,
  { manifest, playlist }: SameErrors,
  fromMs: number,
  toMs: number,
): void {
  const [tier] = place.tiers;
  const sinceMs = Math.max(fromMs, tier.countedToMs);
  if (toMs <= sinceMs) return;
  const rateOf = ({ atOrigin, keptMs }: SameAnswer) => (atOrigin === 'one' ? 1 / keptMs : 0);
  const requests = (toMs - sinceMs) * (rateOf(manifest) + rateOf(playlist));
  if (requests > 0) countRate(tier.up!.server.load, sinceMs, toMs, requests);
  tier.countedToMs = toMs;
}
