// Describes the time from one callback of the page to the next by three things. *Shown* is what the
// browser presented, *seen* is what code of ours looked at, and the picture *stands still* only
// when nothing was presented. A page whose main thread is busy sees nothing while the browser
// presents picture after picture; the next callback, which comes as soon as the page runs again,
// counts them.
//
//   seen     standing still     shown, not seen     seen
//    |--frame--|...............|..x...x...x...x...|
//           fromMs                             next.atMs

import type { ScreenClass, Span } from '../model/report.ts';
import { explainSilence, type Silence, type Witness } from './silence.ts';
import { appendSpan, touching } from './spans.ts';
import { GLITCH_MS, HICCUP_MS } from './thresholds.ts';

export const NO_CLOCK = -1;

/** One presented picture that the page saw, and what it could not see before it. */
export interface Presentation {
  readonly atMs: number;
  /** NO_CLOCK for a picture that has none. */
  readonly counter: number;
  /** Pictures presented since the one before. */
  readonly unseen: number;
  /** The time the media went on since the one before; known where something was unseen. */
  readonly mediaMs: number;
}

export interface Gap {
  readonly before: Presentation;
  /** When the successor of `before` was due. */
  readonly fromMs: number;
  readonly next: Presentation;
  readonly after: Silence['after'];
  /** Class of the screen at both ends; `undefined` when nothing is known of the far one. */
  readonly shows: ScreenClass;
  readonly thenShows: ScreenClass | undefined;
  readonly frameMs: number;
}

/** Spans that cover the gap exactly. */
export function explainGap(gap: Gap, witness: Witness): Span[] {
  const { fromMs, next, frameMs, after } = gap;
  if (next.unseen === 0) return explainSilence({ after, fromMs, toMs: next.atMs }, witness);
  const firstUnseenMs = next.atMs - next.unseen * frameMs;
  const stillUntilMs = firstUnseenMs - fromMs > HICCUP_MS ? firstUnseenMs : fromMs;
  const spans: Span[] = mayHaveMoved(gap)
    ? explainMotion({ after, fromMs, toMs: stillUntilMs }, witness)
    : explainSilence({ after, fromMs, toMs: stillUntilMs }, witness);
  appendSpan(spans, { class: classOfUnseen(gap), fromMs: stillUntilMs, toMs: next.atMs });
  return spans;
}

/** Unseen pictures may have been at any time, but for those when the player had nothing to present. */
function explainMotion(silence: Silence, witness: Witness): Span[] {
  const spans: Span[] = [];
  let { fromMs } = silence;
  for (const starved of touching(witness.starved, silence)) {
    const still = {
      ...silence,
      fromMs: Math.max(fromMs, starved.fromMs),
      toMs: Math.min(silence.toMs, starved.toMs),
    };
    appendSpan(spans, { class: 'unmeasured', fromMs, toMs: still.fromMs });
    for (const span of explainSilence(still, witness)) appendSpan(spans, span);
    fromMs = still.toMs;
  }
  appendSpan(spans, { class: 'unmeasured', fromMs, toMs: silence.toMs });
  return spans;
}

/** The media went on as long as the gap: it ran through it, or the player jumped over it. */
const mayHaveMoved = ({ before, next, shows, thenShows }: Gap): boolean =>
  (shows === 'programme' || shows !== thenShows) &&
  next.mediaMs >= next.atMs - before.atMs - HICCUP_MS;

/**
 * The same at both ends, for less time than an interruption lasts, and with as many pictures of the
 * programme gone by as there was media: then it was so in between, too.
 */
function classOfUnseen(gap: Gap): ScreenClass {
  const { next, shows, thenShows, frameMs } = gap;
  const isShort = next.unseen * frameMs < GLITCH_MS;
  return shows === thenShows && isShort && countsOn(gap) ? shows : 'unmeasured';
}

function countsOn({ before, next, shows, frameMs }: Gap): boolean {
  if (shows !== 'programme' || next.counter === NO_CLOCK) return true;
  const madeMs = (next.counter - before.counter) * frameMs;
  return Math.abs(madeMs - next.mediaMs) <= frameMs;
}
