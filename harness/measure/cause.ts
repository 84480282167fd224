// The fault that took a picture away. A loss belongs to what was in force when the first missing
// picture was made, as far as the source, the feed and the transcoder go; behind them pictures that
// were made before can be lost, because they had not been delivered yet.

import type { FaultResult, ScreenClass } from '../model/report.ts';
import type { Place } from './place.ts';
import type { Interval } from './spans.ts';
import { AFTERMATH_MS, HICCUP_MS } from './thresholds.ts';

/** The beginning of an interruption. */
export interface Loss {
  readonly seenAtMs: number;
  /** The time by the frame clock of the picture before it. */
  readonly madeAtMs: number;
  /** The first class that is not the programme. */
  readonly class: ScreenClass;
}

/** The stages and links that a viewer's picture comes through, in the time of the run. */
export interface Way {
  readonly placesOf: (fault: FaultResult) => readonly Place[];
  /** Age of pictures when they reach the transcoder, the oldest shortly before a moment. */
  readonly feedMs: (atMs: number) => number;
  /** When a transcoder of the channel put out filler. */
  readonly filled: readonly Interval[];
}

/** Nothing is known: a fault explains what was seen to be lost after it began. */
export const UNKNOWN_WAY: Way = { placesOf: () => ['transcoder'], feedMs: () => 0, filled: [] };

/**
 * The fault that began last among those that can have done it, in force then or healed not long
 * before; undefined when none can: then the loss is unexplained, whatever was in force.
 */
export function findCause(
  loss: Loss,
  faults: readonly FaultResult[],
  way: Way,
): FaultResult | undefined {
  return faults
    .filter((fault) => way.placesOf(fault).some((place) => explains(fault, place, { loss, way })))
    .toSorted((a, b) => a.fromMs! - b.fromMs!)
    .at(-1);
}

interface Case {
  readonly loss: Loss;
  readonly way: Way;
}

function explains(fault: FaultResult, place: Place, { loss, way }: Case): boolean {
  if (fault.fromMs === undefined) return false;
  const { begunMs: fromMs = fault.fromMs, toMs = Infinity } = fault;
  const { madeAtMs, seenAtMs } = loss;
  const madeSince = (beforeMs: number) =>
    madeAtMs >= fromMs - beforeMs - HICCUP_MS && madeAtMs <= toMs + AFTERMATH_MS;
  const seenSince = seenAtMs >= fromMs - HICCUP_MS && madeAtMs <= toMs + AFTERMATH_MS;
  switch (place) {
    case 'source':
      return madeSince(0);
    case 'feed':
      return madeSince(way.feedMs(fromMs));
    case 'transcoder':
      return seenSince;
    case 'delivery':
      return seenSince && !aroseBefore(fault, { loss, way });
  }
}

/** A transcoder puts filler out this long after the first missing picture was made, at most. */
const FILLED_WITHIN_MS = 2000;

/**
 * Black and slate that a viewer is shown were put out by somebody, unless answers were spoilt; so
 * was a standing picture that the transcoder repeated. A viewer without media lacks what was put out.
 */
function aroseBefore({ nature }: FaultResult, { loss, way }: Case): boolean {
  const filled = way.filled.some(
    ({ fromMs, toMs }) => fromMs <= loss.madeAtMs + FILLED_WITHIN_MS && toMs >= loss.madeAtMs,
  );
  switch (loss.class) {
    case 'black':
    case 'slate':
      return filled || nature !== 'answers';
    case 'frozen':
      return filled;
    case 'stalled':
    case 'dead':
    case 'starting':
    case 'silent':
    case 'unmeasured':
    case 'programme':
    case 'left':
      return false;
  }
}
