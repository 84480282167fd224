// One agent that is a set-top box: it boots through the portal, tunes to a group, shows what comes, and
// zaps by itself where its `config` says so. Its people and its application act as those of any agent.

import { TIMES } from '../../constants.ts';
import { PLAYING, STARTING } from '../crowd.ts';
import { drawShare } from '../hash.ts';
import { zap } from '../people.ts';
import {
  ACT,
  countDraw,
  drawActMs,
  eventNumber,
  giveUp,
  LOAD,
  LOOK,
  MOVE,
  PURPOSE,
  SEGMENT,
  STEER,
  type Kernel,
} from '../player.ts';
import { advance } from '../screens.ts';
import { changeAfter, valueAt } from '../steps.ts';
import { schedule, TICK_MS } from '../wheel.ts';
import { backAtMs, lateMs, nextErrorAtMs, type WatchedGroup } from './boxScreen.ts';
import type { BoxPlace, BoxServer } from './boxWorld.ts';
import { firstFrom, keyBefore, runAt } from './broadcast.ts';
import { endBoot, failZap } from './outcomes.ts';
import { takeTurn } from './turns.ts';

/** It looks at its picture, and goes on to the next channel, at times of its own. */
const SCREEN = SEGMENT;
const ZAP = STEER;

/** Login, guide and rights. */
const REQUESTS = 3;
/** The boot takes too long, or the portal is not there. */
const FAILED = 9;

/** From the first picture to begin with at a new decoder, or from the request for a burst, to its picture. */
const DECODER_MS = 130;
const BURST_MS = 63;
/** A box that waits longer for its burst begins with the group (players/box/order.ts). */
const BURST_BEGINS_MS = 150;
/** Behind the moment at which a box shows a picture again. */
const AFTER_MS = 1;

export function actBox(kernel: Kernel, agent: number, what: number, atMs: number): void {
  const { crowd } = kernel;
  switch (what) {
    case LOAD:
      if (crowd.begun[agent] === 0) return settle(kernel, agent, atMs);
      if (crowd.bootStep[agent] === 0) crowd.onMs[agent] = atMs;
      return boot(kernel, agent, atMs);
    case SCREEN:
      return lookAtScreen(kernel, agent, atMs);
    case ACT:
      return actOnError(kernel, agent, atMs);
    case ZAP:
      return zapByItself(kernel, agent, atMs);
  }
}

export const groupOf = (
  { crowd, groups, boxes }: Pick<Kernel, 'crowd' | 'groups' | 'boxes'>,
  agent: number,
): WatchedGroup => ({
  broadcast: boxes[crowd.place[agent]!]!.broadcast,
  times: groups[crowd.group[agent]!]!.player.box!,
});

const placeOf = ({ crowd, boxes }: Kernel, agent: number): BoxPlace => boxes[crowd.place[agent]!]!;

/** It was there long before, and shows its channel. */
function settle(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  const { times } = groupOf(kernel, agent);
  crowd.hasManifest[agent] = 1;
  crowd.mode[agent] = PLAYING;
  crowd.begun[agent] = 1;
  crowd.offsetMs[agent] = lateMs(times);
  crowd.zapsShown[agent] = 1;
  awaitScreen(kernel, agent);
  awaitZap(kernel, agent, atMs);
}

/** A box that is through the portal needs it no more. */
function boot(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, wheel } = kernel;
  const { portal } = placeOf(kernel, agent);
  const step = crowd.bootStep[agent]!;
  if (step === REQUESTS) endBoot(crowd, agent, atMs);
  if (!portal || step === REQUESTS) return watch(kernel, agent, atMs);
  if (step === FAILED) return fail(kernel, agent, atMs);
  if (step === 0) crowd.joinedMs[agent] = atMs;
  const { bootMs } = groupOf(kernel, agent).times;
  const { answered, ms } = askPortal(kernel, agent, portal, atMs);
  const lastMs = crowd.joinedMs[agent]! + bootMs;
  crowd.bootStep[agent] = answered && ms < lastMs ? step + 1 : FAILED;
  schedule(wheel, eventNumber(agent, LOAD), Math.min(ms, lastMs));
}

