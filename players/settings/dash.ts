// The settings of dash.js 5.x that a scenario can set, in the groups of its own configuration, and
// those that it cannot. Source: `MediaPlayer().create().getSettings()`, which a test holds both lists
// against.

import {
  all,
  choice,
  factor,
  flag,
  group,
  milliseconds,
  number,
  refuse,
  RIGHTS,
  seconds,
  tries,
  whole,
  words,
  WALLS_OWN,
  type RefusedKeys,
  type Setting,
  type Settings,
} from './setting.ts';

/** -1 and beyond: its sign for no limit. */
const orNone = (max: number): Setting => number(-1, max);
const kilobits = orNone(1e9);
const share = number(0, 1);
const forBoth = (setting: Setting): Setting => group(all(setting, 'audio', 'video'));

const BY_REQUEST = [
  ...['MPD', 'XLinkExpansion', 'MediaSegment', 'InitializationSegment'],
  ...['BitstreamSwitchingSegment', 'IndexSegment', 'FragmentInfoSegment', 'other'],
];

const BUFFER: Settings = {
  ...all(flag, 'enableSeekDecorrelationFix', 'fastSwitchEnabled', 'flushBufferAtTrackSwitch'),
  ...all(flag, 'reuseExistingSourceBuffers', 'useAppendWindow', 'setStallState'),
  ...all(flag, 'avoidCurrentTimeRangePruning', 'useChangeType', 'mediaSourceDurationInfinity'),
  resetSourceBuffersForTrackSwitch: flag,
  ...all(seconds, 'bufferPruningInterval', 'bufferToKeep', 'bufferTimeAtTopQuality'),
  ...all(seconds, 'bufferTimeAtTopQualityLongForm', 'initialBufferLevel', 'bufferTimeDefault'),
  ...all(seconds, 'longFormContentDurationThreshold', 'stallThreshold'),
  lowLatencyStallThreshold: seconds,
  syntheticStallEvents: group(all(flag, 'enabled', 'ignoreReadyState')),
};

const fromTo = group(all(factor, 'min', 'max'));

const LIVE_CATCHUP: Settings = {
  enabled: flag,
  mode: choice('liveCatchupModeDefault', 'liveCatchupModeLoLP'),
  ...all(seconds, 'maxDrift', 'playbackBufferMin'),
  liveThreshold: orNone(86_400),
  playbackRate: group(all(number(-0.5, 1), 'min', 'max')),
  step: group({ start: fromTo, stop: fromTo }),
};

const rule = (parameters?: Settings): Setting =>
  group({ active: flag, priority: share, ...(parameters && { parameters: group(parameters) }) });

const RULES: Settings = {
  ...all(rule(), 'throughputRule', 'bolaRule', 'l2ARule', 'loLPRule'),
  insufficientBufferRule: rule({ throughputSafetyFactor: factor, segmentIgnoreCount: tries }),
  switchHistoryRule: rule({ sampleSize: tries, switchPercentageThreshold: share }),
  droppedFramesRule: rule({ minimumSampleSize: tries, droppedFramesPercentageThreshold: share }),
  abandonRequestsRule: rule({
    abandonDurationMultiplier: factor,
    minSegmentDownloadTimeThresholdInMs: milliseconds,
    minThroughputSamplesThreshold: tries,
  }),
};

const THROUGHPUT: Settings = {
  averageCalculationMode: choice(
    'throughputCalculationModeEwma',
    'throughputCalculationModeZlema',
    'throughputCalculationModeArithmeticMean',
    'throughputCalculationModeByteSizeWeightedArithmeticMean',
    'throughputCalculationModeDateWeightedArithmeticMean',
    'throughputCalculationModeHarmonicMean',
    'throughputCalculationModeByteSizeWeightedHarmonicMean',
    'throughputCalculationModeDateWeightedHarmonicMean',
  ),
  lowLatencyDownloadTimeCalculationMode: choice(
    'lowLatencyDownloadTimeCalculationModeMoofParsing',
    'lowLatencyDownloadTimeCalculationModeDownloadedData',
    'lowLatencyDownloadTimeCalculationModeAast',
  ),
  ...all(flag, 'useResourceTimingApi', 'useDeadTimeLatency'),
  useNetworkInformationApi: group(all(flag, 'xhr', 'fetch')),
  bandwidthSafetyFactor: factor,
  sampleSettings: group({
    ...all(tries, 'live', 'vod', 'maxMeasurementsToKeep', 'averageLatencySampleAmount'),
    enableSampleSizeAdjustment: flag,
    ...all(factor, 'decreaseScale', 'increaseScale'),
  }),
  ewma: group({
    ...all(seconds, 'throughputSlowHalfLifeSeconds', 'throughputFastHalfLifeSeconds'),
    ...all(factor, 'latencySlowHalfLifeCount', 'latencyFastHalfLifeCount'),
    weightDownloadTimeMultiplicationFactor: factor,
  }),
};

