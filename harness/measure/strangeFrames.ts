// Counts the pictures that cannot be the programme of a viewer: those of another channel, and those
// without a frame clock where it saw no others. Says whether they were meant.

import { MARK, type History, type Mark, type ViewerDescription } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import { classifyLook } from './look.ts';
import type { Frames, ViewerTrack } from './tracks.ts';

export interface StrangeFrames {
  readonly viewer: ViewerDescription;
  readonly mark: Mark;
  readonly count: number;
  readonly firstAtMs: number;
}

/** Undefined for who was shown none. */
export function countStrangeFrames({ viewer, frames }: ViewerTrack): StrangeFrames | undefined {
  const strange = isWithoutClock(frames) ? MARK.none : MARK.other;
  const first = frames.mark.indexOf(strange);
  if (first === -1) return undefined;
  const count = frames.mark.reduce((sum, mark) => sum + (mark === strange ? 1 : 0), 0);
  return { viewer, mark: strange, count, firstAtMs: Math.round(frames.atMs[first]!) };
}

/** Single pictures without a clock among others are damaged, or filler. */
const isWithoutClock = ({ mark, luma }: Frames): boolean =>
  mark.every((one) => one === MARK.none) &&
  mark.some((one, i) => classifyLook(one, luma[i]!) === 'unmeasured');

/** Unless a fault did it on purpose, the chain mixes channels or the wall is wired wrongly. */
export function sayStrangeFrames(
  { viewer, mark, count, firstAtMs: atMs }: StrangeFrames,
  { run }: History,
): Finding {
  if (mark === MARK.none) {
    const text = `none of the ${count} pictures that ${viewer.id} was shown has a frame clock: whether they are its programme is not known`;
    return { rule: 'no-clock', verdict: 'inconclusive', text, atMs };
  }
  const text = `${viewer.id} was shown ${count} frames of another channel; they count as slate`;
  const meant = run.plan.actions.some(
    ({ fault, nature }) => nature === 'channel' && fault.channels.includes(viewer.channel),
  );
  return { rule: 'wrong-channel', verdict: meant ? 'pass' : 'inconclusive', text, atMs };
}
