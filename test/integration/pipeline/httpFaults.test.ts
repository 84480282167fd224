// An origin and the edge before it that answer wrongly on command, and rightly again afterwards.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { StartedStage } from '../../../harness/model/world.ts';
import type { HttpAnswer } from '../../../harness/model/wrongAnswers.ts';
import type { HttpMatch } from '../../../harness/pipeline/contract.ts';
import { EDGE, launchOf, ORIGIN, startBench, type Bench } from './chain.ts';

let bench: Bench;
let origin: StartedStage;
let edge: StartedStage;
const SEGMENT = Buffer.alloc(188 * 150, 'segment.');
const playlist = (sequence: number) =>
  `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:${sequence}\n#EXT-X-DISCONTINUITY\n#EXTINF:1.0,\n${sequence}.ts\n`;

beforeAll(async () => {
  bench = await startBench();
  const never = new AbortController().signal;
  origin = await bench.runtime.start(launchOf(ORIGIN), never);
  edge = await bench.runtime.start(launchOf({ ...EDGE, playlistTtlMs: 0 }, origin.address), never);
  await put('/one/v0/index.m3u8', playlist(40));
  await put('/one/v0/40.ts', SEGMENT);
});
afterAll(() => bench[Symbol.asyncDispose]());

const urlOf = (stage: StartedStage, path: string) =>
  `http://127.0.0.1:${stage.hostAddress?.port}${path}`;
const get = (path: string, stage = origin, withinMs = 5_000) =>
  fetch(urlOf(stage, path), { signal: AbortSignal.timeout(withinMs) });
const put = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
  fetch(urlOf(origin, path), { method: 'PUT', body, signal: AbortSignal.timeout(5_000) });

/** In force when it resolves. */
async function faults(
  list: readonly { match: HttpMatch; answer: HttpAnswer }[],
  stage: StartedStage = origin,
): Promise<void> {
  const before = bench.notes(stage.instance).length;
  await stage.command?.({ http: list });
  await waitFor({ ms: 5_000, what: 'the command' }, () => bench.notes(stage.instance)[before]);
}
const fault = (kind: HttpMatch['kind'], answer: HttpAnswer, stage?: StartedStage) =>
  faults([{ match: { kind }, answer }], stage);

