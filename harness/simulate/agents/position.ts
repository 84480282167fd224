// Where a player goes on in the playlist that it has just got.

import { PLAYING, STARTING, type Crowd } from './crowd.ts';
import { hasBreak, positionOf } from './latency.ts';
import {
  awaitDoom,
  callOffAnswer,
  eventNumber,
  giveUp,
  LOAD,
  mediaAt,
  placeOf,
  readRules,
  SEGMENT,
  type Kernel,
} from './player.ts';
import { PLAYER_TICK_MS } from './players/player.ts';
import { advance } from './screens.ts';
import { schedule } from './wheel.ts';

/** A playhead so far outside of the playlist is still in it (hls.js: maxFragLookUpTolerance). */
const TOLERANCE_MS = 250;
/**
 * Jumps to live where the playlist has moved on from it; hls.js looks twice at one of a new rung.
 * False where it stays outside for now.
 */
export function stayInWindow(
  kernel: Kernel,
  agent: number,
  isSwitched: boolean,
  atMs: number,
): boolean {
  const { crowd, segmentMs } = kernel;
  if (crowd.mode[agent] === PLAYING) return true;
  if (crowd.hasPosition[agent] === 1) {
    const { jumpsAfter = Infinity, guesses } = readRules(kernel, agent);
    if (guesses) return true;
    if (stalledMs(crowd, agent, atMs) >= jumpsAfter * segmentMs)
      return catchUp(kernel, agent, atMs);
    const positionMs = crowd.positionMs[agent]!;
    const fromMs = mediaAt(kernel, agent, crowd.first[agent]!) - TOLERANCE_MS;
    const toMs = mediaAt(kernel, agent, crowd.last[agent]! + 1) + TOLERANCE_MS;
    if (positionMs >= fromMs && positionMs <= toMs) return true;
    if (isSwitched) return false;
    callOffAnswer(kernel, agent, SEGMENT);
    if (!goesOnBehind(kernel, agent, atMs)) return false;
  }
  seek(kernel, agent, liveSyncMs(kernel, agent));
  advance(kernel.screens, agent, atMs);
  return true;
}

const stalledMs = (crowd: Crowd, agent: number, atMs: number): number =>
  crowd.mode[agent] === STARTING ? 0 : atMs - crowd.bufferToMs[agent]! - crowd.offsetMs[agent]!;

/** Goes to where it would be without the stall; false where that is not there yet. */
function catchUp(kernel: Kernel, agent: number, atMs: number): boolean {
  const { crowd } = kernel;
  const { publication } = placeOf(kernel, agent);
  const { resumeLateMs = 0 } = readRules(kernel, agent);
  const wantedMs = atMs + resumeLateMs - crowd.lagMs[agent]!;
  const [first, last] = [crowd.first[agent]!, crowd.last[agent]!];
  callOffAnswer(kernel, agent, SEGMENT);
  if (hasBreak(publication.segments, first, last)) {
    schedule(kernel.wheel, eventNumber(agent, LOAD), atMs + PLAYER_TICK_MS);
    return false;
  }
  const positionMs = positionOf(publication, first, last, wantedMs);
  if (positionMs === undefined) return false;
  seek(kernel, agent, positionMs);
  advance(kernel.screens, agent, atMs);
  return true;
}

/** Its playhead fell out of the playlist: most players jump, others are at their end. */
function goesOnBehind(kernel: Kernel, agent: number, atMs: number): boolean {
  const { behindWindow } = readRules(kernel, agent);
  if (behindWindow === 'gives up') giveUp(kernel, agent, atMs);
  return behindWindow === 'jumps';
}

function liveSyncMs(kernel: Kernel, agent: number): number {
  const { crowd, segmentMs } = kernel;
  const { liveSyncCount, liveSyncOnStallIncreaseMs } = readRules(kernel, agent);
  const startMs = mediaAt(kernel, agent, crowd.first[agent]!);
  const endMs = mediaAt(kernel, agent, crowd.last[agent]! + 1);
  const moreMs = Math.min(crowd.stalls[agent]! * liveSyncOnStallIncreaseMs, segmentMs);
  const syncMs = endMs - liveSyncCount * segmentMs - moreMs;
  return Math.min(Math.max(startMs, syncMs), Math.max(startMs, endMs - segmentMs));
}

function seek({ crowd }: Kernel, agent: number, positionMs: number): void {
  crowd.hasPosition[agent] = 1;
  crowd.positionMs[agent] = positionMs;
  crowd.bufferToMs[agent] = positionMs;
  crowd.pieceFromMs[agent] = NaN;
  crowd.nextSegment[agent] = 0;
}

/** A playlist that stands for too long is an error for some players. */
export function judgeStuck(kernel: Kernel, agent: number, isNew: boolean, atMs: number): void {
  const { crowd, segmentMs } = kernel;
  if (isNew) {
    crowd.changedAtMs[agent] = atMs;
    if (crowd.doomed[agent] === 2) crowd.doomed[agent] = 0;
  } else if (atMs - crowd.changedAtMs[agent]! > readRules(kernel, agent).stuckTargets * segmentMs) {
    crowd.doomed[agent] ||= 2;
    awaitDoom(kernel, agent, atMs);
  }
}
