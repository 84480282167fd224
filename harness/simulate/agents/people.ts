// Whoever watches: they come and go as the plan says, act by their behaviour while they see no programme,
// and go where their application takes them. The vocabulary is that of harness/people.

import type { Act } from '../../people/behaviour.ts';
import { LOOK_EVERY_MS } from '../../people/people.ts';
import { AWAY, LEFT_DARK, PLAYING, STARTING } from './crowd.ts';
import { forgetFailures } from './failures.ts';
import { drawShare } from './hash.ts';
import {
  ACT,
  callOffAnswer,
  countDraw,
  eventNumber,
  LOAD,
  LOOK,
  MOVE,
  movesOf,
  PURPOSE,
  reload,
  SEGMENT,
  STEER,
  type Intent,
  type Kernel,
} from './player.ts';
import { canLoseAtMs } from './screens.ts';
import { callOff, schedule } from './wheel.ts';

/** Somebody who sees no programme is looked at this often: it may be there again before they act. */
const DARK_LOOK_MS = 2_000;

/** Lets somebody join at a time, or when the plan says; a share of the group, up to 1, does so before. */
export function awaitPeople(kernel: Kernel, agent: number, joinMs: number, share: number): void {
  const { crowd, wheel } = kernel;
  const [first] = movesOf(kernel, agent);
  if (first?.does === 'join') {
    crowd.gone[agent] = AWAY;
    const atMs = first.fromMs + share * (first.toMs - first.fromMs);
    return schedule(wheel, eventNumber(agent, MOVE), Math.max(joinMs, Math.round(atMs)));
  }
  enter(kernel, agent, joinMs);
  awaitMove(kernel, agent, joinMs);
}

function enter(kernel: Kernel, agent: number, atMs: number, startsMs = atMs): void {
  const { crowd, groups, wheel } = kernel;
  crowd.gone[agent] = 0;
  crowd.sinceMs[agent] = atMs;
  crowd.joinedMs[agent] = startsMs;
  crowd.darkSinceMs[agent] = NaN;
  schedule(wheel, eventNumber(agent, LOAD), startsMs);
  const { next, switches } = groups[crowd.group[agent]!]!;
  if (next ?? switches) schedule(wheel, eventNumber(agent, LOOK), atMs + LOOK_EVERY_MS);
}

/** The next time at which the plan lets them come or go. */
function awaitMove(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, wheel, seed } = kernel;
  const at = crowd.moves[agent]!;
  const move = movesOf(kernel, agent)[at];
  if (!move) return;
  const share = drawShare(seed, agent, PURPOSE.moves, at);
  const dueMs = Math.round(move.fromMs + share * (move.toMs - move.fromMs));
  schedule(wheel, eventNumber(agent, MOVE), Math.max(dueMs, atMs));
}

export function move(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, intents } = kernel;
  const { does } = movesOf(kernel, agent)[crowd.moves[agent]!]!;
  crowd.moves[agent]! += 1;
  intents[agent] = undefined;
  crowd.acts[agent] = 0;
  if (does === 'leave') leave(kernel, agent, atMs);
  else startAnew(kernel, agent, atMs);
  awaitMove(kernel, agent, atMs);
}

function leave(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, wheel } = kernel;
  crowd.gone[agent] = crowd.litToMs[agent]! < atMs && crowd.begun[agent] === 1 ? LEFT_DARK : AWAY;
  stop(kernel, agent);
  callOff(wheel, eventNumber(agent, LOOK));
}

function stop(kernel: Kernel, agent: number): void {
  callOffAnswer(kernel, agent, LOAD);
  callOffAnswer(kernel, agent, SEGMENT);
  callOff(kernel.wheel, eventNumber(agent, ACT));
  callOff(kernel.wheel, eventNumber(agent, STEER));
  forgetFailures(kernel.crowd, agent);
  kernel.crowd.fatal[agent] = 0;
}

/** A session from its beginning; who joins while others watch waits for the first picture. */
function startAnew(kernel: Kernel, agent: number, atMs: number, startsMs = atMs): void {
  const { crowd } = kernel;
  stop(kernel, agent);
  reload(kernel, agent, atMs);
  crowd.mode[agent] = STARTING;
  crowd.begun[agent] = 1;
  enter(kernel, agent, atMs, startsMs);
}

/** The application loads the channel by another class of edges, or another channel. */
export function carryOn(
  kernel: Kernel,
  agent: number,
  to: 'fallback' | 'channel',
  atMs: number,
): void {
  if (to === 'fallback') tune(kernel, agent, kernel.channels, kernel.places.length);
  else zap(kernel, agent);
  startAnew(kernel, agent, atMs);
}

/** Goes on to the next channel of its place. */
export const zap = (kernel: Kernel, agent: number): void => tune(kernel, agent, 1, kernel.channels);

