// One agent's player: where it plays, which segment it wants next, and what it does once it gave up.
// Nothing here sends a request.

import type { NextAct } from '../../people/behaviour.ts';
import type { BoxPlace } from './boxes/boxWorld.ts';
import { forgetGuesses, PLAYING, REVIVED, STARTING, splitAgent, type Crowd } from './crowd.ts';
import type { Gate } from './gate.ts';
import type { Group, Move } from './group.ts';
import { draw, drawShare } from './hash.ts';
import type { Answer, Place } from './place.ts';
import { putOutMs } from './latency.ts';
import type { PlayerRules } from './rules.ts';
import type { Steering } from './steering.ts';
import { advance, type Screens } from './screens.ts';
import { callOff, isScheduled, schedule, TICK_MS, type Wheel } from './wheel.ts';

/** From the moment at which the application acts until the player gives up again. */
export interface Round {
  /** The times at which it asks for the manifest, and for playlists, from its start. */
  readonly manifestsMs: Float64Array;
  readonly playlistsMs: Float64Array;
  readonly lengthMs: number;
  /** Its state at the end. */
  readonly rung: number;
  readonly awaitsPlaylist: boolean;
}

export interface Kernel {
  readonly crowd: Crowd;
  readonly screens: Screens;
  readonly wheel: Wheel;
  readonly groups: readonly Group[];
  readonly places: readonly Place[];
  /** Those of boxes: by sender, and in it by channel. */
  readonly boxes: readonly BoxPlace[];
  /** Those of every class of stages that has a limit. */
  readonly gates: readonly Gate[];
  readonly seed: number;
  /** Nothing happens from here on. */
  readonly endMs: number;
  readonly segmentMs: number;
  readonly rungs: number;
  /** Chance divides an agent into as many as it has outcomes, as long as there is room. */
  readonly splits: boolean;
  /** From the start of a player to its first picture, at least. */
  readonly startUpMs: number;
  readonly answers: Answers;
  readonly answer: Answer;
  /** The next act of somebody, by agent. */
  readonly intents: (Intent | undefined)[];
  readonly channels: number;
  /** Undefined where viewers choose by themselves. */
  readonly steering: Steering | undefined;
  /** Rounds of a storm that are known, by all that they depend on (storm.ts). */
  readonly rounds: Map<string, Round>;
  events: number;
}

export interface Intent {
  readonly act: NextAct | 'switch';
  readonly atMs: number;
}

/** Answers under way, by event. */
export interface Answers {
  readonly isComing: Uint8Array;
  readonly status: Int16Array;
  readonly value: Int32Array;
  readonly askedMs: Float64Array;
}

/** Six events an agent: two of its player, one of the application, two of whoever watches, one of steering. */
export const LOAD = 0;
export const SEGMENT = 1;
export const ACT = 2;
export const MOVE = 3;
export const LOOK = 4;
export const STEER = 5;
export const EVENTS = 6;
export const eventNumber = (agent: number, what: number): number => agent * EVENTS + what;

/** A hole that is gone over without a stop (hls.js: maxBufferHole). */
const HOLE_MS = 100;
export const PURPOSE = {
  act: 1,
  order: 2,
  people: 5,
  moves: 6,
  within: 8,
  turn: 9,
  switches: 11,
  entry: 12,
} as const;

export const readRules = ({ crowd, groups }: Kernel, agent: number): PlayerRules =>
  groups[crowd.group[agent]!]!.player.rules;

/** The times at which an agent joins and leaves by the plan, those behind it too. */
export const movesOf = ({ crowd, groups }: Kernel, agent: number): readonly Move[] =>
  groups[crowd.group[agent]!]!.movesOf(crowd.rank[agent]!);

export const placeOf = ({ places, crowd }: Kernel, agent: number): Place =>
  places[crowd.place[agent]!]!;

export const mediaAt = (kernel: Kernel, agent: number, segment: number): number =>
  placeOf(kernel, agent).publication.segments.mediaMs[segment]!;

