// The kernel: agents that act in ticks on classes of edges, in the order of their numbers; in a drawn order
// where a class has a queue.

import { actBox } from './boxes/box.ts';
import { PLAYING, type Crowd } from './crowd.ts';
import { ask, bound } from './delivery.ts';
import { forgetFailures, loaded } from './failures.ts';
import { draw } from './hash.ts';
import {
  awaitPlaylist,
  correctGuess,
  goesOn,
  leaveRung,
  leavesStanding,
  takeGuessed,
  takesBestRung,
} from './guessed.ts';
import { firstTier, type Asked, type Tier } from './place.ts';
import { segmentToLoad } from './nextSegment.ts';
import { carryOn, look, move } from './people.ts';
import {
  ACT,
  awaitDoom,
  begin,
  callOffAnswer,
  eventNumber,
  EVENTS,
  giveUp,
  hasEnough,
  isStill,
  keep,
  LOAD,
  LOOK,
  mediaAt,
  MOVE,
  PURPOSE,
  reload,
  readRules,
  SEGMENT,
  STEER,
  type Kernel,
} from './player.ts';
import {
  BACK,
  FATAL,
  LEAVE_RUNG,
  MOVE as LEAVE,
  PLAYER_TICK_MS,
  SKIP,
  SWITCH,
} from './players/player.ts';
import { judgeStuck, stayInWindow } from './position.ts';
import { beginSteered, hasOtherPathway, leavesPathway, steer } from './steered.ts';
import { lookAtEdges } from './steering.ts';
import { advance } from './screens.ts';
import { skipAhead, wakeBehind } from './skipAhead.ts';
import { skipRounds } from './storm.ts';
import { isScheduled, schedule, takeDue, TICK_MS } from './wheel.ts';

/** An answer that comes so soon is taken in the same tick. */
const SOON_MS = TICK_MS;

/** Plays on to a time. */
export function run(kernel: Kernel, toMs: number): void {
  const { wheel, crowd, gates, steering } = kernel;
  const due = new Int32Array(crowd.capacity * EVENTS);
  for (; wheel.fromMs + wheel.tick * TICK_MS < toMs; wheel.tick++) {
    if (steering) lookAtEdges(steering, wheel.fromMs + (wheel.tick + 1) * TICK_MS, kernel.answer);
    const count = takeDue(wheel, due);
    if (count === 0) continue;
    if (gates.length > 0) shuffle(kernel, due, count);
    for (let i = 0; i < count; i++) act(kernel, due[i]!);
    for (const gate of gates) wakeBehind(kernel, gate);
  }
  for (let agent = 0; agent < crowd.size; agent++) advance(kernel.screens, agent, toMs);
}

/** Nobody is first in a queue for the number that it has. */
function shuffle({ seed, wheel }: Kernel, due: Int32Array, count: number): void {
  for (let i = count - 1; i > 0; i--) {
    const other = draw(seed, i, PURPOSE.order, wheel.tick) % (i + 1);
    const event = due[i]!;
    due[i] = due[other]!;
    due[other] = event;
  }
}

function act(kernel: Kernel, event: number): void {
  const agent = Math.floor(event / EVENTS);
  const what = event % EVENTS;
  const atMs = kernel.wheel.atMs[event]!;
  if (atMs >= kernel.endMs) return;
  // Another event of the tick has moved it, or ended what it was for.
  if (isScheduled(kernel.wheel, event)) return;
  const isBox = kernel.crowd.isBox[agent] === 1;
  if (!isBox && what <= SEGMENT && isStill(kernel, agent)) return;
  kernel.events++;
  if (what === LOAD) kernel.crowd.skipStepMs[agent] = 0;
  advance(kernel.screens, agent, atMs);
  if (what === MOVE) return move(kernel, agent, atMs);
  if (what === LOOK) return look(kernel, agent, atMs);
  if (isBox) return actBox(kernel, agent, what, atMs);
  if (what === ACT) return actOnFatal(kernel, agent, atMs);
  if (what === STEER) return steer(kernel, agent, atMs);
  const { answers } = kernel;
  if (answers.isComing[event] === 1) {
    answers.isComing[event] = 0;
    return take(kernel, agent, what, atMs);
  }
  next(kernel, agent, what, atMs);
}

