// Accounts for what the screens of agents show whenever something happens to an agent: every moment
// since it first saw the programme is in one class.

import { advanceBox, canLoseBoxAtMs, type WatchedGroup } from './boxes/boxScreen.ts';
import { LOSS, LOSSES, PLAYING, STALLED } from './crowd.ts';
import { darken, darkLoss, lose, type Losing } from './losses.ts';
import type { Fill } from './segments.ts';

export interface Screens extends Losing {
  /** Gives the pictures of the channel of an agent that are not the programme. */
  readonly fillOf: (agent: number) => Fill;
  /** Gives how long it takes an agent to go over media that is missing. */
  readonly holeMsOf: (agent: number) => number;
  /** Gives what comes to an agent that is a box, and its times. */
  readonly boxOf: (agent: number) => WatchedGroup;
}

/** Accounts for an agent up to a time. */
export function advance(screens: Screens, agent: number, toMs: number): void {
  const { crowd } = screens;
  if (crowd.gone[agent] !== 0) crowd.sinceMs[agent] = toMs;
  if (crowd.isBox[agent] === 1) return advanceBox(screens, agent, toMs, screens.boxOf(agent));
  while (crowd.sinceMs[agent]! < toMs) {
    if (crowd.mode[agent] === PLAYING) play(screens, agent, toMs);
    else if (!crossesHole(screens, agent, toMs)) {
      lose(screens, agent, toMs, darkLoss(crowd, agent));
      crowd.sinceMs[agent] = toMs;
    }
  }
}

/** Plays on to the end of the buffer at most. */
function play(screens: Screens, agent: number, toMs: number): void {
  const { crowd } = screens;
  const offsetMs = crowd.offsetMs[agent]!;
  const dryMs = crowd.bufferToMs[agent]! + offsetMs;
  const untilMs = Math.min(toMs, dryMs);
  const sinceMs = crowd.sinceMs[agent]!;
  if (untilMs > sinceMs) {
    const litToMs = lastProgramme(screens.fillOf(agent), sinceMs - offsetMs, untilMs - offsetMs);
    if (litToMs !== undefined) crowd.litToMs[agent] = litToMs + offsetMs;
    seeFill(screens, agent, sinceMs, untilMs);
    crowd.sinceMs[agent] = untilMs;
  }
  if (toMs <= dryMs) return;
  crowd.mode[agent] = STALLED;
  crowd.positionMs[agent] = crowd.bufferToMs[agent]!;
  if (crowd.fatal[agent] === 0 && crowd.stalls[agent]! < 255) crowd.stalls[agent]! += 1;
}

/** Goes over media that will never come, to the piece behind it. */
function crossesHole(screens: Screens, agent: number, toMs: number): boolean {
  const { crowd } = screens;
  const pieceMs = crowd.pieceFromMs[agent]!;
  if (crowd.mode[agent] !== STALLED || Number.isNaN(pieceMs)) return false;
  const sinceMs = crowd.sinceMs[agent]!;
  const overMs = sinceMs + screens.holeMsOf(agent);
  if (overMs > toMs) return false;
  lose(screens, agent, overMs, darkLoss(crowd, agent));
  crowd.sinceMs[agent] = overMs;
  crowd.bufferToMs[agent] = crowd.pieceToMs[agent]!;
  crowd.pieceFromMs[agent] = NaN;
  crowd.mode[agent] = PLAYING;
  crowd.offsetMs[agent] = overMs - pieceMs;
  return true;
}

/** The end of the programme in what is played between two media times; undefined where all is filler. */
function lastProgramme(
  { fromMs, toMs }: Fill,
  mediaFromMs: number,
  mediaToMs: number,
): number | undefined {
  let endMs = mediaToMs;
  for (let i = fromMs.length - 1; i >= 0 && toMs[i]! >= endMs; i--)
    endMs = Math.min(endMs, fromMs[i]!);
  return endMs > mediaFromMs ? endMs : undefined;
}

/** Gives when an agent that sees the programme can lose it at the soonest, by what it has in its buffer. */
export function canLoseAtMs(screens: Screens, agent: number, atMs: number): number {
  const { crowd, fillOf } = screens;
  if (crowd.isBox[agent] === 1) return canLoseBoxAtMs(screens, agent, screens.boxOf(agent));
  const offsetMs = crowd.offsetMs[agent]!;
  const { fromMs } = fillOf(agent);
  const fillMs = fromMs.find((ms) => ms >= atMs - offsetMs) ?? Infinity;
  return Math.min(crowd.bufferToMs[agent]!, fillMs) + offsetMs;
}

/** Filler that it plays between two times. */
function seeFill(screens: Screens, agent: number, sinceMs: number, untilMs: number): void {
  const { fromMs, toMs, isSlate } = screens.fillOf(agent);
  if (fromMs.length === 0) return;
  const { crowd } = screens;
  const offsetMs = crowd.offsetMs[agent]!;
  const mediaFromMs = sinceMs - offsetMs;
  const mediaToMs = untilMs - offsetMs;
  if (mediaToMs <= fromMs[0]! || mediaFromMs >= toMs.at(-1)!) return;
  for (let i = 0; i < fromMs.length; i++) {
    const from = Math.max(mediaFromMs, fromMs[i]!);
    const to = Math.min(mediaToMs, toMs[i]!);
    if (to <= from) continue;
    crowd.lostMs[agent * LOSSES + (isSlate[i] ? LOSS.slate : LOSS.filler)]! += to - from;
    crowd.darkToMs[agent] = to + offsetMs;
    darken(screens, agent, from + offsetMs, to + offsetMs);
  }
}
