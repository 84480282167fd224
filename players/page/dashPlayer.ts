// dash.js behind the interface of the wall.

import { MediaPlayer, type MediaPlayerErrorEvent } from 'dashjs';
import type { PlayerError } from '../../harness/model/history.ts';
import { safeUrl } from '../../harness/model/safeUrl.ts';
import type { CreatePlayer } from './player.ts';

/**
 * These differ from its own. It would set its clock by a server of the internet, and remember in the
 * browser what another viewer of the page measured.
 */
const DEFAULTS = {
  streaming: {
    utcSynchronization: { enabled: false },
    lastBitrateCachingInfo: { enabled: false },
    lastMediaSettingsCachingInfo: { enabled: false },
  },
};

export const createPlayer: CreatePlayer = ({ video, url, config, events }) => {
  const player = MediaPlayer().create();
  player.updateSettings(DEFAULTS);
  player.updateSettings(config);
  // It tells of an error when its own attempts are used up, and asks no more for what failed.
  player.on(MediaPlayer.events.ERROR, ({ error }: MediaPlayerErrorEvent) =>
    events.fatal(playerError(error)),
  );
  player.on(MediaPlayer.events.QUALITY_CHANGE_RENDERED, ({ mediaType, newRepresentation }) => {
    if (mediaType !== 'video') return;
    const { width, height, bitrateInKbit } = newRepresentation;
    events.level(`${width}x${height} ${Math.round(bitrateInKbit)} kbit/s`);
  });
  return {
    attach: () => player.initialize(video, url, true),
    startLoad: () => player.attachSource(url),
    destroy: () => player.destroy(),
  };
};

/** Its fields differ from one kind of error to the next. */
interface ErrorData {
  readonly request?: { readonly url?: string };
  readonly response?: { readonly status?: number };
}

function playerError({ code, message, data }: MediaPlayerErrorEvent['error']): PlayerError {
  const { request, response } = (data ?? {}) as ErrorData;
  const url = safeUrl(request?.url ?? /https?:\S+/.exec(message)?.[0]);
  return {
    type: 'dashError',
    details: CODES[code] ?? `code${code}`,
    ...(response?.status ? { status: response.status } : {}),
    ...(url === undefined ? {} : { url }),
  };
}

/** The codes of `MediaPlayer.errors` that a live stream meets. */
const CODES: Readonly<Record<number, string>> = {
  10: 'manifestParsing',
  11: 'manifestLoading',
  17: 'segmentLoading',
  20: 'append',
  25: 'manifestDownload',
  27: 'segmentDownload',
  28: 'initializationDownload',
  31: 'manifestParse',
  32: 'noStreams',
};
