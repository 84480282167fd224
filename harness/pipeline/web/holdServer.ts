// Waits for nginx, which cannot: an origin's nginx asks here for what is not there yet, and gets the
// request back when it is.
//
//   viewer -> nginx -(blocking reload, part to come)-> this server -X-Accel-Redirect-> nginx -> viewer

import { access, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { TRUE_PATH } from '../../model/world.ts';
import { createHolds, type HeldFiles } from './holds.ts';
import { startInnerServer } from './innerServer.ts';
import { succeeds } from '../../kernel/succeeds.ts';

export interface HoldServerOptions {
  /** Folder of what was uploaded. */
  readonly root: string;
  /** Folder that mirrors `root`: a file here marks the playlist of that path as old. */
  readonly staleRoot: string;
  readonly log: (text: string) => void;
}

export interface HoldServer {
  /** Lines for nginx's configuration, see originConfig.ts. */
  readonly lines: HoldLines;
  /** A file was stored. */
  readonly stored: (path: string) => void;
}

/** Lines of nginx: for the location of playlists, and for the server block. */
export interface HoldLines {
  readonly playlist: string;
  readonly server: string;
}

export async function startHoldServer(options: HoldServerOptions): Promise<HoldServer> {
  const { root, staleRoot, log } = options;
  const holds = createHolds({ clock: systemClock, files: storedFiles(root, staleRoot) });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin');
    const held = await holds.hold(pathname, searchParams, gone.signal);
    if (held !== 'go') return void response.writeHead(held).end();
    const accel = `${TRUE_PATH}${pathname}?${WAITED}=1`;
    response.writeHead(200, { 'x-accel-redirect': accel }).end();
  };
  const inner = await startInnerServer(answer, ({ url }, { destroyed }, error) => {
    if (!destroyed) log(`wait for ${url}: ${String(error)}`);
  });
  return { lines: nginxLines(inner.nginxLines), stored: holds.stored };
}

const storedFiles = (root: string, staleRoot: string): HeldFiles => {
  const isThere = (file: string) => succeeds(access(file));
  return {
    text: (path) => readFile(join(root, path), 'utf8').catch(() => undefined),
    has: (path) => isThere(join(root, path)),
    isStale: (path) => isThere(join(staleRoot, path)),
  };
};

/** In the query of a request that comes back: it waits no more. */
const WAITED = '_waited';

/** Inner requests come back without their query, so that a playlist does not wait again. */
const nginxLines = (toInner: string): HoldLines => ({
  playlist: `      set $wants "$request_method $arg__HLS_msn$arg__HLS_part";
      if ($wants ~ "^GET .") { rewrite ^(.*)$ ${WAIT_PATH}$1 last; }`,
  server: `    location ~ "^/.+/\\d+\\.\\d+\\.m4s$" {
      set $missing "";
      if (!-f $request_filename) { set $missing "$request_method $arg_${WAITED}"; }
      if ($missing = "GET ") { rewrite ^(.*)$ ${WAIT_PATH}$1 last; }
      dav_methods PUT DELETE;
      create_full_put_path on;
    }
    location ^~ ${WAIT_PATH}/ {
${toInner}
    }`,
});

const WAIT_PATH = '/.ecran-noir/wait';
