// Defines the errors that players told of, as a report counts them.

/** Errors that players told of. */
export interface PlayerErrors {
  /** Times that a player gave up. */
  readonly fatal: number;
  /** Errors that players dealt with themselves. */
  readonly nonFatal: number;
  /** Fatal ones first, then by viewers, then by count. */
  readonly kinds: readonly PlayerErrorKind[];
  /** Kinds there were besides those listed. */
  readonly moreKinds: number;
}

export interface PlayerErrorKind {
  readonly fatal: boolean;
  /** The player's own class and name of it; the class is absent in older records. */
  readonly type?: string;
  readonly details: string;
  /** The status of the HTTP answer; absent where there was none. */
  readonly status?: number;
  /** Stage and file that was asked for, `edge/…/index.m3u8`; the number of a segment is `*`. */
  readonly target?: string;
  readonly count: number;
  readonly viewers: number;
  /** The number of errors these players had dealt with since they were made or made to go on. */
  readonly nonFatalBefore?: number;
  /** Since run start. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}
