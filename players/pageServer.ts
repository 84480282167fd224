// A small HTTP server for the page of the wall: one document and one script, made from
// page/main.ts (or page/main.js once compiled) when the server starts.

import { createServer, type Server, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { HarnessError } from '../harness/model/errors.ts';
import { SCRIPT_PATH, wallDocument } from './wallDocument.ts';

export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

export interface PageServerOptions {
  /** Interface to listen on; another than loopback lets a browser in a container in. */
  readonly host?: string;
}

export async function startPageServer({
  host = '127.0.0.1',
}: PageServerOptions = {}): Promise<PageServer> {
  const script = await bundlePage();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    if (pathname === '/') send(response, 'text/html; charset=utf-8', wallDocument());
    else if (pathname === SCRIPT_PATH) send(response, 'text/javascript; charset=utf-8', script);
    else response.writeHead(404).end();
  });
  const port = await listen(server, host);
  return {
    url: `http://${host}:${port}/`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The page and the players it uses as one script. */
async function bundlePage(): Promise<string> {
  const entry = ['main.ts', 'main.js']
    .map((name) => fileURLToPath(new URL(`page/${name}`, import.meta.url)))
    .find((path) => existsSync(path));
  if (entry === undefined) {
    throw new HarnessError('INTERNAL', 'players/page/main is not part of this installation');
  }
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}
