// A transcoder whose origin goes away and comes back.

import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { launchOf, PLAYOUT, startBench, TRANSCODER, type Bench } from './chain.ts';

let bench: Bench;
let origin: Server | undefined;
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  origin?.closeAllConnections();
  origin?.close();
});

test('what could not be uploaded in time becomes a gap, and uploading goes on by itself', async () => {
  bench = await startBench();
  const signal = new AbortController().signal;
  let mode: 'take' | 'hang' = 'take';
  let playlist = '';
  let sockets = 0;
  origin = createServer((request, response) => {
    if (mode === 'hang') return;
    let body = '';
    request.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      if (request.url === '/one/v0/index.m3u8') playlist = body;
      response.writeHead(201).end();
    });
  }).on('connection', () => sockets++);
  await new Promise<void>((resolve) => origin?.listen(0, '127.0.0.1', resolve));
  const address = origin.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const upload = { timeoutMs: 500, retries: 1, retryDelayMs: 100, maxAgeMs: 4_000 };
  const transcoder = await bench.runtime.start(
    launchOf({ ...TRANSCODER, upload }, { host: '127.0.0.1', port }),
    signal,
  );
  await bench.runtime.start(launchOf(PLAYOUT, transcoder.address), signal);
  await waitFor({ ms: 20_000, what: 'a playlist' }, () => playlist.match(/\.ts/g)?.[1]);
  // One kept-alive connection for each of the two rungs.
  expect(sockets).toBe(2);

  mode = 'hang';
  await waitFor({ ms: 20_000, what: 'dropped segments' }, () =>
    (bench.stats('transcoder').segmentsDropped ?? 0) >= 2 ? true : undefined,
  );
  expect(bench.stats('transcoder').uploadErrors).toBeGreaterThan(2);
  expect(bench.stats('transcoder').fill).toBe('none');

  mode = 'take';
  const text = await waitFor({ ms: 10_000, what: 'a playlist with a gap' }, () =>
    /#EXT-X-GAP\n#EXTINF.*\n.*\n(.*\n)*.*\.ts/.test(playlist) ? playlist : undefined,
  );
  expect(text.trimEnd().split('\n').at(-2)).not.toBe('#EXT-X-GAP');
});
