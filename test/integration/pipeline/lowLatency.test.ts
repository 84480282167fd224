// A chain of low latency with real ffmpeg and nginx: parts are whole and listed by the rules, requests
// wait through the edge until there is what they want, and a foreign reader plays the stream.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import type { MediaSettings, OriginStage } from '../../../harness/model/scenario.ts';
import { brokenRules, readLow } from '../../support/lowLatencyRules.ts';
import {
  fetchBytes,
  fetchText,
  launchOf,
  MEDIA,
  ORIGIN,
  startBench,
  startChain,
  TOOLS,
  type Bench,
} from './chain.ts';

const LOW: MediaSettings = { ...MEDIA, container: 'cmaf', latency: 'low' };
const TRACKS = ['v0', 'v1', 'a'];

let bench: Bench;
let base = '';

beforeAll(async () => {
  bench = await startBench();
  ({ base } = await startChain(bench, { media: LOW, transcoder: { epochLocked: true } }));
  await waitFor({ ms: 30_000, what: 'playlists with parts', everyMs: 200 }, async () => {
    const texts = await Promise.all(TRACKS.map(playlistOf));
    return texts.every((text) => readLow(text).segments.length > 4) || undefined;
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

const playlistOf = async (track: string): Promise<string> =>
  (await fetchText(`${base}/${track}/index.m3u8`)) ?? '';

/** Number of the segment, and of the part in it, that a playlist does not list yet. */
const nextIn = (text: string) => partOf(readLow(text).hints[0]);

function partOf(uri = ''): { readonly segment: number; readonly part: number } {
  const [, segment, part] = /^(\d+)\.(\d+)\.m4s$/.exec(uri) ?? [];
  return { segment: Number(segment), part: Number(part) };
}

const reload = (track: string, segment: number, part: number) =>
  fetch(`${base}/${track}/index.m3u8?_HLS_msn=${segment}&_HLS_part=${part}`);

const urisIn = (text: string): string[] =>
  readLow(text).segments.flatMap(({ parts }) => parts.map(({ uri }) => uri));

describe.each(TRACKS)('%s', (track) => {
  test('keeps the rules, part after part, as long as a player waits for the next', async () => {
    let text = await playlistOf(track);
    for (let turn = 0; turn < 8; turn++) {
      const { segment, part } = nextIn(text);
      const answer = await reload(track, segment, part);
      expect(answer.status).toBe(200);
      text = await answer.text();
      expect(brokenRules(text)).toEqual([]);
      expect(urisIn(text)).toContain(`${segment}.${part}.m4s`);
    }
  });

  test('has the same bytes in parts and in segments', async () => {
    const { segments } = readLow(await playlistOf(track));
    const whole = segments.findLast(({ uri, parts }) => uri !== undefined && parts.length > 0);
    const pieces = await Promise.all(
      whole!.parts.map(({ uri }) => fetchBytes(`${base}/${track}/${uri}`)),
    );
    expect(pieces.length).toBe(3);
    expect(pieces.every((bytes) => Buffer.from(bytes).toString('latin1', 4, 8) === 'moof')).toBe(
      true,
    );
    const segment = await fetchBytes(`${base}/${track}/${whole!.uri}`);
    expect(Buffer.concat(pieces).equals(segment)).toBe(true);
  });
});

test('the part that is hinted at is given as soon as it is there', async () => {
  const [hint] = readLow(await playlistOf('v0')).hints;
  const answer = await fetch(`${base}/v0/${hint}`);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 4, 8)).toBe('moof');
  // A plain request may be answered by the playlist that the edge still keeps.
  const { segment, part } = partOf(hint);
  const listed = await reload('v0', segment, part);
  expect(urisIn(await listed.text())).toContain(hint);
});

test('an edge keeps what was waited for by what was wanted, and no refusal', async () => {
  const { segment, part } = nextIn(await playlistOf('v0'));
  const [first, far] = [await reload('v0', segment, part), await reload('v0', segment + 9, 0)];
  expect([first.status, far.status]).toEqual([200, 400]);
  const [again, farAgain] = [await reload('v0', segment, part), await reload('v0', segment + 9, 0)];
  expect(urisIn(await again.text())).toContain(`${segment}.${part}.m4s`);
  expect(farAgain.status).toBe(400);
  expect(farAgain.headers.get('x-cache-status')).not.toBe('HIT');
});

test.each(['_HLS_part=1', '_HLS_msn=x', '_HLS_msn=-4'])('%s is refused', async (query) => {
  const answer = await fetch(`${base}/v0/index.m3u8?${query}`);
  expect(answer.status).toBe(400);
});

test('a part that never was is not found, at once', async () => {
  const { segment } = nextIn(await playlistOf('v0'));
  for (const name of ['1.0', `${segment + 9}.0`])
    expect((await fetch(`${base}/v0/${name}.m4s`)).status).toBe(404);
});

test('ffmpeg plays it, pictures and sound', async () => {
  const entries = ['-show_entries', 'stream=codec_name,width', '-of', 'csv=p=0'];
  const run = promisify(execFile);
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, `${base}/index.m3u8`]);
  expect(new Set(stdout.split('\n').filter(Boolean))).toEqual(
    new Set(['h264,320', 'h264,160', 'aac']),
  );
  const frames = ['-map', '0:v:0', '-frames:v', '50', '-f', 'null', '-'];
  const args = ['-v', 'error', '-i', `${base}/index.m3u8`, ...frames];
  const { stderr } = await run(TOOLS.ffmpeg, args);
  expect(stderr).toBe('');
});