/** Goes on by a step among the places of a ring: places are by entry, and in it by channel. */
function tune({ crowd }: Kernel, agent: number, step: number, ring: number): void {
  const place = crowd.place[agent]!;
  const from = place - (place % ring);
  crowd.place[agent] = from + ((place - from + step) % ring);
}

/** Somebody looks at the screen, and does what they were about to do where it was dark until now. */
export function look(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, intents, screens, wheel } = kernel;
  const again = (ms: number) => schedule(wheel, eventNumber(agent, LOOK), ms);
  if (crowd.gone[agent] !== 0) return returnTo(kernel, agent, atMs);
  const isSeen = crowd.mode[agent] === PLAYING && crowd.litToMs[agent]! >= atMs;
  if (isSeen || crowd.litToMs[agent]! > crowd.darkSinceMs[agent]!) settle(kernel, agent);
  if (isSeen) return again(Math.max(canLoseAtMs(screens, agent, atMs) + 1, atMs + LOOK_EVERY_MS));
  if (Number.isNaN(crowd.darkSinceMs[agent]!)) {
    crowd.darkSinceMs[agent] = atMs;
    intents[agent] = intend(kernel, agent, atMs);
  }
  const intent = intents[agent];
  if (intent && intent.atMs <= atMs) return carryOut(kernel, agent, intent.act, atMs);
  again(Math.min(intent?.atMs ?? Infinity, atMs + DARK_LOOK_MS));
}

function settle({ crowd, intents }: Kernel, agent: number): void {
  crowd.acts[agent] = 0;
  crowd.darkSinceMs[agent] = NaN;
  intents[agent] = undefined;
}

/** The first that somebody does who sees no programme since a time. */
function intend(kernel: Kernel, agent: number, atMs: number): Intent | undefined {
  const act = drawAct(kernel, agent, atMs);
  const switchMs = kernel.crowd.darkSinceMs[agent]! + drawSwitchMs(kernel, agent);
  return switchMs < (act?.atMs ?? Infinity) ? { act: 'switch', atMs: switchMs } : act;
}

/** The same people switch in every outage, each after the same time; Infinity for the others. */
function drawSwitchMs({ crowd, groups, seed }: Kernel, agent: number): number {
  const { switches } = groups[crowd.group[agent]!]!;
  if (!switches) return Infinity;
  const drawn = drawShare(seed, agent, PURPOSE.switches, 0);
  return drawn < switches.share
    ? Math.round((drawn / switches.share) * switches.withinMs)
    : Infinity;
}

function drawAct({ crowd, groups, seed }: Kernel, agent: number, atMs: number) {
  const { next: drawNext } = groups[crowd.group[agent]!]!;
  if (!drawNext) return undefined;
  const next = () => drawShare(seed, agent, PURPOSE.people, countDraw(crowd, agent));
  const random = { next, fork: () => random };
  const act = drawNext(random, crowd.acts[agent]!);
  return act && { act, atMs: Math.round(atMs + act.afterMs) };
}

function carryOut(kernel: Kernel, agent: number, act: Act | 'switch', atMs: number): void {
  const { crowd, intents, wheel } = kernel;
  if (act === 'switch') return switchOver(kernel, agent, atMs);
  crowd.acts[agent]! += 1;
  intents[agent] = undefined;
  if (act.does === 'leave') {
    leave(kernel, agent, atMs);
    return schedule(wheel, eventNumber(agent, LOOK), atMs + (act.backAfterMs ?? Infinity));
  }
  if (act.does === 'zap') zap(kernel, agent);
  startAnew(kernel, agent, atMs, act.does === 'reboot' ? atMs + act.offMs : atMs);
}

/** From now on it watches the same channel as another group does. */
function switchOver(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, groups, channels } = kernel;
  const { to } = groups[crowd.group[agent]!]!.switches!;
  const channel = crowd.place[agent]! % channels;
  stop(kernel, agent);
  settle(kernel, agent);
  const { entries, player } = groups[to]!;
  const entry = drawEntry(entries, drawShare(kernel.seed, agent, PURPOSE.entry, 0));
  crowd.group[agent] = to;
  crowd.place[agent] = entry * channels + channel;
  crowd.home[agent] = entry;
  crowd.isBox[agent] = player.box ? 1 : 0;
  startAnew(kernel, agent, atMs);
}

function drawEntry(entries: readonly number[], drawn: number): number {
  let before = 0;
  const found = entries.findIndex((share) => drawn < (before += share));
  return found < 0 ? entries.length - 1 : found;
}

/** Somebody who had left looks again. */
function returnTo(kernel: Kernel, agent: number, atMs: number): void {
  settle(kernel, agent);
  startAnew(kernel, agent, atMs);
}