test('only what matches is answered wrongly, and all is well after healing', async () => {
  await fault('segment', { kind: 'status', status: 500 });
  const answer = await get('/one/v0/40.ts');
  expect(answer.status).toBe(500);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  const healthy = await get('/one/v0/index.m3u8');
  expect(await healthy.text()).toBe(playlist(40));
  expect(healthy.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
  await faults([]);
  expect(Buffer.from(await (await get('/one/v0/40.ts')).arrayBuffer())).toEqual(SEGMENT);
});

test('a fault at the edge leaves the origin alone', async () => {
  await fault('playlist', { kind: 'status', status: 404 }, edge);
  expect((await get('/one/v0/index.m3u8', edge)).status).toBe(404);
  expect((await get('/one/v0/index.m3u8')).status).toBe(200);
  const segment = await get('/one/v0/40.ts', edge);
  expect(segment.headers.get('x-cache-status')).toMatch(/MISS|HIT/);
  await faults([], edge);
  expect((await get('/one/v0/index.m3u8', edge)).status).toBe(200);
});

test('a hanging answer never comes, a slow one comes late', async () => {
  await fault('playlist', { kind: 'hang' });
  await expect(get('/one/v0/index.m3u8', origin, 1_000)).rejects.toThrow(/timeout/);
  await fault('playlist', { kind: 'slow', delayMs: 700 });
  const fromMs = systemClock.epochMs();
  expect(await (await get('/one/v0/index.m3u8')).text()).toBe(playlist(40));
  expect(systemClock.epochMs() - fromMs).toBeGreaterThan(650);
  await fault('segment', { kind: 'slow', delayMs: 0, rateKbps: 80 });
  const segmentFromMs = systemClock.epochMs();
  expect((await (await get('/one/v0/40.ts')).arrayBuffer()).byteLength).toBe(SEGMENT.length);
  // 28 200 bytes at 10 000 a second, of which the first second's worth comes at once.
  expect(systemClock.epochMs() - segmentFromMs).toBeGreaterThan(1_000);
});

test('a stale playlist stays as it was when the fault began', async () => {
  await fault('playlist', { kind: 'stale' });
  expect(await (await get('/one/v0/index.m3u8')).text()).toBe(playlist(40));
  await put('/one/v0/index.m3u8', playlist(41));
  expect(await (await get('/one/v0/index.m3u8')).text()).toBe(playlist(40));
  await faults([]);
  expect(await (await get('/one/v0/index.m3u8')).text()).toBe(playlist(41));
});

test('playlists lose their count, their discontinuities, their segments', async () => {
  await fault('playlist', { kind: 'sequenceReset' });
  expect(await (await get('/one/v0/index.m3u8')).text()).toContain('#EXT-X-MEDIA-SEQUENCE:0\n');
  await put('/one/v0/index.m3u8', playlist(42));
  expect(await (await get('/one/v0/index.m3u8')).text()).toContain('#EXT-X-MEDIA-SEQUENCE:1\n');
  await fault('playlist', { kind: 'noDiscontinuity' });
  expect(await (await get('/one/v0/index.m3u8')).text()).not.toContain('DISCONTINUITY');
  await fault('playlist', { kind: 'gap', every: 2 });
  expect(await (await get('/one/v0/index.m3u8')).text()).toContain('#EXT-X-GAP\n');
});

test('what is of media playlists leaves segments alone, also when any request is meant', async () => {
  for (const kind of ['stale', 'sequenceReset', 'noDiscontinuity'] as const) {
    await fault('any', { kind });
    expect(Buffer.from(await (await get('/one/v0/40.ts')).arrayBuffer())).toEqual(SEGMENT);
  }
  expect(await (await get('/one/v0/index.m3u8')).text()).not.toContain('DISCONTINUITY');
});

test('segments come empty, cut off or damaged', async () => {
  await fault('segment', { kind: 'empty' });
  expect((await (await get('/one/v0/40.ts')).arrayBuffer()).byteLength).toBe(0);
  await fault('segment', { kind: 'truncated', share: 0.5 });
  await expect(get('/one/v0/40.ts').then((answer) => answer.arrayBuffer())).rejects.toThrow();
  await fault('segment', { kind: 'corrupt', share: 0.5 });
  const damaged = Buffer.from(await (await get('/one/v0/40.ts')).arrayBuffer());
  expect(damaged).toHaveLength(SEGMENT.length);
  expect(damaged.equals(SEGMENT)).toBe(false);
});

test('uploads are refused as by a full disk, while viewers are served', async () => {
  await fault('upload', { kind: 'status', status: 507 });
  expect((await put('/one/v0/43.ts', SEGMENT)).status).toBe(507);
  expect((await get('/one/v0/40.ts')).status).toBe(200);
  await faults([]);
  expect((await put('/one/v0/43.ts', SEGMENT)).status).toBe(201);
});

test('uploads of one channel are refused, those of another are stored', async () => {
  const answer = { kind: 'status', status: 503 } as const;
  await faults([{ match: { kind: 'upload', channel: 'one' }, answer }]);
  expect((await put('/one/v0/44.ts', SEGMENT)).status).toBe(503);
  expect((await put('/two/v0/44.ts', SEGMENT)).status).toBe(201);
  await faults([]);
  expect(Buffer.from(await (await get('/two/v0/44.ts')).arrayBuffer())).toEqual(SEGMENT);
});

test('what the stage asks itself is not counted as a request', async () => {
  await faults([]);
  // Two reports later the requests of the tests before are in.
  await systemClock.sleep(600);
  const before = bench.stats('origin').requests ?? 0;
  await fault('playlist', { kind: 'stale' });
  await get('/one/v0/index.m3u8');
  await waitFor({ ms: 3_000, what: 'one request more' }, () =>
    (bench.stats('origin').requests ?? 0) > before ? true : undefined,
  );
  await systemClock.sleep(600);
  expect(bench.stats('origin').requests).toBe(before + 1);
});

test('a command that makes no sense changes nothing and says so', async () => {
  await faults([]);
  await origin.command?.({ http: [{ match: { kind: 'any' }, answer: { kind: 'pink' } }] });
  await waitFor({ ms: 3_000, what: 'the refusal' }, () =>
    bench.notes('origin').find((note) => note.includes('unknown answer')),
  );
  expect((await get('/one/v0/40.ts')).status).toBe(200);
});