/** Segment 4 is whole, of segment 5 there is one part. */
const ENDS_IN_5_0 = `#EXTM3U
#EXT-X-TARGETDURATION:1
#EXT-X-PART-INF:PART-TARGET=0.400
#EXT-X-MEDIA-SEQUENCE:4
#EXTINF:1.000,
4-1-t1.m4s
#EXT-X-PART:DURATION=0.400,URI="5.0.m4s"
`;

describe('an origin whose uploads stopped', () => {
  const start = async (origin: Partial<OriginStage>) => {
    const stage = { ...ORIGIN, ...origin, name: `origin-${origin.whenStale}` };
    const started = await bench.runtime.start(
      launchOf(stage, undefined, LOW),
      new AbortController().signal,
    );
    const url = `http://127.0.0.1:${started.hostAddress?.port}/one/v0`;
    const put = (name: string, body: string) => fetch(`${url}/${name}`, { method: 'PUT', body });
    expect((await put('index.m3u8', ENDS_IN_5_0)).status).toBe(201);
    return { url, put, started };
  };
  const statusOf = async (url: string) => (await fetch(url)).status;

  test('gives who waits up with 503, and who asks plainly the old playlist', async () => {
    const { url } = await start({ whenStale: 'serve' });
    const statuses = await Promise.all(
      ['?_HLS_msn=5&_HLS_part=1', '?_HLS_msn=5', '', '?_HLS_msn=4'].map((query) =>
        statusOf(`${url}/index.m3u8${query}`),
      ),
    );
    expect(statuses).toEqual([503, 503, 200, 200]);
  });

  test('answers who waits as it answers everybody once the playlist is stale', async () => {
    const { url } = await start({ whenStale: '404', staleAfterMs: 1_000 });
    expect(await statusOf(`${url}/index.m3u8?_HLS_msn=5&_HLS_part=1`)).toBe(404);
  });

  test('lets requests wait that no fault in force concerns', async () => {
    const { url, put, started } = await start({ whenStale: '503' });
    await started.command?.({
      http: [{ match: { kind: 'multivariant' }, answer: { kind: 'hang' } }],
    });
    const waiting = [
      statusOf(`${url}/index.m3u8?_HLS_msn=5&_HLS_part=1`),
      statusOf(`${url}/5.1.m4s`),
    ];
    await put('5.1.m4s', 'part');
    await put('index.m3u8', `${ENDS_IN_5_0}#EXT-X-PART:DURATION=0.400,URI="5.1.m4s"\n`);
    expect(await Promise.all(waiting)).toEqual([200, 200]);
  });
});
