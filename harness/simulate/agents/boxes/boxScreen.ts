// Plays the screens of boxes: every moment of an agent that is a box is in one class. A box shows
// what comes a little later, and has nothing to show soon after nothing comes any more.

import { LOSS, LOSSES, PLAYING, STALLED, STARTING } from '../crowd.ts';
import { darken, darkLoss, lose, type Losing } from '../losses.ts';
import type { Broadcast, BroadcastSpan } from './broadcast.ts';
import { endZap } from './outcomes.ts';

/** The times of a box, which its `config` says. */
export interface BoxTimes {
  readonly jitterMs: number;
  readonly errorMs: number;
  readonly bootMs: number;
  readonly burst: boolean;
  /** 0: it does not zap by itself. */
  readonly zapEveryMs: number;
  /** 0: for ever. */
  readonly zaps: number;
}

/** The group that a box is tuned to, and its own times. */
export interface WatchedGroup {
  readonly broadcast: Broadcast;
  readonly times: BoxTimes;
}

/** From a picture that comes to the same behind the decoder. */
const DECODE_MS = 60;
/** Times are compared this finely. */
const EQUAL_MS = 1e-3;

/** From a picture that comes to the same on the screen. */
export const lateMs = ({ jitterMs }: Pick<BoxTimes, 'jitterMs'>): number => DECODE_MS + jitterMs;

export function advanceBox(losing: Losing, agent: number, toMs: number, group: WatchedGroup): void {
  const { crowd } = losing;
  while (crowd.sinceMs[agent]! < toMs) {
    if (crowd.mode[agent] === PLAYING) play(losing, agent, toMs, group);
    else wait(losing, agent, toMs, backAtMs(losing, agent, group), group);
  }
}

/** Gives when a box that shows no picture shows one again, as long as nobody acts; Infinity for never. */
export function backAtMs(
  { crowd }: Pick<Losing, 'crowd'>,
  agent: number,
  { broadcast, times }: WatchedGroup,
): number {
  if (crowd.mode[agent] === STARTING) return crowd.firstMs[agent]!;
  const endMs = crowd.positionMs[agent]! - EQUAL_MS;
  const next = broadcast.spans.find(({ fromMs }) => fromMs > endMs);
  return next ? next.fromMs + lateMs(times) : Infinity;
}

function wait(
  losing: Losing,
  agent: number,
  toMs: number,
  backMs: number,
  { times }: WatchedGroup,
): void {
  const { crowd } = losing;
  const untilMs = Math.max(crowd.sinceMs[agent]!, Math.min(toMs, backMs));
  lose(losing, agent, untilMs, darkLoss(crowd, agent));
  crowd.sinceMs[agent] = untilMs;
  if (backMs > untilMs) return;
  const isFirst = crowd.mode[agent] === STARTING;
  if (isFirst) endZap(crowd, agent, backMs);
  crowd.offsetMs[agent] = isFirst ? backMs - crowd.positionMs[agent]! : lateMs(times);
  crowd.mode[agent] = PLAYING;
  crowd.begun[agent] = 1;
  // The error page goes by itself.
  crowd.fatal[agent] = 0;
}

function play(losing: Losing, agent: number, toMs: number, group: WatchedGroup): void {
  const { crowd } = losing;
  const { spans } = group.broadcast;
  const sinceMs = crowd.sinceMs[agent]!;
  const cameMs = sinceMs - crowd.offsetMs[agent]!;
  const at = spans.findIndex((span) => span.toMs > cameMs + EQUAL_MS);
  const span = spans[at];
  if (span && span.fromMs <= cameMs + EQUAL_MS)
    return show(losing, agent, Math.min(toMs, span.toMs + crowd.offsetMs[agent]!), span);
  const holeMs = span ? span.fromMs - cameMs : Infinity;
  // The pictures in the jitter buffer, and those behind a burst, are shown meanwhile.
  const heldMs = crowd.offsetMs[agent]! - lateMs(group.times) + group.times.jitterMs;
  if (holeMs <= heldMs) {
    crowd.offsetMs[agent]! -= holeMs;
    return;
  }
  crowd.mode[agent] = STALLED;
  crowd.positionMs[agent] = cameMs;
  crowd.shownMs[agent] = sinceMs;
}

function show(losing: Losing, agent: number, untilMs: number, { kind }: BroadcastSpan): void {
  const { crowd } = losing;
  const sinceMs = crowd.sinceMs[agent]!;
  if (kind === 'programme') crowd.litToMs[agent] = untilMs;
  else {
    const loss = kind === 'slate' ? LOSS.slate : LOSS.filler;
    crowd.lostMs[agent * LOSSES + loss]! += untilMs - sinceMs;
    crowd.darkToMs[agent] = untilMs;
    darken(losing, agent, sinceMs, untilMs);
  }
  crowd.sinceMs[agent] = untilMs;
}

/** Gives when a box that shows a picture is without one for as long as until its error page; Infinity for never. */
export function nextErrorAtMs(
  { crowd }: Pick<Losing, 'crowd'>,
  agent: number,
  { broadcast: { spans }, times }: WatchedGroup,
): number {
  const isFirst = crowd.mode[agent] === STARTING;
  const [joinedMs, firstMs] = [crowd.joinedMs[agent]!, crowd.firstMs[agent]!];
  if (isFirst && firstMs - joinedMs >= times.errorMs) return joinedMs + times.errorMs;
  if (crowd.mode[agent] === STALLED) return crowd.shownMs[agent]! + times.errorMs;
  const offsetMs = isFirst ? firstMs - crowd.positionMs[agent]! : crowd.offsetMs[agent]!;
  const shownMs = isFirst ? crowd.positionMs[agent]! : crowd.sinceMs[agent]! - offsetMs;
  for (const [i, span] of spans.entries()) {
    if (span.toMs < shownMs - EQUAL_MS || span.toMs === Infinity) continue;
    const errorMs = span.toMs + offsetMs + times.errorMs;
    if ((spans[i + 1]?.fromMs ?? Infinity) + lateMs(times) >= errorMs) return errorMs;
  }
  return Infinity;
}

/** Gives when a box that sees the programme can lose it at the soonest. */
export function canLoseBoxAtMs(
  { crowd }: Pick<Losing, 'crowd'>,
  agent: number,
  { broadcast: { spans } }: WatchedGroup,
): number {
  const offsetMs = crowd.offsetMs[agent]!;
  const cameMs = crowd.sinceMs[agent]! - offsetMs;
  const own = spans.findIndex(({ toMs }) => toMs > cameMs + EQUAL_MS);
  return own < 0 ? cameMs + offsetMs : spans[own]!.toMs + offsetMs;
}