/** Plays from the position there is, or from the piece behind it, which takes so long. */
export function begin(kernel: Kernel, agent: number, atMs: number, jumpLateMs: number): void {
  const { crowd, startUpMs, screens, endMs, wheel } = kernel;
  const pieceMs = crowd.pieceFromMs[agent]!;
  const isJump = !Number.isNaN(pieceMs);
  if (isJump) {
    crowd.positionMs[agent] = pieceMs;
    crowd.bufferToMs[agent] = crowd.pieceToMs[agent]!;
    crowd.pieceFromMs[agent] = NaN;
  }
  const isStart = crowd.mode[agent] === STARTING;
  const { resumeLateMs = 0, jumpsAfter } = readRules(kernel, agent);
  const lateMs = isJump ? jumpLateMs : resumeLateMs;
  const readyMs = isStart ? Math.max(atMs, crowd.joinedMs[agent]! + startUpMs) : atMs + lateMs;
  const fromMs = jumpsAfter === undefined ? readyMs : keepLag(kernel, agent, readyMs, isStart);
  advance(screens, agent, Math.min(fromMs, endMs));
  crowd.offsetMs[agent] = fromMs - crowd.positionMs[agent]!;
  crowd.mode[agent] = PLAYING;
  crowd.begun[agent] = 1;
  if (crowd.fatal[agent] === REVIVED && !isScheduled(wheel, eventNumber(agent, ACT)))
    crowd.fatal[agent] = 0;
}

/** Keeps a segment: in the buffer, or in the piece behind its end. */
export function keep(crowd: Crowd, agent: number, fromMs: number, toMs: number): void {
  if (!Number.isNaN(crowd.pieceFromMs[agent]!)) crowd.pieceToMs[agent] = toMs;
  else if (fromMs <= crowd.bufferToMs[agent]! + HOLE_MS) crowd.bufferToMs[agent] = toMs;
  else {
    crowd.pieceFromMs[agent] = fromMs;
    crowd.pieceToMs[agent] = toMs;
  }
}

/** There is as much in the buffer as its player begins with, or something behind a hole. */
export function hasEnough(kernel: Kernel, agent: number): boolean {
  const { crowd } = kernel;
  const { startMs, resumeMs } = readRules(kernel, agent);
  const needsMs = crowd.mode[agent] === STARTING ? startMs : resumeMs;
  const aheadMs = crowd.bufferToMs[agent]! - crowd.positionMs[agent]!;
  return aheadMs >= needsMs || !Number.isNaN(crowd.pieceFromMs[agent]!);
}

/** Gives when it plays: not sooner after a picture was put out than before. */
function keepLag(kernel: Kernel, agent: number, readyMs: number, isStart: boolean): number {
  const { crowd } = kernel;
  const { segments } = placeOf(kernel, agent).publication;
  const shownMs = putOutMs(segments, crowd.first[agent]!, crowd.positionMs[agent]!);
  const fromMs = isStart ? readyMs : Math.max(readyMs, shownMs + crowd.lagMs[agent]!);
  crowd.lagMs[agent] = fromMs - shownMs;
  return fromMs;
}

export function callOffAnswer({ wheel, answers }: Kernel, agent: number, what: number): void {
  callOff(wheel, eventNumber(agent, what));
  answers.isComing[eventNumber(agent, what)] = 0;
}

/** A player that is going to give up does so once it has nothing to play. */
export function awaitDoom(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, wheel } = kernel;
  if (crowd.doomed[agent] === 0) return;
  if (crowd.mode[agent] !== PLAYING) return giveUp(kernel, agent, atMs);
  schedule(wheel, eventNumber(agent, ACT), crowd.bufferToMs[agent]! + crowd.offsetMs[agent]! + 1);
}

export function giveUp(kernel: Kernel, agent: number, failedMs: number): void {
  const { crowd, groups, wheel } = kernel;
  const atMs = failedMs + (readRules(kernel, agent).fatalLateMs ?? 0);
  crowd.fatal[agent] = 1;
  if (crowd.doomed[agent] !== 0) callOff(wheel, eventNumber(agent, ACT));
  callOffAnswer(kernel, agent, LOAD);
  callOffAnswer(kernel, agent, SEGMENT);
  awaitRevival(kernel, agent, atMs);
  const { policy } = groups[crowd.group[agent]!]!;
  if (policy.onFatal === 'none' || isScheduled(wheel, eventNumber(agent, ACT))) return;
  if (kernel.splits && policy.jitterMs > 0 && crowd.size < crowd.capacity)
    return splitWaits(kernel, agent, waitFromMs(kernel, agent, atMs), policy.jitterMs);
  schedule(wheel, eventNumber(agent, ACT), drawActMs(kernel, agent, atMs));
}

