// Tests players and the application around them when the media does not come.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sumText } from '../../../harness/model/alertStrip.ts';
import { alertsTag } from '../../../harness/model/id3.ts';
import { createTagger } from '../../../harness/pipeline/transcoder/timedMetadata.ts';
import { pagePlayers, PLAYERS, takesDash } from '../../../players/registry.ts';
import { startMediaServer, type MediaServer } from '../../support/mediaServer.ts';
import { makeStampedStream, type StampedStream } from '../../support/stampedStream.ts';
import { framesRecords, startTestWall, type TestWall } from '../../support/testWall.ts';

const ALERT = { number: 513, revision: 2, exercise: true, textSum: 1717 };
/** In every segment as an ID3 tag. */
const TIMED = { number: 7, revision: 1, exercise: false, text: 'Restez chez vous', id: 'timed' };
const READ_TIMED = ['hls.js', 'shaka', 'video.js'];

let stream: StampedStream;
let server: MediaServer;
let wall: TestWall | undefined;

beforeAll(async () => {
  stream = await makeStampedStream({
    film: [{ kind: 'programme', frames: 500, alert: ALERT }],
    rungs: [{ width: 320, height: 180, videoKbps: 200 }],
  });
  const tags = ['-tag:v', 'avc1', '-tag:a', 'mp4a'];
  const dash = ['-i', 'v0/index.m3u8', '-c', 'copy', ...tags, '-f', 'dash', 'index.mpd'];
  await execa('ffmpeg', ['-v', 'error', ...dash], { cwd: stream.folder });
  await tagSegments(join(stream.folder, 'v0'));
  server = await startMediaServer(stream.folder);
});

async function tagSegments(folder: string): Promise<void> {
  const put = createTagger({});
  const tag = alertsTag([{ ...TIMED, issuedEpochMs: 0 }]);
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.ts')).toSorted()) {
    const file = join(folder, name);
    await writeFile(file, put(tag, { body: await readFile(file), track: 0, startS: 0 }));
  }
}

afterEach(async () => {
  server.answer = () => 'serve';
  await wall?.[Symbol.asyncDispose]();
  wall = undefined;
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await stream?.[Symbol.asyncDispose]();
});

/** A player that gives up on a segment at the first error, so that tests need not wait for it. */
const IMPATIENT = {
  fragLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: 5_000,
      maxLoadTimeMs: 5_000,
      timeoutRetry: null,
      errorRetry: null,
    },
  },
};

/** Segments from the fourth on. */
const isLateSegment = (path: string): boolean => Number(/(\d+)\.ts$/.exec(path)?.[1] ?? 0) >= 3;

it('reloads after a fatal error when the policy says so, and shows the programme again', async () => {
  server.answer = (path) => (isLateSegment(path) ? 404 : 'serve');
  const one = (wall = await startTestWall({
    policy: { onFatal: 'reload', delayMs: 200, jitterMs: 300 },
    config: IMPATIENT,
  }));
  await one.join([`${server.url}/index.m3u8?token=secret`]);
  await one.until('a fatal error', () => one.events('viewer-1').includes('fatal'));
  server.answer = () => 'serve';
  await one.until('the reload', () => one.events('viewer-1').includes('reload'));
  const seen = one.frames('viewer-1').length;
  await one.until('frames after the reload', () => one.frames('viewer-1').length > seen + 50);
  expect(one.events('viewer-1')[0]).toBe('join');
  expect(detailOf(one, 'fatal')).toMatch(/^fragLoadError 404/);
  const fatal = one.records.find((r) => r.type === 'viewer' && r.event === 'fatal');
  expect(fatal).toMatchObject({
    error: {
      type: 'networkError',
      details: 'fragLoadError',
      status: 404,
      url: expect.stringMatching(/^http:\/\/viewer-1\.viewer\.internal:\d+\/[^?]*3\.ts$/) as string,
    },
  });
});

it('goes on with the same player when the policy is startLoad', async () => {
  server.answer = (path) => (isLateSegment(path) ? 404 : 'serve');
  const one = (wall = await startTestWall({
    policy: { onFatal: 'startLoad', delayMs: 200, jitterMs: 0 },
    config: IMPATIENT,
  }));
  await one.join([`${server.url}/index.m3u8`]);
  await one.until('a fatal error', () => one.events('viewer-1').includes('fatal'));
  server.answer = () => 'serve';
  await one.until('frames past those that were missing', () =>
    one.frames('viewer-1').some(([, , counter]) => counter > 1000 + 150),
  );
  expect(one.events('viewer-1')).toContain('startLoad');
  expect(one.events('viewer-1')).not.toContain('reload');
});