/** Sends a request, for a segment or of a rung; an answer that comes soon is taken at once. */
function request(kernel: Kernel, agent: number, asked: Asked, which: number, atMs: number): void {
  const { crowd, places, answer, answers, groups } = kernel;
  const what = asked === 'segment' ? SEGMENT : LOAD;
  const event = eventNumber(agent, what);
  const place = places[crowd.place[agent]!]!;
  ask(place, asked, which, atMs, crowd.count[agent]!, answer);
  if (answer.isTurnedAway)
    obeyRetryAfter(crowd, agent, asked === 'manifest' ? firstTier(place) : place.tiers[0], atMs);
  bound(answer, groups[crowd.group[agent]!]!.player.rules[asked], atMs);
  answers.status[event] = answer.status;
  answers.value[event] = answer.value;
  answers.askedMs[event] = atMs;
  if (answer.atMs - atMs <= SOON_MS && answer.atMs < kernel.endMs)
    return take(kernel, agent, what, answer.atMs);
  answers.isComing[event] = 1;
  schedule(kernel.wheel, event, answer.atMs);
}

/** Players do not read Retry-After; their application does, and waits (giveUp). */
function obeyRetryAfter(
  crowd: Crowd,
  agent: number,
  { server: { gate } }: Tier,
  atMs: number,
): void {
  crowd.retryToMs[agent] = atMs + (gate?.retryAfterMs ?? 0);
}

function take(kernel: Kernel, agent: number, what: number, atMs: number): void {
  const { crowd, answers } = kernel;
  const event = eventNumber(agent, what);
  const status = answers.status[event]!;
  const value = answers.value[event]!;
  advance(kernel.screens, agent, atMs);
  if (what === SEGMENT) {
    if (status !== 200) return fail(kernel, agent, 'segment', status, value, atMs);
    return takeSegment(kernel, agent, value, atMs);
  }
  if (crowd.hasManifest[agent] === 0) {
    if (status !== 200) return fail(kernel, agent, 'manifest', status, value, atMs);
    loaded(crowd, agent, 'manifest');
    crowd.hasManifest[agent] = 1;
    beginSteered(kernel, agent, atMs);
    return next(kernel, agent, LOAD, atMs);
  }
  if (status !== 200) return fail(kernel, agent, 'playlist', status, value, atMs);
  takePlaylist(kernel, agent, value, answers.askedMs[event]!, atMs);
}

/** The next request of a player. */
function next(kernel: Kernel, agent: number, what: number, atMs: number): void {
  if (what === SEGMENT) return fill(kernel, agent, atMs);
  const { hasManifest, rung } = kernel.crowd;
  request(kernel, agent, hasManifest[agent] ? 'playlist' : 'manifest', rung[agent]!, atMs);
}

function takePlaylist(
  kernel: Kernel,
  agent: number,
  version: number,
  askedMs: number,
  atMs: number,
): void {
  const { crowd, places, segmentMs, wheel } = kernel;
  const { publication } = places[crowd.place[agent]!]!;
  const [first, last] = [publication.first[version]!, publication.last[version]!];
  const isFirst = crowd.last[agent] === -1;
  const isSwitched = crowd.awaitsPlaylist[agent] === 1;
  crowd.awaitsPlaylist[agent] = 0;
  loaded(crowd, agent, 'playlist');
  const rules = readRules(kernel, agent);
  const { unchangedPollShare = 0.5, pollsAfterMs, guesses } = rules;
  const isNew = guesses
    ? takeGuessed(kernel, agent, first, last, atMs)
    : last !== crowd.last[agent];
  if (isNew || !guesses) crowd.version[agent] = version;
  if (!guesses) crowd.first[agent] = first;
  if (!guesses) crowd.last[agent] = last;
  if (guesses && !isNew && leavesStanding(kernel, agent, atMs)) return leave(kernel, agent, atMs);
  judgeStuck(kernel, agent, isNew || isSwitched, atMs);
  const isInside = stayInWindow(kernel, agent, isSwitched, atMs);
  if (crowd.fatal[agent] === 1 || isScheduled(wheel, eventNumber(agent, LOAD))) return;
  const end = crowd.last[agent]!;
  const waitMs = isNew
    ? mediaAt(kernel, agent, end + 1) - mediaAt(kernel, agent, end)
    : segmentMs * unchangedPollShare;
  const lateMs = isFirst ? (rules.firstUpdateLateMs ?? 0) : 0;
  const sinceMs = pollsAfterMs === undefined ? askedMs : atMs + pollsAfterMs;
  schedule(wheel, eventNumber(agent, LOAD), Math.max(atMs, sinceMs + waitMs) + lateMs);
  if (isInside && !isScheduled(wheel, eventNumber(agent, SEGMENT)))
    next(kernel, agent, SEGMENT, atMs);
  skipAhead(kernel, agent, isNew, atMs);
}

