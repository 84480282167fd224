// Describes the error in a duration of a screen: found by `calibrate --screen`, or assumed.

/** Two frames at 25 fps: the error a loss may be reported with. */
export const RULER_ERROR_MS_MAX = 80;

export interface Margin {
  readonly ms: number;
  /** The calibration it comes from; absent when it is assumed. */
  readonly from?: { readonly madeAt: string; readonly viewers: number };
}

/** The margin where no calibration holds: the error that a passed `calibrate` lets a loss have. */
export const ASSUMED_MARGIN: Margin = { ms: RULER_ERROR_MS_MAX };