const ABR: Settings = {
  ...all(flag, 'limitBitrateByPortal', 'usePixelRatioInLimitBitrateByPortal'),
  enableSupplementalPropertyAdaptationSetSwitching: flag,
  limitBitrateByPortalMinimum: whole(0, 1e9),
  hybridSwitchBufferTime: seconds,
  rules: group(RULES),
  throughput: group(THROUGHPUT),
  ...all(forBoth(kilobits), 'maxBitrate', 'minBitrate', 'initialBitrate'),
  autoSwitchBitrate: forBoth(flag),
};

const STREAMING: Settings = {
  ...all(milliseconds, 'abandonLoadTimeout', 'wallclockTimeUpdateInterval'),
  ...all(milliseconds, 'manifestUpdateRetryInterval', 'liveUpdateTimeThresholdInMilliseconds'),
  ...all(milliseconds, 'fragmentRequestTimeout', 'manifestRequestTimeout'),
  ...all(orNone(86_400_000), 'fragmentRequestProgressTimeout', 'blacklistExpiryTime'),
  seekDurationBackoff: factor,
  ...all(flag, 'cacheInitSegments', 'applyServiceDescription', 'applyProducerReferenceTime'),
  applyContentSteering: flag,
  ...all(flag, 'ignoreFinalStaticManifestOnDynamicToStaticTransition', 'parseInbandPrft'),
  ...all(flag, 'enableManifestDurationMismatchFix', 'enableManifestTimescaleMismatchFix'),
  ...all(flag, 'includePreselectionsInMediainfoArray', 'ignoreSelectionPriority'),
  ...all(flag, 'includePreselectionsForInitialTrackSelection', 'prioritizeRoleMain'),
  assumeDefaultRoleAsMain: flag,
  cacheInitSegmentsLimit: tries,
  selectionModeForInitialTrack: choice(
    'lowestStartupDelay',
    'highestBitrate',
    'firstTrack',
    'highestEfficiency',
    'widestRange',
  ),
  timeShiftBuffer: group(all(flag, 'calcFromSegmentTimeline', 'fallbackToSegmentTimeline')),
  delay: group({
    liveDelayFragmentCount: tries,
    liveDelay: seconds,
    useSuggestedPresentationDelay: flag,
  }),
  buffer: group(BUFFER),
  gaps: group({
    ...all(flag, 'jumpGaps', 'jumpLargeGaps', 'enableSeekFix', 'enableStallFix'),
    ...all(seconds, 'smallGapLimit', 'threshold', 'stallSeek', 'seekOffset'),
    checkInterval: milliseconds,
  }),
  scheduling: group({
    ...all(milliseconds, 'defaultTimeout', 'lowLatencyTimeout'),
    scheduleWhilePaused: flag,
  }),
  liveCatchup: group(LIVE_CATCHUP),
  cacheLoadThresholds: forBoth(milliseconds),
  trackSwitchMode: forBoth(choice('alwaysReplace', 'neverReplace')),
  retryIntervals: group({ ...all(milliseconds, ...BY_REQUEST), lowLatencyReductionFactor: factor }),
  retryAttempts: group({ ...all(tries, ...BY_REQUEST), lowLatencyMultiplyFactor: factor }),
  abr: group(ABR),
  cmcd: group({
    ...all(flag, 'enabled', 'applyParametersFromMpd'),
    ...all(words, 'sid', 'cid'),
    ...all(factor, 'rtp', 'rtpSafetyFactor'),
    mode: choice('query', 'header', 'json'),
    version: whole(1, 2),
  }),
  cmsd: group({ enabled: flag, abr: group({ applyMb: flag, etpWeightRatio: share }) }),
};

const STREAMING_REFUSED: RefusedKeys = {
  protection: RIGHTS,
  utcSynchronization: 'it names a clock of the internet',
  ...refuse('it names addresses', 'defaultSchemeIdUri', 'dvbReporting'),
  ...refuse('every viewer is a new one', 'lastBitrateCachingInfo', 'lastMediaSettingsCachingInfo'),
  saveLastMediaSettingsForCurrentStreamingSession: 'every viewer is a new one',
  capabilities: 'channels have one codec',
  text: 'channels have no text',
  enhancement: 'it names a decoder that the wall has not',
  ...refuse(WALLS_OWN, 'events', 'metrics'),
};

export const DASH_SETTINGS: Settings = {
  streaming: { kind: 'group', settings: STREAMING, refused: STREAMING_REFUSED },
  errors: group({ recoverAttempts: group({ mediaErrorDecode: tries }) }),
};

export const DASH_REFUSED: RefusedKeys = { debug: WALLS_OWN };
