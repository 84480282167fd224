// hls.js behind the interface of the wall.

import Hls, { type ErrorData, type HlsConfig } from 'hls.js';
import { alertInRange } from '../../harness/model/dateRange.ts';
import { alertsInTag } from '../../harness/model/id3.ts';
import type { PlayerError } from '../../harness/model/history.ts';
import { safeUrl } from '../../harness/model/safeUrl.ts';
import type { CreatePlayer, PlayerEvents } from './player.ts';

/**
 * Two values differ from hls.js's own; a scenario can set them back. No worker: one for each
 * viewer would cost more than it saves on a wall. A bounded back buffer: runs can last hours.
 */
const DEFAULTS: Partial<HlsConfig> = { enableWorker: false, backBufferLength: 30 };

export const createPlayer: CreatePlayer = ({ video, url, config, events }) => {
  const hls = new Hls({ ...DEFAULTS, ...config });
  let lastFatal: ErrorData['type'] | undefined;
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (data.fatal) lastFatal = data.type;
    report(data, events);
  });
  hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) =>
    events.alerts(
      'playlist',
      Object.values(details.dateRanges).flatMap((range) => alertInRange(range?.attr ?? {}) ?? []),
    ),
  );
  hls.on(Hls.Events.FRAG_PARSING_METADATA, (_, { samples }) => {
    for (const { data } of samples) {
      const alerts = alertsInTag(data);
      if (alerts) events.alerts('segment', alerts);
    }
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => events.level(levelText(hls, level)));
  return {
    attach: () => {
      hls.attachMedia(video);
      hls.loadSource(url);
    },
    startLoad: () => {
      if (hls.levels.length === 0) hls.loadSource(url);
      else if (lastFatal === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else hls.startLoad();
    },
    destroy: () => hls.destroy(),
  };
};

function report(data: ErrorData, events: PlayerEvents): void {
  const url = safeUrl(data.context?.url ?? data.frag?.url ?? data.url);
  const error: PlayerError = {
    type: data.type,
    details: data.details,
    ...(data.response?.code ? { status: data.response.code } : {}),
    ...(url === undefined ? {} : { url }),
  };
  if (data.fatal) events.fatal(error);
  else events.error(error);
}

function levelText(hls: Hls, index: number): string {
  const level = hls.levels[index];
  return level ? `${level.width}x${level.height} ${Math.round(level.bitrate / 1000)} kbit/s` : '';
}
