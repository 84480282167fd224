// The settings of video.js 8.x that a scenario can set: those of its HTTP streaming engine (VHS 3.x),
// by their names under `html5.vhs`, and those that it cannot. Source: README.md of VHS and the keys
// that its handler reads, which a test holds both lists against.

import {
  all,
  bitsPerSecond,
  factor,
  flag,
  refuse,
  seconds,
  TAKES_CODE,
  tries,
  type RefusedKeys,
  type Settings,
} from './setting.ts';

export const VIDEOJS_SETTINGS: Settings = {
  ...all(flag, 'limitRenditionByPlayerDimensions', 'useDevicePixelRatio', 'usePlayerObjectFit'),
  ...all(flag, 'enableLowInitialPlaylist', 'bufferBasedABR', 'leastPixelDiffSelector'),
  ...all(flag, 'llhls', 'exactManifestTimings', 'useDtsForTimestampOffset'),
  ...all(flag, 'useNetworkInformationApi', 'useForcedSubtitles', 'useCueTags'),
  ...all(flag, 'parse708captions', 'cacheEncryptionKeys', 'experimentalUseMMS'),
  customPixelRatio: factor,
  bandwidth: bitsPerSecond,
  ...all(seconds, 'playlistExclusionDuration', 'liveRangeSafeTimeDelta'),
  maxPlaylistRetries: tries,
};

export const VIDEOJS_REFUSED: RefusedKeys = {
  ...refuse(TAKES_CODE, 'customTagParsers', 'customTagMappers'),
  ...refuse(TAKES_CODE, 'playlistSelector', 'initialPlaylistSelector'),
  withCredentials: 'viewers have no accounts',
  useBandwidthFromLocalStorage: 'every viewer is a new one',
  captionServices: 'channels have no text',
  overrideNative: 'the wall plays by VHS, never by the browser itself',
};
