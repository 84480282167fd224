// The settings of shaka-player 5.x that a scenario can set, in the groups of its own configuration,
// and those that it cannot. Source: `shaka.util.PlayerConfiguration.createDefault()`, which a test
// holds both lists against.

import {
  all,
  bitsPerSecond,
  choice,
  factor,
  flag,
  group,
  milliseconds,
  number,
  refuse,
  RIGHTS,
  seconds,
  TAKES_CODE,
  tries,
  whole,
  words,
  type RefusedKeys,
  type Settings,
} from './setting.ts';

const PIXELS_MAX = 1e9;

const share = number(0, 1);
const pixels = whole(0, PIXELS_MAX);
const bytes = whole(0, 1e9);

const retryParameters = group({
  maxAttempts: tries,
  backoffFactor: factor,
  fuzzFactor: share,
  ...all(milliseconds, 'baseDelay', 'timeout', 'stallTimeout', 'connectionTimeout'),
});

const restrictions = group({
  ...all(pixels, 'minWidth', 'maxWidth', 'minHeight', 'maxHeight', 'minPixels', 'maxPixels'),
  ...all(factor, 'minFrameRate', 'maxFrameRate', 'minChannelsCount', 'maxChannelsCount'),
  ...all(bitsPerSecond, 'minBandwidth', 'maxBandwidth'),
});

const MANIFEST: Settings = {
  retryParameters,
  availabilityWindowOverride: seconds,
  defaultPresentationDelay: seconds,
  updatePeriod: number(-1, 86_400),
  ...all(flag, 'disableAudio', 'disableVideo', 'disableText', 'disableThumbnails'),
  ...all(flag, 'disableIFrames', 'disableChapters', 'segmentRelativeVttTiming'),
  ...all(flag, 'raiseFatalErrorOnManifestUpdateRequestFailure', 'continueLoadingWhenPaused'),
  ...all(flag, 'ignoreSupplementalCodecs', 'ignoreDrmInfo', 'enableAudioGroups'),
  dash: group({
    initialSegmentLimit: tries,
    ...all(flag, 'xlinkFailGracefully', 'ignoreMinBufferTime', 'autoCorrectDrift'),
    ...all(flag, 'ignoreSuggestedPresentationDelay', 'ignoreEmptyAdaptationSet'),
    ...all(flag, 'ignoreMaxSegmentDuration', 'sequenceMode', 'enableFastSwitching'),
    useStreamOnceInPeriodFlattening: flag,
  }),
  hls: group({
    liveSegmentsDelay: tries,
    ...all(words, 'defaultAudioCodec', 'defaultVideoCodec', 'mediaPlaylistFullMimeType'),
    ...all(flag, 'ignoreTextStreamFailures', 'ignoreImageStreamFailures', 'sequenceMode'),
    ...all(flag, 'ignoreManifestProgramDateTime', 'ignoreManifestTimestampsInSegmentsMode'),
    ...all(flag, 'disableCodecGuessing', 'disableClosedCaptionsDetection'),
    ...all(flag, 'allowLowLatencyByteRangeOptimization', 'allowRangeRequestsToGuessMimeType'),
  }),
};

const LIVE_SYNC: Settings = {
  ...all(flag, 'enabled', 'panicMode'),
  ...all(seconds, 'targetLatency', 'targetLatencyTolerance', 'panicThreshold'),
  ...all(factor, 'maxPlaybackRate', 'minPlaybackRate'),
  dynamicTargetLatency: group({
    enabled: flag,
    maxAttempts: tries,
    ...all(seconds, 'stabilityThreshold', 'rebufferIncrement', 'maxLatency', 'minLatency'),
  }),
};

