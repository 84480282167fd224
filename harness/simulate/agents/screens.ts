// Accounts for what the screens of agents show whenever something happens to an agent: every moment
// since it first saw the programme is in one class.

import { LOSS, LOSSES, PLAYING, STALLED, STARTING, type Crowd } from './crowd.ts';
import type { Fill } from './segments.ts';

export interface Screens {
  readonly crowd: Crowd;
  /** Gives the pictures of the channel of an agent that are not the programme. */
  readonly fillOf: (agent: number) => Fill;
  /** The first minute ends a minute after this. */
  readonly fromMs: number;
  /** Viewers without the programme at the end of each minute, by cohort. */
  readonly curves: readonly Float64Array[];
}

const MINUTE_MS = 60_000;
/** A player looks this often whether it can go over a hole, and then goes. */
const HOLE_MS = 50;

/** Accounts for an agent up to a time. */
export function advance(screens: Screens, agent: number, toMs: number): void {
  const { crowd } = screens;
  if (crowd.gone[agent] !== 0) crowd.sinceMs[agent] = toMs;
  while (crowd.sinceMs[agent]! < toMs) {
    if (crowd.mode[agent] === PLAYING) play(screens, agent, toMs);
    else if (!crossesHole(screens, agent, toMs)) {
      lose(screens, agent, toMs, darkLoss(crowd, agent));
      crowd.sinceMs[agent] = toMs;
    }
  }
}

const darkLoss = (crowd: Crowd, agent: number): number =>
  crowd.fatal[agent] ? LOSS.dead : crowd.mode[agent] === STARTING ? LOSS.starting : LOSS.stalled;

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
  const overMs = sinceMs + HOLE_MS;
  if (overMs > toMs) return false;
  lose(screens, agent, overMs, darkLoss(crowd, agent));
  crowd.sinceMs[agent] = overMs;
  crowd.bufferToMs[agent] = crowd.pieceToMs[agent]!;
  crowd.pieceFromMs[agent] = NaN;
  crowd.mode[agent] = PLAYING;
  crowd.offsetMs[agent] = overMs - pieceMs;
  return true;
}

function lose(screens: Screens, agent: number, toMs: number, loss: number): void {
  const { crowd } = screens;
  const fromMs = crowd.sinceMs[agent]!;
  if (crowd.begun[agent] === 0 || toMs <= fromMs) return;
  crowd.lostMs[agent * LOSSES + loss]! += toMs - fromMs;
  crowd.darkToMs[agent] = toMs;
  darken(screens, agent, fromMs, toMs);
}

/** Counts an agent in every minute that ends in so long. */
export function darken(
  { crowd, curves, fromMs }: Screens,
  agent: number,
  sinceMs: number,
  toMs: number,
): void {
  const curve = curves[crowd.cohort[agent]!]!;
  const first = Math.max(1, Math.ceil((sinceMs - fromMs) / MINUTE_MS));
  for (let minute = first; fromMs + minute * MINUTE_MS < toMs; minute++)
    if (minute <= curve.length) curve[minute - 1]! += crowd.count[agent]!;
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
export function canLoseAtMs({ crowd, fillOf }: Screens, agent: number, atMs: number): number {
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
  const [mediaFromMs, mediaToMs] = [sinceMs - offsetMs, untilMs - offsetMs];
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
