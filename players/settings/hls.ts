// The settings of hls.js 1.x that a scenario can set, with their units in the name of the bound, and
// those that it cannot. Source: API.md and src/config.ts of hls.js; a test holds both lists against
// the keys that the installed version has.

import {
  bitsPerSecond,
  factor,
  flag,
  milliseconds,
  number,
  refuse,
  RIGHTS,
  seconds,
  TAKES_CODE,
  tries,
  WALLS_OWN,
  whole,
  words,
  type RefusedKeys,
  type Setting,
  type Settings,
} from './setting.ts';

const DAY_S = 86_400;
const GIGABYTE = 1e9;

const bytes = number(0, 10 * GIGABYTE);

const needed = <T extends Setting>(setting: T): T => ({ ...setting, needed: true });

/** A policy takes the place of hls.js's own as a whole, so its parts must all be there. */
const retry = needed({
  kind: 'group',
  nullable: true,
  settings: {
    maxNumRetry: needed(tries),
    retryDelayMs: needed(milliseconds),
    maxRetryDelayMs: needed(milliseconds),
    backoff: { kind: 'choice', values: ['exponential', 'linear'] },
  },
});

const loadPolicy: Setting = {
  kind: 'group',
  settings: {
    default: needed({
      kind: 'group',
      settings: {
        maxTimeToFirstByteMs: needed(milliseconds),
        maxLoadTimeMs: needed(milliseconds),
        timeoutRetry: retry,
        errorRetry: retry,
      },
    }),
  },
};

const BY_SECONDS = ['liveSyncDuration', 'liveMaxLatencyDuration'];
const BY_SEGMENTS = ['liveSyncDurationCount', 'liveMaxLatencyDurationCount'];

const LIVE: Settings = {
  initialLiveManifestSize: whole(1, 1000),
  liveSyncMode: { kind: 'choice', values: ['edge', 'buffered'] },
  liveSyncDurationCount: { ...number(0, 10_000), without: BY_SECONDS },
  liveMaxLatencyDurationCount: {
    ...number(0, 10_000),
    above: 'liveSyncDurationCount',
    without: BY_SECONDS,
  },
  liveSyncDuration: { ...seconds, without: BY_SEGMENTS },
  liveMaxLatencyDuration: { ...seconds, above: 'liveSyncDuration', without: BY_SEGMENTS },
  liveSyncOnStallIncrease: seconds,
  liveMaxUnchangedPlaylistRefresh: tries,
  maxLiveSyncPlaybackRate: number(1, 2),
  liveDurationInfinity: flag,
  liveBackBufferLength: seconds,
  lowLatencyMode: flag,
  progressive: flag,
};

const BUFFER: Settings = {
  startPosition: number(-1, DAY_S),
  startFragPrefetch: flag,
  startOnSegmentBoundary: flag,
  maxBufferLength: seconds,
  maxMaxBufferLength: seconds,
  maxBufferSize: bytes,
  maxBufferHole: seconds,
  maxFragLookUpTolerance: seconds,
  backBufferLength: seconds,
  frontBufferFlushThreshold: seconds,
  loopBackBufferFlush: flag,
  nextAudioTrackBufferFlushForwardOffset: seconds,
  appendErrorMaxRetry: tries,
  appendTimeout: milliseconds,
  iframeCacheLimit: bytes,
};

const STALLS: Settings = {
  detectStallWithCurrentTimeMs: milliseconds,
  highBufferWatchdogPeriod: seconds,
  nudgeOffset: seconds,
  nudgeMaxRetry: tries,
  nudgeOnVideoHole: flag,
  skipBufferHolePadding: seconds,
  maxStarvationDelay: seconds,
  maxLoadingDelay: seconds,
  errorPenaltyExpireMs: milliseconds,
  ignorePlaylistParsingErrors: flag,
};

const LEVELS: Settings = {
  startLevel: whole(-1, 100),
  capLevelToPlayerSize: flag,
  capLevelOnFPSDrop: flag,
  fpsDroppedMonitoringPeriod: milliseconds,
  fpsDroppedMonitoringThreshold: number(0, 1),
  ignoreDevicePixelRatio: flag,
  maxDevicePixelRatio: factor,
  minAutoBitrate: bitsPerSecond,
  preserveManualLevelOnError: flag,
  testBandwidth: flag,
  abrEwmaFastLive: seconds,
  abrEwmaSlowLive: seconds,
  abrEwmaFastVoD: seconds,
  abrEwmaSlowVoD: seconds,
  abrEwmaDefaultEstimate: bitsPerSecond,
  abrEwmaDefaultEstimateMax: bitsPerSecond,
  abrBandWidthFactor: factor,
  abrBandWidthUpFactor: factor,
  abrMaxWithRealBitrate: flag,
  abrSwitchInterval: seconds,
  useMediaCapabilities: flag,
  videoPreference: { kind: 'group', settings: { preferHDR: flag, videoCodec: words } },
  audioPreference: { kind: 'group', settings: { lang: words, name: words } },
  subtitlePreference: { kind: 'group', settings: { lang: words, name: words } },
};