/** The portal answers whoever asks in their order, also those who have given up meanwhile. */
function askPortal(kernel: Kernel, agent: number, portal: BoxServer, atMs: number) {
  const { crowd } = kernel;
  const { turns, life, flow } = portal;
  const { forward, backward } = valueAt(flow, atMs);
  const cut = forward.cut ?? backward.cut;
  if (cut !== undefined) {
    const isBroken = cut === 'refuse' || cut === 'reset';
    return { answered: false, ms: isBroken ? atMs + TIMES.connectMs : changeAfter(flow, atMs) };
  }
  const state = valueAt(life, atMs);
  const changesMs = changeAfter(life, atMs);
  if (state === 'down') return { answered: false, ms: atMs + TIMES.connectMs };
  if (state === 'absent') return { answered: false, ms: changesMs };
  const startsMs = state === 'paused' ? changesMs : atMs;
  const waitMs = takeTurn(turns, crowd.count[agent]!, startsMs, drawOf(kernel, agent));
  turns.forgetsAtMs = changeAfter(life, startsMs);
  const ms = startsMs + waitMs + TIMES.playlistMs + forward.delayMs + backward.delayMs;
  const isCut = state === 'works' && ms > changesMs && valueAt(life, changesMs) === 'down';
  return isCut ? { answered: false, ms: changesMs } : { answered: true, ms };
}

const drawOf = ({ crowd, seed }: Kernel, agent: number): number =>
  drawShare(seed, agent, PURPOSE.turn, countDraw(crowd, agent));

function watch(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  crowd.bootStep[agent] = 0;
  const isNew = crowd.hasManifest[agent] === 0;
  crowd.hasManifest[agent] = 1;
  if (isNew) crowd.zapSinceMs[agent] = atMs;
  tune(kernel, agent, atMs);
  if (!isNew) return;
  crowd.zaps[agent] = 0;
  awaitZap(kernel, agent, atMs);
}

function tune(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  const { bursts, broadcast } = placeOf(kernel, agent);
  const { times } = groupOf(kernel, agent);
  const { jitterMs } = times;
  crowd.mode[agent] = STARTING;
  crowd.joinedMs[agent] = atMs;
  const waitMs = bursts && times.burst ? waitForBurst(kernel, agent, bursts, atMs) : Infinity;
  const run = runAt(broadcast, atMs);
  if (run && waitMs <= BURST_BEGINS_MS) {
    crowd.positionMs[agent] = Math.max(run.fromMs, keyBefore(broadcast.keys, atMs));
    crowd.firstMs[agent] = atMs + waitMs + BURST_MS + jitterMs;
  } else {
    const cameMs = firstFrom(broadcast, atMs);
    crowd.positionMs[agent] = cameMs;
    crowd.firstMs[agent] = cameMs + DECODER_MS + jitterMs;
  }
  awaitScreen(kernel, agent);
}

/** Gives the wait until the first picture of a burst is sent; Infinity for none. */
function waitForBurst(
  kernel: Kernel,
  agent: number,
  { turns, life, flow }: BoxServer,
  atMs: number,
): number {
  const { forward, backward } = valueAt(flow, atMs);
  if ((forward.cut ?? backward.cut) !== undefined || valueAt(life, atMs) !== 'works')
    return Infinity;
  const viewers = kernel.crowd.count[agent]!;
  const waitMs = takeTurn(turns, viewers, atMs, drawOf(kernel, agent));
  if (waitMs > BURST_BEGINS_MS) turns.load.refused += viewers;
  return waitMs + forward.delayMs + backward.delayMs;
}

function awaitScreen(kernel: Kernel, agent: number): void {
  const { screens, wheel } = kernel;
  const errorMs = nextErrorAtMs(screens, agent, groupOf(kernel, agent));
  schedule(wheel, eventNumber(agent, SCREEN), errorMs);
}

