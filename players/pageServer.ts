// A small HTTP server for the page of the wall: one document and one script. Only who was told its
// address finds them.

import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { foreignPart } from '../harness/kernel/requestGuard.ts';
import { requestedUrl } from '../harness/kernel/requestedUrl.ts';
import { bundlePage, type Players } from './pageScript.ts';
import { SCRIPT, wallDocument } from './wallDocument.ts';

export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

export interface PageServerOptions {
  /** The players that the page can make; none when not said. */
  readonly players?: Players;
  /** The script of the page instead of one with those players. */
  readonly script?: string | undefined;
  /** Interface to listen on; another than loopback lets a browser in a container in. */
  readonly host?: string;
}

export async function startPageServer({
  host = '127.0.0.1',
  players = {},
  script: given,
}: PageServerOptions = {}): Promise<PageServer> {
  const script = given ?? (await bundlePage(players));
  const folder = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    const { pathname } = requestedUrl(request);
    if (foreignPart(request.headers, { origin, host }) !== undefined) response.writeHead(403).end();
    else if (pathname === `${folder}/`) send(response, 'text/html; charset=utf-8', wallDocument());
    else if (pathname === `${folder}/${SCRIPT}`)
      send(response, 'text/javascript; charset=utf-8', script);
    else response.writeHead(404).end();
  });
  const port = await listen(server, host);
  const origin = `http://${host}:${port}`;
  return {
    url: `${origin}${folder}/`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * The page runs its own script and nothing else, whatever reaches a player: no code of another
 * place, of a `data:` address, or made from text. Media comes from anywhere; hls.js makes its worker
 * from its own code.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  'worker-src blob:',
  'connect-src http: https:',
  'media-src blob: http: https:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function send(response: ServerResponse, type: string, body: string): void {
  response
    .writeHead(200, {
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
    })
    .end(body);
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}