const LOADING: Settings = {
  fragLoadPolicy: loadPolicy,
  playlistLoadPolicy: loadPolicy,
  manifestLoadPolicy: loadPolicy,
  keyLoadPolicy: loadPolicy,
  certLoadPolicy: loadPolicy,
  steeringManifestLoadPolicy: loadPolicy,
  interstitialAssetListLoadPolicy: loadPolicy,
  ...loadingTimes('frag'),
  ...loadingTimes('level'),
  ...loadingTimes('manifest'),
};

/** The older way to say a load policy. */
function loadingTimes(of: string): Settings {
  return {
    [`${of}LoadingTimeOut`]: milliseconds,
    [`${of}LoadingMaxRetry`]: tries,
    [`${of}LoadingRetryDelay`]: milliseconds,
    [`${of}LoadingMaxRetryTimeout`]: milliseconds,
  };
}

const MEDIA: Settings = {
  enableWorker: flag,
  enableSoftwareAES: flag,
  preferManagedMediaSource: flag,
  stretchShortVideoTrack: flag,
  maxAudioFramesDrift: number(0, 1000),
  forceKeyFrameOnDiscontinuity: flag,
  handleMpegTsVideoIntegrityErrors: { kind: 'choice', values: ['process', 'skip'] },
  defaultAudioCodec: words,
  timelineOffset: number(-DAY_S, DAY_S),
  enableDateRangeMetadataCues: flag,
  enableEmsgMetadataCues: flag,
  enableEmsgKLVMetadata: flag,
  enableID3MetadataCues: flag,
  enableInterstitialPlayback: flag,
  interstitialAppendInPlace: flag,
  interstitialLiveLookAhead: seconds,
  enableWebVTT: flag,
  enableIMSC1: flag,
  enableCEA708Captions: flag,
  renderTextTracksNatively: flag,
  ...Object.fromEntries(
    [1, 2, 3, 4].flatMap((track) => [
      [`captionsTextTrack${track}Label`, words],
      [`captionsTextTrack${track}LanguageCode`, words],
    ]),
  ),
  cmcd: {
    kind: 'group',
    settings: { useHeaders: flag, contentId: words, sessionId: words, version: whole(1, 2) },
  },
};

export const HLS_SETTINGS: Settings = {
  ...LIVE,
  ...BUFFER,
  ...STALLS,
  ...LEVELS,
  ...LOADING,
  ...MEDIA,
};

const CODE_KEYS = [
  ...['loader', 'fLoader', 'pLoader', 'xhrSetup', 'fetchSetup', 'cueHandler'],
  ...['abrController', 'audioStreamController', 'audioTrackController', 'bufferController'],
  ...['capLevelController', 'cmcdController', 'contentSteeringController', 'emeController'],
  ...['errorController', 'fpsController', 'gapController', 'id3TrackController'],
  ...['iframeController', 'interstitialsController', 'latencyController', 'streamController'],
  ...['subtitleStreamController', 'subtitleTrackController', 'timelineController'],
];
const RIGHTS_KEYS = [
  ...['emeEnabled', 'widevineLicenseUrl', 'drmSystems', 'drmSystemOptions', 'reuseKeySessions'],
  ...['licenseXhrSetup', 'licenseResponseCallback', 'requestMediaKeySystemAccessFunc'],
  'requireKeySystemAccessOnStart',
];
const OWN_KEYS = ['autoStartLoad', 'debug', 'loggerId', 'assetPlayerId', 'primarySessionId'];

export const HLS_REFUSED: RefusedKeys = {
  workerPath: 'it names a program that the browser would run',
  emsgKLVSchemaUri: 'it names an address',
  ...refuse(TAKES_CODE, ...CODE_KEYS),
  ...refuse(RIGHTS, ...RIGHTS_KEYS),
  ...refuse(WALLS_OWN, ...OWN_KEYS),
};
