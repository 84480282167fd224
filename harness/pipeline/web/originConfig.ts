// nginx as an origin: takes PUT and DELETE of the uploaders, serves HLS, and answers for a playlist
// that has grown old as the design says.

import type { OriginStage } from '../../model/scenario.ts';
import type { Address } from '../../model/world.ts';
import { CORS, readyLocation } from './nginx.ts';

export interface OriginConfig {
  readonly listen: Address;
  readonly whenStale: OriginStage['whenStale'];
  /** Folder of what was uploaded. */
  readonly root: string;
  /** Folder that mirrors `root`: a file here marks the playlist of that path as old. */
  readonly staleRoot: string;
  /** Where a request goes that is never answered. */
  readonly hangPort: number;
  /** Lines of the server block that ask for HTTP faults. */
  readonly faultLines: string;
}

/** Larger than any segment of an ABR ladder. */
const BODY_BYTES_MAX = '64m';

export function originHttp(config: OriginConfig): string {
  const { listen, root } = config;
  return `  # Whole seconds, for X-Accel-Expires.
  map $msec $second { "~^(?<whole>\\d+)" $whole; }
  server {
    listen ${listen.host}:${listen.port};
    root ${root};
    client_max_body_size ${BODY_BYTES_MAX};
    client_body_buffer_size 1m;
${config.faultLines}
${readyLocation()}
    location ~ \\.m3u8$ {
${staleLines(config)}
      dav_methods PUT DELETE;
      create_full_put_path on;
      ${CORS}
      add_header Cache-Control "no-cache" always;
      # A cache may keep it to the end of this second, see edgeConfig.ts.
      add_header X-Accel-Expires "@$second";
    }
    location / {
      dav_methods PUT DELETE;
      create_full_put_path on;
      ${CORS}
      add_header Cache-Control "public, max-age=3600";
    }
    location = /.ecran-noir/hang {
      internal;
      proxy_pass http://127.0.0.1:${config.hangPort};
      proxy_read_timeout 1h;
    }
  }`;
}

function staleLines({ whenStale, staleRoot }: OriginConfig): string {
  if (whenStale === 'serve') return '';
  const answer = whenStale === 'hang' ? 'rewrite ^ /.ecran-noir/hang last' : `return ${whenStale}`;
  return `      set $stale $request_method;
      if (-f ${staleRoot}$uri) { set $stale "$stale stale"; }
      if ($stale = "GET stale") { ${answer}; }`;
}
