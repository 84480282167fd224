// Presented frames as pictures: each with its look, and new to the screen or presented again.

import { NO_CLOCK, type Presentation } from './gap.ts';
import { MARK } from '../model/history.ts';
import { classifyLook, type Look } from './look.ts';
import { ISOLATED_MS } from './thresholds.ts';
import type { Frames } from './tracks.ts';

export interface FrameRange {
  readonly first: number;
  /** The index behind the last frame. */
  readonly last: number;
}

export interface Picture extends Presentation {
  /** Undefined for the end, when the page was last heard. */
  readonly look: Look | undefined;
  /** New to the screen: another look than before, or a counter that moved on. */
  readonly fresh: boolean;
}

/** Presented frames in order, without short runs of unreadable ones, and the end. */
export function* readPictures(
  frames: Frames,
  { first, last }: FrameRange,
  heardMs: number,
): Generator<Picture> {
  let before: { look: Look; counter: number } | undefined;
  let skipped = { unseen: 0, mediaMs: 0 };
  for (let i = first; i < last; i++) {
    const look = lookAt(frames, i);
    if (look === 'unmeasured' && before?.look !== 'unmeasured') {
      const next = firstReadable(frames, i, last);
      const untilMs = next < last ? frames.atMs[next]! : heardMs;
      if (before && untilMs - frames.atMs[i]! <= ISOLATED_MS) {
        skipped = countUnseen(frames, i, next - 1);
        i = next - 1;
        continue;
      }
    }
    const counter = frames.counter[i]!;
    const same = look === 'programme' && before?.look === look && before.counter === counter;
    const { unseen, mediaMs } = countUnseen(frames, i, i);
    yield {
      atMs: frames.atMs[i]!,
      counter: frames.mark[i] === MARK.plain ? NO_CLOCK : counter,
      look,
      fresh: !same,
      unseen: unseen + skipped.unseen,
      mediaMs: mediaMs + skipped.mediaMs,
    };
    skipped = { unseen: 0, mediaMs: 0 };
    before = { look, counter };
  }
  yield { atMs: heardMs, counter: NO_CLOCK, look: undefined, fresh: true, ...skipped };
}

function firstReadable(frames: Frames, from: number, last: number): number {
  let i = from;
  while (i < last && lookAt(frames, i) === 'unmeasured') i += 1;
  return i;
}

/** Pictures that nobody saw before any of these frames, together. */
function countUnseen({ unseen, mediaMs }: Frames, first: number, last: number) {
  const sum = { unseen: 0, mediaMs: 0 };
  for (let i = first; i <= last; i++) {
    sum.unseen += unseen[i]!;
    sum.mediaMs += mediaMs[i]!;
  }
  return sum;
}

const lookAt = ({ mark, luma }: Frames, i: number): Look => classifyLook(mark[i]!, luma[i]!);
