// Describes what a virtual video shows.

import type { PictureRun } from '../../harness/model/virtualWorld.ts';

export interface Shown {
  readonly run: PictureRun;
  /** The frame clock of the picture that is shown first. */
  readonly counter: number;
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
  (before.kind !== 'programme' || next.counter - (before.counter + before.frames) === 0);