it('starts once the multivariant playlist can be had, by startLoad alone', async () => {
  server.answer = () => 503;
  const one = (wall = await startTestWall({
    policy: { onFatal: 'startLoad', delayMs: 200, jitterMs: 0 },
  }));
  await one.join([`${server.url}/index.m3u8`]);
  await one.until('a fatal error', () => one.events('viewer-1').includes('fatal'));
  server.answer = () => 'serve';
  await one.until('frames', () => one.frames('viewer-1').length > 25);
});

it('says that a starved player cannot play', async () => {
  server.answer = (path) => (isLateSegment(path) ? 'hang' : 'serve');
  const one = (wall = await startTestWall());
  await one.join([`${server.url}/index.m3u8`]);
  await one.until('waiting for media', () => one.events('viewer-1').includes('waiting'));
  const starved = await one.until('a record of a starved player', () => {
    const last = framesRecords(one.records, 'viewer-1').at(-1);
    return last?.frames.length === 0 && last;
  });
  expect(starved.player.canPlay).toBe(false);
  expect(starved.player.bufferedMs).toBeLessThan(200);
});

it('gives every viewer connections and a cache of its own', async () => {
  server.answer = (path) => (isLateSegment(path) ? 'hang' : 'serve');
  server.requests.length = 0;
  const one = (wall = await startTestWall({ count: 8 }));
  await one.join(Array.from({ length: 8 }, () => `${server.url}/index.m3u8`));
  const asked = (segment: string) =>
    server.requests.filter((path) => path.endsWith(segment)).length;
  // One host would get six connections, and one request for a file that may be cached.
  await one.until('eight requests for a segment that is never answered', () => asked('3.ts') >= 8);
  expect(asked('1.ts')).toBeGreaterThanOrEqual(8);
});

const detailOf = (one: TestWall, event: string): string | undefined =>
  one.records
    .flatMap((r) => (r.type === 'viewer' && r.event === event ? [r.detail ?? ''] : []))
    .at(0);

it('runs no code that a setting carries, also when it gets past the check of scenarios', async () => {
  const call = `fetch(${JSON.stringify(`${server.url}/stranger`)})`;
  const one = (wall = await startTestWall({
    config: { enableWorker: true, workerPath: `data:text/javascript,${call}` },
  }));
  await one.join([`${server.url}/index.m3u8`]);
  await one.until('frames', () => one.frames('viewer-1').length > 25);
  expect(server.requests).not.toContain('/stranger');
});

const EVERY_PLAYER = Object.keys(pagePlayers(Object.keys(PLAYERS)));

it('shows every player side by side; each gives up on a missing playlist and comes back by the policy', async () => {
  server.answer = () => 404;
  const one = (wall = await startTestWall(
    { count: EVERY_PLAYER.length, policy: { onFatal: 'reload', delayMs: 500, jitterMs: 0 } },
    { players: EVERY_PLAYER },
  ));
  const viewers = EVERY_PLAYER.map((_, n) => `viewer-${n + 1}`);
  await one.join(
    EVERY_PLAYER.map((name) => `${server.url}/index.${takesDash(name) ? 'mpd' : 'm3u8'}`),
    EVERY_PLAYER,
  );
  for (const viewer of viewers)
    await one.until(`${viewer} gives up`, () => one.events(viewer).includes('fatal'));
  server.answer = () => 'serve';
  for (const viewer of viewers) {
    await one.until(`frames of ${viewer}`, () => one.frames(viewer).length > 50);
    const counters = one.frames(viewer).map(([, , counter]) => counter);
    expect(counters.filter((counter) => counter >= 1000).length).toBeGreaterThan(45);
    expect(one.events(viewer)).toContain('reload');
    expect(one.records).toContainEqual(
      expect.objectContaining({ viewer, event: 'alert', alert: { ...ALERT, by: 'picture' } }),
    );
    const { number, revision, exercise, text } = TIMED;
    const timed = { number, revision, exercise, textSum: sumText(text), by: 'application' };
    const told = expect.objectContaining({ viewer, event: 'alert', alert: timed }) as object;
    const isRead = READ_TIMED.includes(EVERY_PLAYER[viewers.indexOf(viewer)]!);
    if (isRead) expect(one.records).toContainEqual(told);
    else expect(one.records).not.toContainEqual(told);
  }
  const tools = one.records.flatMap((r) => (r.type === 'environment' ? [r.tools] : []))[0];
  expect(Object.keys(tools ?? {})).toEqual(EVERY_PLAYER);
});
