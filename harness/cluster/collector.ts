// Takes the results of shards that share no folder with this machine: each delivers the files of its
// folder by PUT, with the token of this suite.

import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../kernel/makeFolders.ts';
import { isSameSecret } from '../kernel/requestGuard.ts';
import { freshToken, tokenHeader } from '../kernel/token.ts';
import { refused, type Collecting } from './cluster.ts';

export interface Collector extends Collecting, AsyncDisposable {}

/** `at` is the URL by which shards reach this machine; undefined: the first of its addresses. */
export async function openCollector(dir: string, shards: number, at?: string): Promise<Collector> {
  const token = freshToken();
  const server = createServer((request, response) => {
    const known = isSameSecret(request.headers.authorization, tokenHeader(token)['authorization']!);
    const path = request.method === 'PUT' ? readPath(request.url, shards) : undefined;
    if (!known || path === undefined) return void response.writeHead(known ? 400 : 401).end();
    takeFile(request, join(dir, path)).then(
      () => response.writeHead(201).end(),
      () => response.writeHead(500).end(),
    );
  });
  const url = new URL(at ?? `http://${findOwnAddress()}:0`);
  // The URL parser leaves out the port of plain HTTP.
  const port = url.port === '' ? 80 : Number(url.port);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(port, error)));
    server.listen(port, resolve);
  });
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.origin,
    token,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const cannotListen = (port: number, error: Error) =>
  refused(
    `cannot listen for results on port ${port}: ${error.message}`,
    'name another port of this machine that shards reach: --collect-at http://HOST:PORT',
    error,
  );

/** The folder of a shard, then names that begin with no dot; undefined for everything else. */
function readPath(url = '', shards: number): string | undefined {
  try {
    const path = decodeURIComponent(url);
    const index = /^\/([1-9]\d{0,3})(?:\/[^/\\.\0][^/\\\0]*)+$/.exec(path)?.[1];
    return index !== undefined && Number(index) <= shards ? path : undefined;
  } catch {
    return undefined;
  }
}

async function takeFile(request: IncomingMessage, file: string): Promise<void> {
  await makeFolders(dirname(file));
  await pipeline(request, createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
}

const findOwnAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
