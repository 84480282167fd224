// Finds what a multicast group brings to the boxes that listen to it, in closed form: the pictures that its
// transcoder puts out, as far as links and senders let them through.

import { TIMES } from '../../constants.ts';
import type { OutputSpan } from '../output.ts';
import type { Interval } from '../steps.ts';

/** Pictures of one kind that come one after another. */
export type BroadcastSpan = Pick<OutputSpan, 'fromMs' | 'toMs' | 'kind'>;

export interface Broadcast {
  /** When pictures come, in their order; each follows on the one before, or a decoder can begin with it. */
  readonly spans: readonly BroadcastSpan[];
  readonly keys: Keys;
}

/** The pictures that a decoder can begin with: one each second of an encoder's life. */
export interface Keys {
  /** One of those of the encoder that ran before all. */
  readonly phaseMs: number;
  /** When other encoders began, in their order. */
  readonly startsMs: readonly number[];
}

export interface BroadcastOptions {
  readonly output: readonly OutputSpan[];
  /** When the transcoder works. */
  readonly lives: readonly Interval[];
  /** When each link and sender on the way lets pictures through. */
  readonly ways: readonly (readonly Interval[])[];
  readonly phaseMs: number;
}

/** A transcoder gives boxes a picture a second to begin with (pipeline/transcoder/broadcast.ts). */
export const KEY_EVERY_MS = 1_000;
/** Pictures less than this apart follow on each other. */
const TOGETHER_MS = 1;

export function findBroadcast({ output, lives, ways, phaseMs }: BroadcastOptions): Broadcast {
  const sent = output.map(({ fromMs, toMs, kind }): BroadcastSpan => {
    const lateMs = TIMES.encodeContributionMs;
    return { fromMs: fromMs + lateMs, toMs: toMs + lateMs, kind };
  });
  const firstOf = ({ fromMs, toMs }: Interval) =>
    sent.find((span) => span.fromMs >= fromMs && span.fromMs < toMs)?.fromMs;
  const startsMs = lives
    .map(firstOf)
    .filter((ms) => ms !== undefined)
    .filter(Number.isFinite);
  const keys = { phaseMs, startsMs };
  let spans: readonly BroadcastSpan[] = sent;
  for (const way of ways) spans = passOver(spans, way, keys);
  return { keys, spans };
}

/** Pictures after a break begin where a decoder can. */
function passOver(
  spans: readonly BroadcastSpan[],
  way: readonly Interval[],
  keys: Keys,
): readonly BroadcastSpan[] {
  return way.flatMap(({ fromMs, toMs }) => {
    const beginsMs = fromMs === -Infinity ? fromMs : keyFrom(keys, fromMs);
    return spans.flatMap((span): BroadcastSpan[] => {
      const own = { fromMs: Math.max(span.fromMs, beginsMs), toMs: Math.min(span.toMs, toMs) };
      return own.fromMs < own.toMs ? [{ ...own, kind: span.kind }] : [];
    });
  });
}

/** Gives the first picture from a time on that a decoder can begin with. */
export function keyFrom(keys: Keys, atMs: number): number {
  const nextStartMs = keys.startsMs.find((ms) => ms >= atMs) ?? Infinity;
  const originMs = originOf(keys, atMs);
  const steps = Math.ceil((atMs - originMs) / KEY_EVERY_MS);
  return Math.min(nextStartMs, originMs + steps * KEY_EVERY_MS);
}

/** Gives the last picture up to a time that a decoder can begin with. */
export function keyBefore(keys: Keys, atMs: number): number {
  const originMs = originOf(keys, atMs);
  return originMs + Math.floor((atMs - originMs) / KEY_EVERY_MS) * KEY_EVERY_MS;
}

const originOf = ({ phaseMs, startsMs }: Keys, atMs: number): number =>
  startsMs.findLast((ms) => ms <= atMs) ?? phaseMs;

/** Pictures that follow on each other, at a time; undefined where none come then. */
export function runAt({ spans }: Broadcast, atMs: number): Interval | undefined {
  const at = spans.findIndex(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
  if (at < 0) return undefined;
  let [first, last] = [at, at];
  while (first > 0 && spans[first]!.fromMs - spans[first - 1]!.toMs < TOGETHER_MS) first--;
  while (last + 1 < spans.length && spans[last + 1]!.fromMs - spans[last]!.toMs < TOGETHER_MS)
    last++;
  return { fromMs: spans[first]!.fromMs, toMs: spans[last]!.toMs };
}

/** Gives the first picture of the group that a box that joins at a time can show; Infinity for none. */
export function firstFrom(broadcast: Broadcast, atMs: number): number {
  const run = runAt(broadcast, atMs);
  const keyMs = run ? keyFrom(broadcast.keys, atMs) : Infinity;
  if (run && keyMs < run.toMs) return keyMs;
  return broadcast.spans.find(({ fromMs }) => fromMs >= (run?.toMs ?? atMs))?.fromMs ?? Infinity;
}
