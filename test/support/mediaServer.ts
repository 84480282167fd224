// Serves a folder over HTTP with CORS, and lets a test decide what each request gets.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

/** The answer to a request; `hang` never answers. */
export type Answer = 'serve' | 'hang' | number;

export interface MediaServer extends AsyncDisposable {
  readonly url: string;
  /** Called with the path of every request; 'serve' unless a test says otherwise. */
  answer: (path: string) => Answer;
  /** Paths asked for, in order. */
  readonly requests: string[];
  /** Host headers seen. */
  readonly hosts: Set<string>;
}

const TYPES: Readonly<Record<string, string>> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mpd: 'application/dash+xml',
  ts: 'video/mp2t',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
};

export async function startMediaServer(folder: string): Promise<MediaServer> {
  const requests: string[] = [];
  const hosts = new Set<string>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://media');
    requests.push(pathname);
    hosts.add(request.headers.host ?? '');
    response.setHeader('access-control-allow-origin', '*');
    const answer = media.answer(pathname);
    if (answer === 'hang') return;
    if (answer === 'serve') void sendFile(join(folder, normalize(pathname)), response);
    else response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const media: MediaServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: () => 'serve',
    requests,
    hosts,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return media;
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const size = await stat(path).then(
    (file) => file.size,
    () => undefined,
  );
  if (size === undefined) {
    response.writeHead(404).end();
    return;
  }
  const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  response.writeHead(200, {
    'content-type': type,
    'content-length': size,
    'cache-control': 'max-age=3600',
  });
  createReadStream(path).pipe(response);
}
