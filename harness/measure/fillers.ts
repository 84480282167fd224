// When a transcoder put out filler that nobody had asked it for: what viewers are reported to lose
// then, they have really lost.

import type { KnownLoss } from '../model/calibration.ts';
import { union, type Interval } from './spans.ts';
import type { StageReport } from './stageReports.ts';

export interface FillerEvidence {
  /** The reports of one transcoder, in order of time. */
  readonly stats: Iterable<StageReport>;
  /** The losses that it put in. */
  readonly losses: readonly KnownLoss[];
  readonly frameMs: number;
}

/** Finds filler beside the known losses, in one piece each. */
export const unaskedFillers = (evidence: FillerEvidence): Interval[] =>
  union(fillerPieces(evidence));

/**
 * Finds the time between the report before and the one in which more frames were filled than known;
 * pieces of filler that goes on touch. A transcoder that is late puts its frames out later than
 * they were due, never earlier: so only a new highest surplus tells of filler. Another life counts
 * from 0 again.
 */
export function fillerPieces({ stats, losses, frameMs }: FillerEvidence): Interval[] {
  const found: Interval[] = [];
  let life: Life | undefined;
  for (const { atMs, framesFilled: filled } of stats) {
    if (filled === undefined) continue;
    const surplus = filled - knownBy(atMs, losses, frameMs);
    // Filler in the first report of a life was put out before anybody watched.
    const goesOn = life !== undefined && filled >= life.filled;
    const highest = goesOn ? (life?.highest ?? surplus) : surplus;
    if (surplus > highest) found.push({ fromMs: life?.atMs ?? atMs, toMs: atMs });
    life = { atMs, filled, highest: Math.max(highest, surplus) };
  }
  return found;
}

/** The newest report of one life of a transcoder, and the highest surplus of all. */
interface Life {
  readonly atMs: number;
  readonly filled: number;
  readonly highest: number;
}

/** Frames of known losses that were due by then; one due at the very moment may be out already. */
function knownBy(atMs: number, losses: readonly KnownLoss[], frameMs: number): number {
  const due = ({ putOutAtMs, frames }: KnownLoss) =>
    Math.min(frames, Math.max(0, Math.floor((atMs - putOutAtMs) / frameMs) + 1));
  return losses.reduce((sum, loss) => sum + due(loss), 0);
}
