// Pictures that are hardly any, for packagers in virtual time.

import type { MediaSettings, TranscoderStage } from '../../harness/model/scenario.ts';

export const SMALL_MEDIA: MediaSettings = {
  width: 32,
  height: 18,
  fps: 25,
  contributionKbps: 100,
  segmentMs: 2_000,
  playlistSegments: 4,
  ladder: [
    { width: 32, height: 18, videoKbps: 50 },
    { width: 16, height: 10, videoKbps: 20 },
  ],
};

export const UPLOAD: TranscoderStage['upload'] = {
  timeoutMs: 3_000,
  retries: 3,
  retryDelayMs: 500,
  maxAgeMs: 8_000,
};
