// The rules by which a player loads, as light viewers and agents have them.

/** The waits after a failure: `delayMs` doubles each time, up to `delayMsMax`, unless it is linear. */
export interface Retries {
  readonly count: number;
  readonly delayMs: number;
  readonly delayMsMax: number;
  readonly linear?: boolean;
}

export interface LoadRules {
  /** Without a byte for longer, or not whole after `totalMs`: a timeout. */
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly onTimeout: Retries;
  readonly onError: Retries;
}

export const everyLoad = (rules: LoadRules) => ({
  manifest: rules,
  playlist: rules,
  segment: rules,
});

const AT_ONCE = { count: Infinity, delayMs: 0, delayMsMax: 0 };

/** The rules of a player that plays what it has at once, and never gives up a playlist that stands. */
export const PATIENT = {
  liveSyncOnStallIncreaseMs: 0,
  startMs: 0,
  resumeMs: 0,
  stuckTargets: Infinity,
} as const;

/** src/config.js and playlist-loader.js of VHS 3.17: 45 s for an answer, three target durations behind live. */
export const VHS = {
  ...everyLoad({
    firstByteMs: Infinity,
    totalMs: 45_000,
    onTimeout: AT_ONCE,
    onError: AT_ONCE,
  }),
  ...PATIENT,
  liveSyncCount: 3,
  behindWindow: 'jumps',
} as const;
