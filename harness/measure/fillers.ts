// When a transcoder put out filler that nobody had asked it for: what viewers are reported to lose
// then, they have really lost.

import type { KnownLoss } from '../model/calibration.ts';
import type { StatsRecord } from '../model/history.ts';
import { union, type Interval } from './spans.ts';

export interface FillerEvidence {
  /** Of one transcoder, in order of time. */
  readonly stats: readonly StatsRecord[];
  /** Those it put in. */
  readonly losses: readonly KnownLoss[];
  readonly frameMs: number;
}

/**
 * Between the report before and the one in which more frames were filled than the known losses
 * explain. A transcoder that is late puts its frames out later than they were due, never earlier:
 * so only a new highest surplus tells of filler.
 */
export function unaskedFillers({ stats, losses, frameMs }: FillerEvidence): Interval[] {
  const found: Interval[] = [];
  let highest: number | undefined;
  let beforeMs = 0;
  for (const { atMs, framesFilled } of stats) {
    if (framesFilled === undefined) continue;
    const surplus = framesFilled - knownBy(atMs, losses, frameMs);
    if (highest !== undefined && surplus > highest) found.push({ fromMs: beforeMs, toMs: atMs });
    highest = Math.max(highest ?? surplus, surplus);
    beforeMs = atMs;
  }
  return union(found);
}

/** Frames of known losses that were due by then; one due at the very moment may be out already. */
function knownBy(atMs: number, losses: readonly KnownLoss[], frameMs: number): number {
  const due = ({ putOutAtMs, frames }: KnownLoss) =>
    Math.min(frames, Math.max(0, Math.floor((atMs - putOutAtMs) / frameMs) + 1));
  return losses.reduce((sum, loss) => sum + due(loss), 0);
}
