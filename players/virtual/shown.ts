// Describes what a virtual video shows.

import type { PictureRun, VirtualStream } from '../../harness/model/virtualWorld.ts';
import type { Piece } from './media.ts';

export interface Shown {
  readonly run: PictureRun;
  /** The frame clock of the picture that is shown first. */
  readonly counter: number;
  /** The picture goes on as it did, with another alert burnt in, or none. */
  readonly goesOn: boolean;
}

/** Hears of what is on the screen. */
export interface ScreenListener {
  readonly shows: (video: object, shown: Shown) => void;
  /** The picture moves no more. */
  readonly stands: (video: object) => void;
}

/** Tells whether two runs are of the same kind of picture. */
export const alike = (a: PictureRun, b: PictureRun): boolean =>
  a.kind === b.kind && a.channel === b.channel && (a.kind !== 'still' || a.counter === b.counter);

/** Tells whether a run goes on where another ends. */
export const follows = (before: PictureRun, next: PictureRun): boolean =>
  alike(before, next) &&
  before.alert === next.alert &&
  (before.kind !== 'programme' || next.counter - (before.counter + before.frames) === 0);

/** The pictures at a moment of the media, the place among them, and where they end. */
export function runAt({ fps, content }: VirtualStream, piece: Piece, atS: number) {
  const { runs } = content(piece.content);
  const frame = Math.floor((atS - piece.startS) * fps + 1e-3);
  let first = 0;
  for (const run of runs) {
    if (frame < first + run.frames)
      return { run, index: frame - first, toS: piece.startS + (first + run.frames) / fps };
    first += run.frames;
  }
  const last = runs.at(-1)!;
  return { run: last, index: last.frames - 1, toS: piece.endS };
}
