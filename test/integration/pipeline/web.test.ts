// Origin and edge as a viewer and an uploader meet them, without any encoder.

import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { listKeeping, keptUntilEpochMs } from '../../../harness/model/cacheTimes.ts';
import { httpSend } from '../../../harness/pipeline/transcoder/httpSend.ts';
import { PROBE } from '../../../harness/model/world.ts';
import { exchange } from '../../../harness/probe/exchange.ts';
import { askStore } from '../../../harness/probe/originProbe.ts';
import type { EdgeStage, OriginStage } from '../../../harness/model/scenario.ts';
import { startPageServer } from '../../../players/pageServer.ts';
import { ask } from '../../support/strangeRequest.ts';
import { EDGE, launchOf, ORIGIN, startBench, type Bench } from './chain.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

const never = new AbortController().signal;
const CLOCKS_PART_MS = 20;
const get = (url: string, withinMs = 5_000) =>
  fetch(url, { signal: AbortSignal.timeout(withinMs) });
const put = (url: string, body: string) =>
  fetch(url, { method: 'PUT', body, signal: AbortSignal.timeout(5_000) });

describe('origin', () => {
  const start = async (options: Partial<OriginStage> = {}) => {
    const stage = await bench.runtime.start(launchOf({ ...ORIGIN, ...options }), never);
    return `http://127.0.0.1:${stage.hostAddress?.port}`;
  };

  test('serves what was put there to any page, and deletes it when asked', async () => {
    const url = `${await start()}/one/v0/1.ts`;
    expect((await put(url, 'segment')).status).toBe(201);
    const answer = await get(url);
    expect(await answer.text()).toBe('segment');
    expect(answer.headers.get('content-type')).toBe('video/mp2t');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect((await get(url)).status).toBe(404);
  });

  test('is not there under a name that an attacker can point at it, nor writable by a page', async () => {
    const url = `${await start()}/one/v0/1.ts`;
    expect((await put(url, 'segment')).status).toBe(201);
    expect(await ask(url, { host: 'example.org' })).toBe(421);
    expect(await ask(url, { host: '127.0.0.1.example.org:80' })).toBe(421);
    expect(await ask(url, { host: 'v1.viewer.internal:80' })).toBe(200);
    expect(await ask(url, { host: 'origin' })).toBe(200);
    const origin = 'http://example.org';
    expect(await ask(url, { origin }, 'DELETE')).toBe(403);
    expect(await ask(url, { origin }, 'PUT')).toBe(403);
    expect(await ask(url, { origin })).toBe(200);
    expect(await ask(url, {}, 'DELETE')).toBe(204);
  });

  test('answers the question of a witness with as many bytes as a narrow link is judged by', async () => {
    const { hostAddress } = await bench.runtime.start(launchOf(ORIGIN), never);
    const { ms, bytes } = await exchange(hostAddress!, 5_000);
    expect(ms).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(PROBE.downBytes);
  });

  test('of a run takes uploads from who has its token, and is read by anybody', async () => {
    await using guarded = await startBench(undefined, 'secret');
    const stage = await guarded.runtime.start(launchOf(ORIGIN), never);
    const at = stage.hostAddress!;
    const url = `http://127.0.0.1:${at.port}/one/v0/1.ts`;
    const authorization = 'Bearer secret';
    expect(await ask(url, {}, 'PUT')).toBe(401);
    expect(await ask(url, { authorization: 'Bearer secreter' }, 'PUT')).toBe(401);
    expect(await ask(url, { authorization }, 'PUT')).toBe(201);
    expect(await ask(url, {})).toBe(200);
    expect(await ask(url, {}, 'DELETE')).toBe(401);
    expect((await askStore({ at, withinMs: 5_000 })).status).toBe(401);
    expect((await askStore({ at, withinMs: 5_000, token: 'secret' })).status).toBe(201);
    const put = httpSend(at, 'secret', AbortSignal.timeout(5_000));
    expect(await put({ method: 'DELETE', path: '/one/v0/1.ts' }, never)).toBe(204);
  });

  for (const status of ['404', '503'] as const) {
    test(`answers ${status} for a playlist that has grown old, and serves it once it is new`, async () => {
      const base = await start({ whenStale: status, staleAfterMs: 1_500 });
      const url = `${base}/one/v0/index.m3u8`;
      await put(`${base}/one/index.m3u8`, '#EXTM3U');
      await put(url, '#EXTM3U');
      expect((await get(url)).status).toBe(200);
      await waitFor({ ms: 8_000, what: `a ${status}`, everyMs: 100 }, async () =>
        (await get(url)).status === Number(status) ? true : undefined,
      );
      // The multivariant playlist is written once and does not age.
      expect((await get(`${base}/one/index.m3u8`)).status).toBe(200);
      expect((await put(url, '#EXTM3U new')).status).toBe(204);
      const text = await waitFor({ ms: 3_000, what: 'the new playlist' }, async () => {
        const answer = await get(url);
        return answer.ok ? answer.text() : undefined;
      });
      expect(text).toBe('#EXTM3U new');
      expect(bench.notes('origin')).toEqual([
        'playlist one/v0/index.m3u8 is stale',
        'playlist one/v0/index.m3u8 is fresh again',
      ]);
    });
  }

  test('never answers for an old playlist where the design says hang', async () => {
    const url = `${await start({ whenStale: 'hang', staleAfterMs: 500 })}/one/v0/index.m3u8`;
    await put(url, '#EXTM3U');
    await waitFor({ ms: 8_000, what: 'the playlist to be stale' }, () => bench.notes('origin')[0]);
    await expect(get(url, 1_500)).rejects.toThrow(/timeout/);
    expect((await put(url, '#EXTM3U new')).status).toBe(204);
  });

  test('serves an old playlist for ever where the design says serve', async () => {
    const url = `${await start({ whenStale: 'serve', staleAfterMs: 1 })}/one/v0/index.m3u8`;
    await put(url, '#EXTM3U');
    await systemClock.sleep(600);
    expect((await get(url)).status).toBe(200);
  });
});

