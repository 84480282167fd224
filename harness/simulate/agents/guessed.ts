// A player that knows where a playlist stands only by the one before it (VHS: MediaSequenceSync). Behind a
// break it takes its playhead for the beginning of the next one; segments have true times all the same.

import { NO_RUNG, PLAYING, RUNGS_MAX, type Crowd } from './crowd.ts';
import { callOffAnswer, eventNumber, LOAD, mediaAt, placeOf, type Kernel } from './player.ts';
import { changeRung, forgetExclusions } from './players/exclusions.ts';
import { PLAYER_TICK_MS } from './players/player.ts';
import { schedule } from './wheel.ts';

/** VHS: a playhead so near to the end of a playlist is at it (SAFE_TIME_DELTA), and sound ends before pictures. */
const AT_END_MS = 144;
/** VHS leaves a rung out as long (`playlistExclusionDuration`). */
const EXCLUDED_MS = 60_000;
/** It waits so long for a rung whose length of segments it has never read. */
const UNKNOWN_MS = 5_000;

/** The segment before the next one is in the playlist: it goes on from there. */
export const goesOn = ({ nextSegment, first }: Crowd, agent: number): boolean =>
  nextSegment[agent]! > first[agent]!;

/**
 * Takes a playlist of the segments from one to another; false where it stood. A rung that gives what it gave
 * before does not become the one that is played.
 */
export function takeGuessed(
  kernel: Kernel,
  agent: number,
  first: number,
  last: number,
  atMs: number,
): boolean {
  const { crowd } = kernel;
  const rung = crowd.rung[agent]!;
  const known = agent * RUNGS_MAX + rung;
  if (crowd.rungLast[known] === last && crowd.playlistRung[agent] !== NO_RUNG) {
    crowd.rung[agent] = crowd.playlistRung[agent]!;
    return false;
  }
  crowd.rungLast[known] = last;
  if (crowd.last[agent]! >= 0 && first > crowd.last[agent]!)
    crowd.guessedLateMs[agent] = mediaAt(kernel, agent, first) - playheadMs(crowd, agent, atMs);
  if (rung !== crowd.playlistRung[agent]) crowd.nextSegment[agent] = 0;
  crowd.playlistRung[agent] = rung;
  crowd.first[agent] = first;
  crowd.last[agent] = last;
  return true;
}

const playheadMs = ({ mode, offsetMs, positionMs }: Crowd, agent: number, atMs: number): number =>
  mode[agent] === PLAYING ? atMs - offsetMs[agent]! : positionMs[agent]!;

/** The next segment; the first behind what is buffered, by its guess, where it does not go on. */
export function guessSegment(kernel: Kernel, agent: number): number {
  const { crowd } = kernel;
  const last = crowd.last[agent]!;
  const next = crowd.nextSegment[agent]!;
  if (last < 0) return -1;
  if (goesOn(crowd, agent)) return next <= last ? next : -1;
  const isWhole = Number.isNaN(crowd.pieceFromMs[agent]!);
  const heldMs = isWhole ? crowd.bufferToMs[agent]! : crowd.pieceToMs[agent]!;
  const wantedMs = heldMs + crowd.guessedLateMs[agent]! + PLAYER_TICK_MS / 2;
  let segment = crowd.first[agent]!;
  while (segment <= last && mediaAt(kernel, agent, segment + 1) <= wantedMs) segment++;
  return segment <= last ? segment : -1;
}

/**
 * Pictures of another time line are put where they were guessed to be, behind what is buffered: there is no
 * gap, and the guess is right again. False for a segment of the time line that it plays.
 */
export function correctGuess(kernel: Kernel, agent: number, segment: number): boolean {
  const { crowd } = kernel;
  const { begins } = placeOf(kernel, agent).publication.segments;
  let n = segment;
  while (n >= 0 && begins[n] === 0) n--;
  const isOther = n >= 0 && mediaAt(kernel, agent, n) >= crowd.bufferToMs[agent]!;
  if (isOther) crowd.guessedLateMs[agent] = 0;
  return isOther;
}

/** True where it has played a playlist that stands to its end: it tries another rung, once for each. */
export function leavesStanding(kernel: Kernel, agent: number, atMs: number): boolean {
  const { crowd } = kernel;
  const bit = 1 << crowd.rung[agent]!;
  const leftMs = mediaAt(kernel, agent, crowd.last[agent]! + 1) - playheadMs(crowd, agent, atMs);
  if (leftMs > AT_END_MS || (crowd.stoodRungs[agent]! & bit) !== 0) return false;
  crowd.stoodRungs[agent]! |= bit;
  return true;
}

/** Takes the best rung again, if it plays another and the best is not left out. */
export function takesBestRung({ crowd }: Kernel, agent: number, atMs: number): boolean {
  if (crowd.rung[agent] === 0 || crowd.excludedToMs[agent * RUNGS_MAX]! > atMs) return false;
  crowd.rung[agent] = 0;
  return true;
}

/** Leaves the rung out for a time and takes another; gives how long it waits before it asks for its playlist. */
export function leaveRung(
  { crowd, rungs, segmentMs }: Pick<Kernel, 'crowd' | 'rungs' | 'segmentMs'>,
  agent: number,
  atMs: number,
): number {
  if (rungs === 1) return segmentMs / 2;
  const failed = crowd.rung[agent]!;
  const isOpen = changeRung(crowd, { agent, rungs, atMs }, EXCLUDED_MS) !== undefined;
  if (!isOpen) {
    forgetExclusions(crowd, agent);
    crowd.excludedToMs[agent * RUNGS_MAX + failed] = atMs + EXCLUDED_MS;
    crowd.rung[agent] = failed === 0 ? 1 : 0;
  }
  const rung = crowd.rung[agent]!;
  const isKnown = crowd.rungLast[agent * RUNGS_MAX + rung]! >= 0;
  const lateMs = isOpen ? 0 : isKnown ? segmentMs / 2 : UNKNOWN_MS;
  return lateMs + (rung === crowd.playlistRung[agent] ? segmentMs : 0);
}

/** Stops loading until the playlist has come that it asks for then. */
export function awaitPlaylist(kernel: Kernel, agent: number, atMs: number): void {
  kernel.crowd.awaitsPlaylist[agent] = 1;
  callOffAnswer(kernel, agent, LOAD);
  schedule(kernel.wheel, eventNumber(agent, LOAD), atMs);
}

/** True where a steady state may end by itself: it waits for a segment, or is going to take another rung. */
export function mayChangeRung(crowd: Crowd, agent: number, isNew: boolean): boolean {
  const rung = crowd.rung[agent]!;
  if (!isNew) return (crowd.stoodRungs[agent]! & (1 << rung)) === 0;
  return (
    crowd.nextSegment[agent]! <= crowd.last[agent]! ||
    (rung !== 0 && crowd.guessedLateMs[agent]! > 0)
  );
}
