// nginx as an origin: takes PUT and DELETE of the uploaders, serves HLS, and answers for a playlist
// that has grown old as the design says.

import type { OriginStage } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { headerLines, type OwnHeader } from './headers.ts';
import type { HoldLines } from './holdServer.ts';
import { ownAnswers } from './nginx.ts';
import { storedName } from './segmentNames.ts';

export interface OriginConfig {
  readonly listen: Address;
  readonly whenStale: OriginStage['whenStale'];
  /** Folder of what was uploaded. */
  readonly root: string;
  /** Folder that mirrors `root`: a file here marks the playlist of that path as old. */
  readonly staleRoot: string;
  /** The port of requests that are never answered. */
  readonly hangPort: number;
  /** Who uploads has it; undefined = anybody may. */
  readonly uploadToken: string | undefined;
  /** Lines of the server block that ask for HTTP faults. */
  readonly faultLines: string;
  /** Lines that let requests wait, where segments are published in parts. */
  readonly holdLines?: HoldLines | undefined;
}

/** Larger than any segment of an ABR ladder. */
const BODY_BYTES_MAX = '64m';

const HEADERS: readonly OwnHeader[] = [
  { name: 'Cache-Control', value: '$cache_control' },
  // An edge may keep a playlist to the end of this second, see edgeConfig.ts.
  { name: 'X-Accel-Expires', value: '$kept_until' },
];

export function originHttp(config: OriginConfig): string {
  const { listen, root, uploadToken, holdLines } = config;
  return `${headerLines(HEADERS)}
  # Whole seconds, for X-Accel-Expires.
  map $msec $second { "~^(?<whole>\\d+)" $whole; }
  map "$status $uri" $cache_control {
    "~\\.(?:m3u8|mpd)$" no-cache;
    "~^(20[0146]|304) " "public, max-age=3600";
  }
  map "$status $uri" $kept_until { "~^200 .*\\.(?:m3u8|mpd)$" "@$second"; }
${uploadToken === undefined ? '' : strangers(uploadToken)}
  server {
    listen ${listen.host}:${listen.port};
    root ${root};
    client_max_body_size ${BODY_BYTES_MAX};
    client_body_buffer_size 1m;
${config.faultLines}
${storedName()}
${ownAnswers()}
${uploadToken === undefined ? '' : '    if ($stranger) { return 401; }'}
    location ~ \\.(?:m3u8|mpd)$ {
${staleLines(config)}${holdLines ? `\n${holdLines.playlist}` : ''}
      dav_methods PUT DELETE;
      create_full_put_path on;
    }${holdLines ? `\n${holdLines.server}` : ''}
    location / {
      dav_methods PUT DELETE;
      create_full_put_path on;
    }
    location = /.ecran-noir/hang {
      internal;
      proxy_pass http://127.0.0.1:${config.hangPort};
      proxy_read_timeout 1h;
    }
  }`;
}

const strangers = (
  token: string,
): string => `  map "$request_method $http_authorization" $stranger {
    default "";
    "~^(?:PUT|DELETE) (?!Bearer ${token}$)" 1;
  }`;

function staleLines({ whenStale, staleRoot }: OriginConfig): string {
  if (whenStale === 'serve') return '';
  const answer = whenStale === 'hang' ? 'rewrite ^ /.ecran-noir/hang last' : `return ${whenStale}`;
  return `      set $stale $request_method;
      if (-f ${staleRoot}$uri) { set $stale "$stale stale"; }
      if ($stale = "GET stale") { ${answer}; }`;
}
