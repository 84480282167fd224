// Decides when a DASH manifest is put: each time the lanes of its tracks list something else. Pure.

import type { MediaSettings, UploadSettings } from '../../model/scenario.ts';
import type { Lane } from './lane.ts';
import { dashManifest } from './mpd.ts';

export interface ManifestLaneOptions {
  /** One for each track, of one origin. */
  readonly lanes: readonly Pick<Lane, 'listed'>[];
  readonly media: MediaSettings;
  readonly upload: Pick<UploadSettings, 'retryDelayMs'>;
}

export function createManifestLane({
  lanes,
  media,
  upload,
}: ManifestLaneOptions): Pick<Lane, 'next' | 'done' | 'isIdle'> {
  let put = '';
  let putting = '';
  let retryAtEpochMs = 0;
  return {
    next: (now) => {
      const tracks = lanes.map((lane) => lane.listed());
      putting = JSON.stringify(tracks);
      const whole = tracks.every((listed) => listed.length > 0);
      if (!whole || putting === put || now < retryAtEpochMs) return undefined;
      return { kind: 'playlist', body: dashManifest({ media, tracks, publishedEpochMs: now }) };
    },
    done: (_, ok, now) => {
      if (ok) put = putting;
      else retryAtEpochMs = now + upload.retryDelayMs;
    },
    // Nobody tells it when a lane lists something else.
    isIdle: () => false,
  };
}
