// Counts the pictures of another channel that a viewer was shown, and says whether they were meant.

import { MARK, type History, type ViewerDescription } from '../model/history.ts';
import type { Finding } from '../model/report.ts';
import type { ViewerTrack } from './tracks.ts';

/** Frames with the clock of another channel than the viewer's. */
export interface StrangeFrames {
  readonly viewer: ViewerDescription;
  readonly count: number;
  readonly firstAtMs: number;
}

/** Undefined for who was shown none. */
export function countStrangeFrames({ viewer, frames }: ViewerTrack): StrangeFrames | undefined {
  const first = frames.mark.indexOf(MARK.other);
  if (first === -1) return undefined;
  const count = frames.mark.reduce((sum, mark) => sum + (mark === MARK.other ? 1 : 0), 0);
  return { viewer, count, firstAtMs: Math.round(frames.atMs[first]!) };
}

/** Unless a fault did it on purpose, the chain mixes channels or the wall is wired wrongly. */
export function sayStrangeFrames(
  { viewer, count, firstAtMs: atMs }: StrangeFrames,
  { run }: History,
): Finding {
  const text = `${viewer.id} was shown ${count} frames of another channel; they count as slate`;
  const meant = run.plan.actions.some(
    ({ fault, nature }) => nature === 'channel' && fault.channels.includes(viewer.channel),
  );
  return { rule: 'wrong-channel', verdict: meant ? 'pass' : 'inconclusive', text, atMs };
}
