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