describe('edge', () => {
  let origin: Server;
  let answer: { status: number; body: string; delayMs: number };
  let asked: number;
  let port: number;

  beforeEach(async () => {
    answer = { status: 200, body: 'first', delayMs: 0 };
    asked = 0;
    origin = createServer((_, response) => {
      asked++;
      const { status, body, delayMs } = answer;
      setTimeout(() => {
        const second = Math.floor(systemClock.epochMs() / 1000);
        const expires = status === 200 ? { 'x-accel-expires': `@${second}` } : {};
        response.writeHead(status, expires).end(body);
      }, delayMs);
    });
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    const address = origin.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });
  afterEach(() => {
    origin.closeAllConnections();
    origin.close();
  });

  const start = async (options: Partial<EdgeStage> = {}) => {
    const launch = launchOf({ ...EDGE, ...options }, { host: '127.0.0.1', port });
    const stage = await bench.runtime.start(launch, never);
    return `http://127.0.0.1:${stage.hostAddress?.port}/one/v0`;
  };

  test('tells what players say of themselves, in the address or in headers', async () => {
    const url = `${await start()}/1.ts`;
    const host = 'v1.viewer.internal:80';
    await ask(`${url}?CMCD=bl%3D2100%2Cbs%2Csid%3D%22a%22`, { host });
    await ask(url, {
      host,
      'cmcd-request': 'bl=900',
      'cmcd-status': 'bs',
      'cmcd-session': 'sid="a"',
    });
    await ask(url, { host });
    const told = () => bench.records.filter(({ type }) => type === 'cmcd');
    await waitFor({ ms: 3_000, what: 'what was said' }, () => told().length >= 2 || undefined);
    const rest = { type: 'cmcd', stage: 'edge', host, path: '/one/v0/1.ts', status: 200 };
    expect(told()).toMatchObject([
      { ...rest, says: 'bl=2100,bs,sid="a"' },
      { ...rest, says: 'bl=900,bs,sid="a"' },
    ]);
    expect(asked).toBe(1);
  });

  test('asks the origin once for a segment and says so', async () => {
    const url = `${await start()}/1.ts`;
    expect((await get(url)).headers.get('x-cache-status')).toBe('MISS');
    const again = await get(url);
    expect(again.headers.get('x-cache-status')).toBe('HIT');
    expect(again.headers.get('access-control-allow-origin')).toBe('*');
    expect(asked).toBe(1);
    await waitFor({ ms: 3_000, what: 'the count of requests' }, () =>
      bench.stats('edge').requests === 2 ? true : undefined,
    );
  });

  test('a playlist is renewed after its short life', async () => {
    const url = `${await start({ playlistTtlMs: 500 })}/index.m3u8`;
    await get(url);
    answer.body = 'second';
    await waitFor({ ms: 4_000, what: 'the second playlist' }, async () =>
      (await (await get(url)).text()) === 'second' ? true : undefined,
    );
    expect(asked).toBeLessThan(6);
  });

  test('many viewers at once are one request to the origin', async () => {
    const url = `${await start({ collapse: true })}/2.ts`;
    answer.delayMs = 500;
    await Promise.all(Array.from({ length: 8 }, () => get(url).then((a) => a.text())));
    expect(asked).toBe(1);
  });

  test('many viewers at once are as many requests where the edge does not collapse', async () => {
    const url = `${await start({ collapse: false })}/2.ts`;
    answer.delayMs = 500;
    await Promise.all(Array.from({ length: 8 }, () => get(url).then((a) => a.text())));
    expect(asked).toBe(8);
  });

  test('keeps an error of the origin for its time, and no longer', async () => {
    const url = `${await start({ errorTtlMs: 2_000 })}/3.ts`;
    answer.status = 503;
    expect((await get(url)).status).toBe(503);
    answer.status = 200;
    expect((await get(url)).status).toBe(503);
    await waitFor({ ms: 8_000, what: 'the end of the kept error', everyMs: 200 }, async () =>
      (await get(url)).status === 200 ? true : undefined,
    );
  });

  test.each([
    ['playlist', { playlistTtlMs: 500 }, 'index.m3u8', 200],
    ['playlist', { playlistTtlMs: 3_000 }, 'index.m3u8', 200],
    ['segment', { segmentTtlMs: 2_500 }, '5.ts', 200],
    ['error', { errorTtlMs: 2_000 }, '6.ts', 503],
  ] as const)('keeps a %s exactly as long as is computed: %o', async (kind, ttl, file, status) => {
    const url = `${await start({ ...ttl, collapse: false })}/${file}`;
    answer.status = status;
    const keeping = listKeeping({ ...EDGE, ...ttl })[kind];
    const ask = async () => {
      const sentAt = systemClock.epochMs();
      const { headers } = await get(url);
      return {
        sentAt,
        cameAt: systemClock.epochMs(),
        hit: headers.get('x-cache-status') === 'HIT',
      };
    };
    const first = await ask();
    const [early, late] = [first.sentAt, first.cameAt].map((at) => keptUntilEpochMs(keeping, at));
    const seen = [];
    do seen.push(await ask());
    while (seen.at(-1)?.hit);
    // A question may meet either side of the end; the clocks of both may part by some milliseconds.
    const before = seen.filter(({ cameAt }) => cameAt < (early ?? 0) - CLOCKS_PART_MS);
    const after = seen.filter(({ sentAt }) => sentAt > (late ?? 0) + CLOCKS_PART_MS);
    expect(before.filter(({ hit }) => !hit)).toEqual([]);
    expect(after.filter(({ hit }) => hit)).toEqual([]);
    expect(seen.at(-1)?.cameAt).toBeGreaterThan((early ?? 0) - CLOCKS_PART_MS);
  });

  test('keeps no error where it is told not to', async () => {
    const url = `${await start({ errorTtlMs: 0 })}/3.ts`;
    answer.status = 404;
    expect((await get(url)).status).toBe(404);
    answer.status = 200;
    expect((await get(url)).status).toBe(200);
  });

  test('serves an old playlist while the origin fails only where it may', async () => {
    for (const staleIfError of [true, false]) {
      answer = { status: 200, body: 'old', delayMs: 0 };
      const url = `${await start({ staleIfError, collapse: false })}/index.m3u8`;
      await get(url);
      answer.status = 503;
      if (!staleIfError) {
        await waitFor({ ms: 4_000, what: 'the error to show', everyMs: 100 }, async () =>
          (await get(url)).status === 503 ? true : undefined,
        );
        continue;
      }
      const before = asked;
      await waitFor({ ms: 4_000, what: 'a failed renewal', everyMs: 100 }, async () => {
        const seen = await get(url);
        expect(seen.status).toBe(200);
        return asked > before && seen.headers.get('x-cache-status') === 'STALE' ? true : undefined;
      });
    }
  });

  test('gives up on an origin that does not answer in time', async () => {
    const url = `${await start({ originTimeoutMs: 400 })}/4.ts`;
    answer.delayMs = 3_000;
    expect((await get(url)).status).toBe(504);
  });
});

describe('a request that is no address', () => {
  test('is answered by a portal, which is not there under a foreign name', async () => {
    const portal = { ...ORIGIN, name: 'portal', role: 'portal', perSecond: 1_000 } as const;
    const stage = await bench.runtime.start(launchOf(portal), never);
    const url = `http://127.0.0.1:${stage.hostAddress?.port}`;
    expect(await ask(`${url}//`, {})).toBe(401);
    expect(await ask(`${url}/guide`, { host: 'example.org' })).toBe(421);
  });

  test('is answered by the server of the page, which outlives it', async () => {
    await using page = await startPageServer();
    const { origin } = new URL(page.url);
    expect(await ask(`${origin}//`, {})).toBe(404);
    expect(await ask(page.url, {})).toBe(200);
  });
});
