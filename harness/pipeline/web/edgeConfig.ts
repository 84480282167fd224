// nginx as an edge cache in front of an origin. For how long it keeps what, model/cacheTimes.ts says;
// where that is to the end of the running second, the origin's X-Accel-Expires tells it so.

import { listKeeping, KEPT_ERRORS, type Keeping } from '../../model/cacheTimes.ts';
import type { EdgeStage, MediaSettings, OriginFailover } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { headerLines } from './headers.ts';
import { ownAnswers } from './nginx.ts';
import { storedName } from './segmentNames.ts';

export interface EdgeConfig {
  readonly listen: Address;
  /** The preferred first. */
  readonly origins: readonly Address[];
  readonly stage: EdgeStage;
  readonly media: Pick<MediaSettings, 'segmentMs' | 'latency'>;
  readonly cacheDir: string;
  /** Lines of the server block that ask for HTTP faults. */
  readonly faultLines: string;
}

/** The headers of an origin on caching that this edge decides by itself. */
const IGNORED = 'Cache-Control Expires Set-Cookie Vary';

export function edgeHttp(config: EdgeConfig): string {
  const { listen, origins, stage, media, cacheDir, faultLines } = config;
  const low = media.latency === 'low';
  const kept = listKeeping(stage);
  const timeout = `${Math.max(1, Math.round(stage.originTimeoutMs))}ms`;
  return `${headerLines([{ name: 'X-Cache-Status', value: '$cache_status' }])}
  # A wrong answer carries that of the true one it is made from.
  map $upstream_cache_status $cache_status {
    "" $upstream_http_x_cache_status;
    default $upstream_cache_status;
  }
  proxy_cache_path ${cacheDir} levels=1:2 keys_zone=hls:4m max_size=512m inactive=10m use_temp_path=off;
  upstream origin {
${upstreamServers(config)}
    keepalive 16;
  }
  server {
    listen ${listen.host}:${listen.port};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_connect_timeout ${timeout};
    proxy_send_timeout ${timeout};
    proxy_read_timeout ${timeout};
    proxy_next_upstream ${origins.length > 1 ? NEXT_ORIGIN : 'off'};
    proxy_cache hls;
    proxy_cache_key ${low ? WAITED_KEY : '$uri'};
    proxy_cache_lock ${stage.collapse ? 'on' : 'off'};
    proxy_cache_lock_timeout ${timeout};
    proxy_cache_use_stale ${staleWhen(stage)};
${faultLines}
${storedName()}
${ownAnswers()}
    location ~ \\.(?:m3u8|mpd)$ {${low ? LEADS_TO_WAITS : ''}
      proxy_pass http://origin;
      proxy_ignore_headers ${IGNORED}${ownExpiry(kept.playlist)};
${keptErrors(kept.error)}
    }${low ? `\n${waits(config)}` : ''}
    location / {
      proxy_pass http://origin;
      proxy_ignore_headers ${IGNORED} X-Accel-Expires;
${keptErrors(kept.error)}
      proxy_cache_valid 200 206 ${keptSeconds(kept.segment)}s;
    }
  }`;
}

/** A playlist that was waited for is kept beside the one that anybody gets. */
const WAITED_KEY = '"$uri $arg__HLS_msn $arg__HLS_part"';

const LEADS_TO_WAITS = `
      error_page 418 = @waits;
      set $wants "$arg__HLS_msn$arg__HLS_part";
      if ($wants ~ .) { return 418; }`;

/** The origin gives a request up after so long (holds.ts). */
const HELD_TARGETS = 3;

/**
 * Playlists and parts that the origin may hold. Each request goes there: one that nginx lets wait for
 * another's answer looks for it twice a second, which is longer than a part.
 */
function waits({ stage, media }: EdgeConfig): string {
  const kept = listKeeping(stage);
  const targetMs = Math.ceil(media.segmentMs / 1000) * 1000;
  const wait = `      proxy_pass http://origin;
      proxy_cache_lock off;
      proxy_read_timeout ${Math.round(stage.originTimeoutMs + HELD_TARGETS * targetMs)}ms;`;
  return `    location @waits {
${wait}
      proxy_ignore_headers ${IGNORED}${ownExpiry(kept.playlist)};
    }
    location ~ "^/.+/\\d+\\.\\d+\\.m4s$" {
${wait}
      proxy_ignore_headers ${IGNORED} X-Accel-Expires;
      proxy_cache_valid 200 206 ${keptSeconds(kept.segment)}s;
    }`;
}

/**
 * A playlist that an origin calls stale with 404 and a segment that it has not (yet) are asked of
 * the next one. nginx counts neither 404 nor 403 as a failure of the origin, whatever is said here.
 */
const NEXT_ORIGIN = 'error timeout invalid_header http_500 http_502 http_503 http_504 http_404';

/** A single origin is asked whatever it did before. */
const FAILOVER_DEFAULT: OriginFailover = { maxFails: 1, failTimeoutMs: 10_000 };

/** The first is asked; the others while it has failed too often. nginx counts whole seconds. */
function upstreamServers({ origins, stage }: EdgeConfig): string {
  const { maxFails, failTimeoutMs } = stage.originFailover ?? FAILOVER_DEFAULT;
  const failover =
    origins.length > 1
      ? ` max_fails=${maxFails} fail_timeout=${Math.max(1, Math.round(failTimeoutMs / 1000))}s`
      : ' max_fails=0';
  return origins
    .map(({ host, port }, index) => {
      const backup = index > 0 ? ' backup' : '';
      return `    server ${host}:${port}${failover}${backup};`;
    })
    .join('\n');
}

/** In every location: nginx inherits no proxy_cache_valid into a location that has one. */
const keptErrors = (error: Keeping): string =>
  error.kind === 'never'
    ? ''
    : `      proxy_cache_valid ${KEPT_ERRORS.join(' ')} ${keptSeconds(error)}s;`;

/** Lists when an answer is served past its life: while one request renews it, others get it. */
function staleWhen({ staleIfError, collapse }: EdgeStage): string {
  const errors = ['error', 'timeout', 'http_500', 'http_502', 'http_503', 'http_504'];
  const cases = [...(staleIfError ? errors : []), ...(collapse ? ['updating'] : [])];
  return cases.length > 0 ? cases.join(' ') : 'off';
}

/** Gives the edge's own lifetime; where it has none, it goes by the origin's. */
const ownExpiry = (playlist: Keeping): string =>
  playlist.kind === 'second'
    ? ''
    : ` X-Accel-Expires;\n      proxy_cache_valid 200 ${keptSeconds(playlist)}s`;

/** 0 keeps nothing. */
const keptSeconds = (keeping: Keeping): number =>
  keeping.kind === 'seconds' ? keeping.seconds : 0;
