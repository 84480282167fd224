// The numbers by which a light viewer imitates a player, each with its source.

import { everyLoad, VHS, type LoadRules } from '../../harness/model/loadRules.ts';

export interface Rules {
  /** The way it deals with failures (players/light/failures.ts). */
  readonly failures: 'hls.js' | 'media3' | 'for ever';
  readonly manifest: LoadRules;
  readonly playlist: LoadRules;
  readonly segment: LoadRules;
  /** It starts so many target durations from the live edge. */
  readonly liveSyncCount: number;
  readonly liveSyncOnStallIncreaseMs: number;
  /** It buffers no further ahead than this. */
  readonly bufferMsMax: number;
  /** Media that must be buffered before playback begins, and goes on after a stall. */
  readonly startMs: number;
  readonly resumeMs: number;
  /** A live playlist without a change for so many target durations is an error; Infinity: never. */
  readonly stuckTargets: number;
  /** A playhead that fell out of the playlist: it jumps to live, or gives up. */
  readonly behindWindow: 'jumps' | 'gives up';
  /** The bandwidth that is assumed before anything was measured, bits a second. */
  readonly estimateBps: number;
  /** The share of the estimate that the next rung may take, to stay and to go up. */
  readonly bandwidthShare: { readonly same: number; readonly up: number };
}

const AT_ONCE = { delayMs: 0, delayMsMax: 0 };
const SECONDS = { delayMs: 1_000, delayMsMax: 8_000 };

/**
 * hls.js 1.7.4, `hlsDefaultConfig` in src/config.ts: manifestLoadPolicy, playlistLoadPolicy,
 * fragLoadPolicy, liveSyncDurationCount, liveSyncOnStallIncrease, maxBufferLength,
 * abrEwmaDefaultEstimate, abrBandWidthFactor, abrBandWidthUpFactor. It has no threshold of its own
 * before playback: the browser plays once it can. A test holds these against the installed version.
 */
export const HLS_JS: Rules = {
  failures: 'hls.js',
  manifest: {
    firstByteMs: Infinity,
    totalMs: 20_000,
    onTimeout: { count: 2, ...AT_ONCE },
    onError: { count: 1, ...SECONDS },
  },
  playlist: {
    firstByteMs: 10_000,
    totalMs: 20_000,
    onTimeout: { count: 2, ...AT_ONCE },
    onError: { count: 2, ...SECONDS },
  },
  segment: {
    firstByteMs: 10_000,
    totalMs: 120_000,
    onTimeout: { count: 4, ...AT_ONCE },
    onError: { count: 6, ...SECONDS },
  },
  liveSyncCount: 3,
  liveSyncOnStallIncreaseMs: 1_000,
  bufferMsMax: 30_000,
  startMs: 0,
  resumeMs: 0,
  stuckTargets: Infinity,
  behindWindow: 'jumps',
  estimateBps: 500_000,
  bandwidthShare: { same: 0.95, up: 0.7 },
};

/**
 * ExoPlayer 2.19 and Media3 up to 1.5. DefaultLoadErrorHandlingPolicy: 3 tries more, after
 * min((n - 1) s, 5 s). DefaultHttpDataSource: 8 s to connect and to read. DefaultLoadControl: 50 s
 * of buffer, 2.5 s to begin, 5 s after a stall. DefaultHlsPlaylistTracker: stuck after 3.5 target
 * durations. HlsMediaSource: three target durations from the live edge. A playhead that fell out
 * of the playlist is a BehindLiveWindowException, which the application has to deal with.
 * DefaultBandwidthMeter assumes 1 Mbit/s where it knows no country; AdaptiveTrackSelection takes
 * 0.7 of the estimate.
 */
const MEDIA3: Rules = {
  failures: 'media3',
  ...everyLoad({
    firstByteMs: 8_000,
    totalMs: Infinity,
    onTimeout: { count: 3, delayMs: 1_000, delayMsMax: 5_000, linear: true },
    onError: { count: 3, delayMs: 1_000, delayMsMax: 5_000, linear: true },
  }),
  liveSyncCount: 3,
  liveSyncOnStallIncreaseMs: 0,
  bufferMsMax: 50_000,
  startMs: 2_500,
  resumeMs: 5_000,
  stuckTargets: 3.5,
  behindWindow: 'gives up',
  estimateBps: 1_000_000,
  bandwidthShare: { same: 0.7, up: 0.7 },
};

/**
 * AVPlayer publishes no numbers of its retries; it is known to go on while a playlist fails. The
 * numbers are those of another player that never gives up, video.js' VHS 3.17: it asks again after
 * half a target duration, waits 45 s for an answer, buffers 30 s, and keeps three target durations
 * from the live edge, which is what Apple's HLS authoring specification asks for.
 */
const AVPLAYER: Rules = {
  failures: 'for ever',
  ...VHS,
  bufferMsMax: 30_000,
  estimateBps: 500_000,
  bandwidthShare: { same: 0.95, up: 0.7 },
};

/** The rules by the name of the player in the registry. */
export const RULES: Readonly<Record<string, Rules>> = {
  light: HLS_JS,
  media3: MEDIA3,
  avplayer: AVPLAYER,
};