/** Its playhead falls out of the window and jumps: it tries again. One that is out already has jumped. */
function awaitRevival(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd, wheel, segmentMs } = kernel;
  const { jumpsAfter } = readRules(kernel, agent);
  if (jumpsAfter === undefined || crowd.mode[agent] === STARTING) return;
  const jumpsMs = crowd.bufferToMs[agent]! + crowd.offsetMs[agent]! + jumpsAfter * segmentMs;
  if (jumpsMs > atMs) schedule(wheel, eventNumber(agent, LOAD), jumpsMs);
}

/** It gave up; one that tries again by itself does so now. */
export function isStill(kernel: Kernel, agent: number): boolean {
  const { fatal } = kernel.crowd;
  if (fatal[agent] !== 1) return false;
  if (readRules(kernel, agent).jumpsAfter === undefined) return true;
  fatal[agent] = REVIVED;
  return false;
}

/** The soonest that an application acts on a player that gave up: after its delay, and what it was told. */
function waitFromMs({ crowd, groups }: Kernel, agent: number, atMs: number): number {
  const { policy } = groups[crowd.group[agent]!]!;
  if (policy.onFatal === 'none') return Infinity;
  return Math.max(atMs + policy.delayMs, crowd.retryToMs[agent]!);
}

/** Counts what an agent draws, which each has a number of its own for. */
export function countDraw({ draws }: Crowd, agent: number): number {
  const counter = draws[agent]!;
  draws[agent] = counter + 1;
  return counter;
}

/** Draws when an application acts on a player that gave up at a time. */
export function drawActMs(kernel: Kernel, agent: number, atMs: number): number {
  const { crowd, groups, seed } = kernel;
  const { policy } = groups[crowd.group[agent]!]!;
  if (policy.onFatal === 'none') return Infinity;
  const jitterMs = drawShare(seed, agent, PURPOSE.act, countDraw(crowd, agent)) * policy.jitterMs;
  return waitFromMs(kernel, agent, atMs) + Math.round(jitterMs);
}

/**
 * Divides an agent evenly over the waits that chance could draw; the rest of a division is drawn, and so is
 * the wait within a part that is longer than a tick.
 */
function splitWaits(kernel: Kernel, agent: number, fromMs: number, jitterMs: number): void {
  const { crowd, wheel, seed } = kernel;
  const viewers = crowd.count[agent]!;
  const ticks = Math.ceil(jitterMs / TICK_MS);
  const parts = Math.min(viewers, ticks);
  const counter = countDraw(crowd, agent);
  const shift = draw(seed, agent, PURPOSE.act, counter) % parts;
  for (let part = parts - 1; part >= 0; part--) {
    const size = Math.floor(((part + 1) * viewers) / parts) - Math.floor((part * viewers) / parts);
    const own = part === 0 ? agent : splitAgent(crowd, agent, size);
    if (own === undefined) continue;
    const within = parts < ticks ? drawShare(seed, own, PURPOSE.within, counter) : 0.5;
    const waitMs = ((((part + shift) % parts) + within) * jitterMs) / parts;
    schedule(wheel, eventNumber(own, ACT), Math.round(fromMs + waitMs));
  }
}

export function reload(kernel: Kernel, agent: number, atMs: number): void {
  const { crowd } = kernel;
  callOffAnswer(kernel, agent, LOAD);
  crowd.mode[agent] = STARTING;
  crowd.reloads[agent]! += 1;
  crowd.joinedMs[agent] = atMs;
  crowd.hasPosition[agent] = 0;
  crowd.hasManifest[agent] = 0;
  crowd.bootStep[agent] = 0;
  crowd.zapSinceMs[agent] = NaN;
  crowd.firstMs[agent] = Infinity;
  crowd.awaitsPlaylist[agent] = 0;
  crowd.stalls[agent] = 0;
  crowd.pieceFromMs[agent] = NaN;
  crowd.last[agent] = -1;
  crowd.nextSegment[agent] = 0;
  crowd.rung[agent] = 0;
  forgetGuesses(crowd, agent);
  crowd.changedAtMs[agent] = atMs;
  forgetPathways(crowd, agent);
}

function forgetPathways({ penalizedMs, capacity }: Crowd, agent: number): void {
  if (penalizedMs.length === 0) return;
  const pathways = penalizedMs.length / capacity;
  penalizedMs.fill(-Infinity, agent * pathways, (agent + 1) * pathways);
}
