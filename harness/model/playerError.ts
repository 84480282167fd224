// An error in the words of a player.

/** An error that a player reports. The event says whether it gave up: `error` or `fatal`. */
export interface PlayerError {
  /** The player's own class of errors: `networkError`, `mediaError`. */
  readonly type: string;
  /** The player's own name for it: `fragLoadError`. */
  readonly details: string;
  /** The status of the HTTP answer; absent where there was none. */
  readonly status?: number;
  /** The address asked for, without user, password, query and fragment. */
  readonly url?: string;
}
