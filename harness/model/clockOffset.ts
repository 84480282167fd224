// The offset of a clock on another machine against the clock of the run, which stamps the frames.

export interface ClockOffset {
  /** Milliseconds to add to a time of the other clock. */
  readonly offsetMs: number;
  /** The true offset differs from it by this at most, while the clocks keep their pace. */
  readonly uncertaintyMs: number;
}