/** The error page comes, or the picture is back behind it. */
function lookAtScreen(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  const sinceMs = crowd.mode[agent] === STARTING ? crowd.joinedMs[agent]! : crowd.shownMs[agent]!;
  const { errorMs } = groupOf(kernel, agent).times;
  const isDark = crowd.mode[agent] !== PLAYING && crowd.fatal[agent] === 0;
  if (isDark && atMs - sinceMs >= errorMs - AFTER_MS) return fail(kernel, agent, atMs);
  awaitScreen(kernel, agent);
}

function fail(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, wheel } = kernel;
  const others = crowd.size;
  crowd.bootStep[agent] = 0;
  failZap(crowd, agent);
  const zapMs = wheel.atMs[eventNumber(agent, ZAP)]!;
  giveUp(kernel, agent, atMs);
  awaitPicture(kernel, agent);
  for (let twin = others; twin < crowd.size; twin++) {
    awaitPicture(kernel, twin);
    schedule(wheel, eventNumber(twin, ZAP), zapMs);
  }
}

function awaitPicture(kernel: Kernel, agent: number): void {
  const { crowd, screens, wheel } = kernel;
  if (crowd.hasManifest[agent] === 0) return;
  const backMs = backAtMs(screens, agent, groupOf(kernel, agent));
  schedule(wheel, eventNumber(agent, SCREEN), backMs + AFTER_MS);
}

/** Its application does something about an error page that is still there. */
function actOnError(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, groups } = kernel;
  const { policy } = groups[crowd.group[agent]!]!;
  if (crowd.fatal[agent] === 0 || policy.onFatal !== 'reload') return;
  crowd.fatal[agent] = 0;
  crowd.reloads[agent]! += 1;
  if (crowd.hasManifest[agent] === 0) boot(kernel, agent, atMs);
  else tune(kernel, agent, tuneInVain(kernel, agent, atMs));
}

/**
 * Plays on from a time at which a box tunes for as long as it tunes anew behind its error page, and nothing
 * else happens to it. Gives the time at which it tunes last.
 */
function tuneInVain(kernel: Kernel, agent: number, atMs: number): number {
  const { crowd, groups, screens, splits, wheel, endMs } = kernel;
  const { policy } = groups[crowd.group[agent]!]!;
  const { bursts, broadcast } = placeOf(kernel, agent);
  const isAlone = !bursts && !(splits && crowd.size < crowd.capacity);
  if (policy.onFatal !== 'reload' || !isAlone) return atMs;
  const { errorMs } = groupOf(kernel, agent).times;
  const longestMs = errorMs + policy.delayMs + policy.jitterMs;
  // An event of this tick may still be to come.
  const tickMs = wheel.fromMs + wheel.tick * TICK_MS;
  const othersMs = [MOVE, LOOK, ZAP]
    .map((what) => wheel.atMs[eventNumber(agent, what)]!)
    .filter((ms) => ms >= tickMs);
  const untilMs = Math.min(firstFrom(broadcast, atMs), endMs, ...othersMs);
  let tunesMs = atMs;
  while (tunesMs + longestMs < untilMs) {
    crowd.mode[agent] = STARTING;
    crowd.firstMs[agent] = Infinity;
    advance(screens, agent, tunesMs + errorMs);
    crowd.fatal[agent] = 1;
    tunesMs = drawActMs(kernel, agent, tunesMs + errorMs);
    advance(screens, agent, tunesMs);
    crowd.fatal[agent] = 0;
    crowd.reloads[agent]! += 1;
  }
  return tunesMs;
}

function awaitZap({ crowd, groups, wheel }: Kernel, agent: number, atMs: number): void {
  const { zapEveryMs, zaps } = groups[crowd.group[agent]!]!.player.box!;
  if (zapEveryMs === 0 || (zaps > 0 && crowd.zaps[agent]! >= zaps)) return;
  schedule(wheel, eventNumber(agent, ZAP), atMs + zapEveryMs);
}

function zapByItself(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  if (crowd.zaps[agent]! < 0xffff) crowd.zaps[agent]! += 1;
  crowd.fatal[agent] = 0;
  zap(kernel, agent);
  crowd.zapSinceMs[agent] = atMs;
  tune(kernel, agent, atMs);
  awaitZap(kernel, agent, atMs);
}