/** Asks for the next segment of the playlist that it knows. */
function fill(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  if (crowd.fatal[agent] === 1 || crowd.awaitsPlaylist[agent] === 1) return;
  const segment = segmentToLoad(kernel, agent);
  if (segment >= 0) request(kernel, agent, 'segment', segment, atMs);
}

function takeSegment(kernel: Kernel, agent: number, segment: number, atMs: number): void {
  const { crowd } = kernel;
  loaded(crowd, agent, 'segment');
  const { guesses, resumeLateMs = 0 } = readRules(kernel, agent);
  const isSecond = goesOn(crowd, agent);
  const isGap = guesses !== undefined && !correctGuess(kernel, agent, segment);
  const jumpMs = isGap ? guesses.jumpLateMs : resumeLateMs;
  crowd.nextSegment[agent] = segment + 1;
  const fromMs = mediaAt(kernel, agent, segment);
  const toMs = mediaAt(kernel, agent, segment + 1);
  keep(crowd, agent, fromMs, toMs);
  if (crowd.mode[agent] !== PLAYING && hasEnough(kernel, agent)) begin(kernel, agent, atMs, jumpMs);
  if (guesses && isSecond && takesBestRung(kernel, agent, atMs))
    return awaitPlaylist(kernel, agent, atMs);
  next(kernel, agent, SEGMENT, atMs);
}

function fail(
  kernel: Kernel,
  agent: number,
  asked: Asked,
  status: number,
  segment: number,
  atMs: number,
): void {
  const { crowd, groups, rungs, wheel, segmentMs } = kernel;
  const isLast = segment === crowd.last[agent];
  const { player } = groups[crowd.group[agent]!]!;
  const hasPathway = hasOtherPathway(kernel, agent, atMs);
  const failed = { agent, status, rungs, isLast, atMs, segmentMs, hasPathway };
  const does = player.decide(crowd, player.rules, asked, failed);
  const what = asked === 'segment' ? SEGMENT : LOAD;
  switch (does) {
    case FATAL:
      return giveUp(kernel, agent, atMs);
    case SKIP:
      crowd.nextSegment[agent] = segment + 1;
      return next(kernel, agent, SEGMENT, atMs);
    case LEAVE_RUNG:
      return leave(kernel, agent, atMs);
    case LEAVE:
      return void leavesPathway(kernel, agent, atMs);
    case SWITCH:
    case BACK: {
      const isUpdate = crowd.awaitsPlaylist[agent] === 0;
      const switchLateMs = isUpdate ? (player.rules.switchLateMs ?? 0) : 0;
      crowd.awaitsPlaylist[agent] = 1;
      callOffAnswer(kernel, agent, LOAD);
      const lateMs = does === BACK ? PLAYER_TICK_MS : switchLateMs;
      return schedule(wheel, eventNumber(agent, LOAD), atMs + lateMs);
    }
    default:
      schedule(wheel, eventNumber(agent, what), atMs + does);
      return awaitDoom(kernel, agent, atMs);
  }
}

const leave = (kernel: Kernel, agent: number, atMs: number): void =>
  awaitPlaylist(kernel, agent, atMs + leaveRung(kernel, agent, atMs));

/** The application acts on a player that gave up; one that was going to gives up now. */
function actOnFatal(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, groups, wheel } = kernel;
  if (crowd.fatal[agent] === 0) return awaitDoom(kernel, agent, atMs);
  const { policy } = groups[crowd.group[agent]!]!;
  if (policy.onFatal === 'fallback' || policy.onFatal === 'channel')
    return carryOn(kernel, agent, policy.onFatal, atMs);
  const nextMs = skipRounds(kernel, agent, atMs);
  if (nextMs > atMs) return schedule(wheel, eventNumber(agent, ACT), nextMs);
  const isIgnored = crowd.hasPosition[agent] === 1 && readRules(kernel, agent).ignoresStartLoad;
  crowd.fatal[agent] = 0;
  if (policy.onFatal === 'startLoad' && isIgnored) return;
  forgetFailures(crowd, agent);
  if (policy.onFatal === 'reload') reload(kernel, agent, atMs);
  next(kernel, agent, LOAD, atMs);
}