const STREAMING: Settings = {
  retryParameters,
  ...all(seconds, 'rebufferingGoal', 'bufferingGoal', 'bufferBehind', 'evictionGoal'),
  ...all(seconds, 'gapDetectionThreshold', 'gapPadding', 'gapJumpTimerTime', 'durationBackoff'),
  ...all(seconds, 'safeSeekOffset', 'safeSeekEndOffset', 'stallThreshold', 'stallSkip'),
  ...all(seconds, 'inaccurateManifestTolerance', 'updateIntervalSeconds', 'maxDisabledTime'),
  ...all(seconds, 'minTimeBetweenRecoveries', 'preloadNextUrlWindow', 'loadTimeout'),
  segmentPrefetchLimit: tries,
  ...all(flag, 'ignoreTextStreamFailures', 'startAtSegmentBoundary', 'stallEnabled'),
  ...all(flag, 'lowLatencyMode', 'preferNativeDash', 'preferNativeHls', 'observeQualityChanges'),
  ...all(flag, 'disableAudioPrefetch', 'disableTextPrefetch', 'disableVideoPrefetch'),
  ...all(flag, 'allowMediaSourceRecoveries', 'vodDynamicPlaybackRate', 'clearDecodingCache'),
  ...all(factor, 'vodDynamicPlaybackRateLowBufferRate', 'vodDynamicPlaybackRateBufferRatio'),
  ...all(flag, 'dontChooseCodecs', 'shouldFixTimestampOffset', 'stopFetchingOnPause'),
  ...all(flag, 'avoidEvictionOnQuotaExceededError', 'returnToEndOfLiveWindowWhenOutside'),
  ...all(flag, 'clampAppendWindowToDuration', 'processSrcEqualMetadata'),
  useNativeHlsForFairPlay: flag,
  crossBoundaryStrategy: choice(
    'keep',
    'reset',
    'reset_to_encrypted',
    'RESET_ON_ENCRYPTION_CHANGE',
  ),
  liveSync: group(LIVE_SYNC),
};

const ABR: Settings = {
  ...all(flag, 'enabled', 'useNetworkInformation', 'restrictToElementSize', 'droppedFrames'),
  ...all(flag, 'restrictToScreenSize', 'ignoreDevicePixelRatio', 'clearBufferSwitch'),
  preferNetworkInformationBandwidth: flag,
  defaultBandwidthEstimate: bitsPerSecond,
  ...all(share, 'bandwidthUpgradeTarget', 'bandwidthDowngradeTarget'),
  ...all(seconds, 'switchInterval', 'safeMarginSwitch', 'minTimeToSwitch'),
  cacheLoadThreshold: milliseconds,
  restrictions,
  advanced: group({
    ...all(bytes, 'minTotalBytes', 'minBytes'),
    ...all(seconds, 'fastHalfLife', 'slowHalfLife'),
    droppedFramesThreshold: share,
    ...all(seconds, 'droppedFramesInterval', 'droppedFramesBanDuration'),
  }),
};

export const SHAKA_SETTINGS: Settings = {
  manifest: group(MANIFEST),
  streaming: group(STREAMING),
  abr: group(ABR),
  restrictions,
  mediaSource: group({
    codecSwitchingStrategy: choice('reload', 'smooth'),
    ...all(flag, 'forceTransmux', 'insertFakeEncryptionInInit', 'correctEc3Enca'),
    ...all(flag, 'dispatchAllEmsgBoxes', 'useSourceElements', 'repairIFrames'),
    durationReductionEmitsUpdateEnd: flag,
  }),
  networking: group({ minBytesForProgressEvents: bytes }),
  cmcd: group({
    ...all(flag, 'enabled', 'useHeaders'),
    ...all(words, 'sessionId', 'contentId'),
    rtpSafetyFactor: factor,
    version: whole(1, 2),
  }),
  cmsd: group({
    ...all(flag, 'enabled', 'applyMaximumSuggestedBitrate'),
    estimatedThroughputWeightRatio: share,
  }),
  ignoreHardwareResolution: flag,
};

export const SHAKA_REFUSED: RefusedKeys = {
  ...refuse(TAKES_CODE, 'abrFactory', 'adaptationSetCriteriaFactory', 'textDisplayFactory'),
  drm: RIGHTS,
  ...refuse('viewers watch live television', 'offline', 'playRangeStart', 'playRangeEnd', 'queue'),
  ads: 'advertisements are no part of a rehearsal',
  lcevc: 'it names a decoder that the wall has not',
  ...refuse('channels have one sound and one picture', 'preferredAudio', 'preferredVideo'),
  ...refuse('channels have no text', 'preferredText', 'textDisplayer', 'accessibility'),
  preferredDecodingAttributes: 'channels have one codec',
};
