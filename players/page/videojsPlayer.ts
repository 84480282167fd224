// video.js with its HTTP streaming engine (VHS) behind the interface of the wall.

import videojs from 'video.js';
import { alertsInText, type TagText } from '../../harness/model/id3.ts';
import type { PlayerError } from '../../harness/model/history.ts';
import { safeUrl } from '../../harness/model/safeUrl.ts';
import type { CreatePlayer } from './player.ts';
import { mediaElementError } from './playerError.ts';

/** No controls: they would make the browser compose every picture again. */
const CHILDREN = ['mediaLoader'];

export const createPlayer: CreatePlayer = ({ video, url, config, events }) => {
  const player = videojs(video, {
    autoplay: true,
    muted: video.muted,
    fill: true,
    children: CHILDREN,
    html5: { vhs: { ...config, overrideNative: true } },
  }) as unknown as VideojsPlayer;
  player.on('error', () => events.fatal(mediaElementError(player.error()?.code)));
  player.on('xhr-hooks-ready', () => {
    const tech = player.tech(true);
    tech.vhs.xhr.onResponse((request, failure, answer) => {
      const error = requestError(request, failure, answer);
      if (error && !request.aborted) events.error(error);
    });
    tech.on('excludeplaylist', () => events.error(playlistError('excludeplaylist')));
    tech.on('retryplaylist', () => events.error(playlistError('retryplaylist')));
  });
  player.textTracks().on('addtrack', ({ track }) => {
    if (track.kind !== 'metadata') return;
    track.mode = 'hidden';
    track.on('cuechange', () => {
      for (const { value } of Array.from(track.activeCues)) {
        const alerts = value && alertsInText(value);
        if (alerts) events.alerts('segment', alerts);
      }
    });
  });
  const levels = player.qualityLevels();
  levels.on('change', () => events.level(levelText(levels[levels.selectedIndex])));
  const load = (): void => player.src({ src: url, type: 'application/vnd.apple.mpegurl' });
  return {
    attach: load,
    startLoad: () => {
      player.error(null);
      load();
    },
    destroy: () => player.dispose(),
  };
};

/** The part of video.js and its plugins that is used here; its own types leave most of it open. */
interface VideojsPlayer {
  on(event: string, act: () => void): void;
  error(): { readonly code: number } | null;
  error(none: null): void;
  src(source: { readonly src: string; readonly type: string }): void;
  tech(safe: true): {
    readonly vhs: { readonly xhr: Xhr };
    on(event: string, act: () => void): void;
  };
  qualityLevels(): QualityLevels;
  textTracks(): { on(event: 'addtrack', act: (added: { readonly track: Track }) => void): void };
  dispose(): void;
}

/** Timed metadata is in one whose cues have a frame of an ID3 tag each. */
interface Track {
  readonly kind: string;
  mode: string;
  readonly activeCues: ArrayLike<{ readonly value?: TagText }>;
  on(event: 'cuechange', act: () => void): void;
}

interface Xhr {
  onResponse(act: (request: Asked, failure: unknown, answer: Answered | undefined) => void): void;
}

interface Asked {
  readonly uri: string;
  readonly aborted?: boolean;
  readonly timedout?: boolean;
}

interface Answered {
  readonly statusCode: number;
}

interface QualityLevels {
  readonly [index: number]: QualityLevel | undefined;
  readonly selectedIndex: number;
  on(event: 'change', act: () => void): void;
}

interface QualityLevel {
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
}

function requestError(
  { uri, timedout = false }: Asked,
  failure: unknown,
  answer: Answered | undefined,
): PlayerError | undefined {
  const status = answer?.statusCode ?? 0;
  if (!failure && status < 400) return undefined;
  const url = safeUrl(uri);
  return {
    type: 'networkError',
    details: timedout ? 'requestTimeout' : 'requestError',
    ...(status > 0 ? { status } : {}),
    ...(url === undefined ? {} : { url }),
  };
}

const playlistError = (details: string): PlayerError => ({ type: 'playlistError', details });

const levelText = (level: QualityLevel | undefined): string =>
  level ? `${level.width}x${level.height} ${Math.round(level.bitrate / 1000)} kbit/s` : '';
