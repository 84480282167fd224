// Defines a worker of a run in its report: a machine that showed some of the viewers.

/** Times are since the start of the run. */
export interface WorkerResult {
  readonly name: string;
  /** Viewers of the audience that it showed, or was to show. */
  readonly viewers: number;
  /** The machine and its browser, in words. */
  readonly machine?: string;
  readonly clock?: WorkerClock;
  readonly lost?: { readonly atMs: number; readonly because: string };
}

export interface WorkerClock {
  /** Milliseconds that were added to its times at the start. */
  readonly offsetMs: number;
  /** The true offset differs from the one in force by this at most. */
  readonly uncertaintyMs: number;
  /** The offset at the end less that at the start. */
  readonly movedMs: number;
  /** It was measured again when its viewers had left. */
  readonly atEnd: boolean;
}
