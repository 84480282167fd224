// Writes the caption under a picture. A hint for people who watch the wall or look at its
// screenshots; what a viewer really saw is judged later, from the record.

import { MARK, type FrameSample } from '../../harness/model/history.ts';
import type { ScreenClass } from '../../harness/model/report.ts';

export interface LiveState {
  /** The player gave up and nobody has acted. */
  readonly dead: boolean;
  /** A frame was presented since the viewer joined or reloaded. */
  readonly started: boolean;
  readonly canPlay: boolean;
  /** Last presented frame, and when the picture last changed. */
  readonly frame: FrameSample | undefined;
  readonly movedAtMs: number;
}

/** A picture that stands still for longer is frozen: as long as the shortest interruption. */
const STILL_MS_MAX = 200;
/** Mean luma of a black picture: 16 of 255 leaves room for the noise of an encoder. */
export const BLACK_LUMA_MAX = 16;

export function liveStatus(state: LiveState, atMs: number): ScreenClass {
  const { dead, started, canPlay, frame, movedAtMs } = state;
  const still = atMs - movedAtMs > STILL_MS_MAX;
  if (!started || !frame) return dead ? 'dead' : 'starting';
  if (still && dead) return 'dead';
  if (still && !canPlay) return 'stalled';
  const [, mark, , luma] = frame;
  if (mark === MARK.slate) return 'slate';
  if (mark !== MARK.programme && luma <= BLACK_LUMA_MAX) return 'black';
  return still ? 'frozen' : 'programme';
}

/** Colours of the caption, on a dark page: `programme` is calm, what a viewer minds is not. */
export const STATUS_COLOUR: Readonly<Record<ScreenClass, string>> = {
  programme: '#4cc38a',
  frozen: '#56b4e9',
  black: '#ff5d5d',
  slate: '#cc79a7',
  silent: '#b9a3e3',
  stalled: '#e69f00',
  starting: '#9aa4b8',
  dead: '#ff7a45',
  left: '#5b6577',
  unmeasured: '#5b6577',
};
