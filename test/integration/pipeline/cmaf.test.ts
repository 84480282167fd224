// A chain of CMAF with real ffmpeg and nginx: a foreign reader gets the same pictures by HLS and DASH.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { frameBytes, readClock } from '../../../harness/pipeline/picture.ts';
import {
  fetchBytes,
  fetchText,
  MEDIA,
  startBench,
  startChain,
  TOOLS,
  type Bench,
} from './chain.ts';

let bench: Bench;
let base = '';

beforeAll(async () => {
  bench = await startBench();
  const media = { ...MEDIA, container: 'cmaf' } as const;
  ({ base } = await startChain(bench, { media, transcoder: { epochLocked: true } }));
  await waitFor({ ms: 30_000, what: 'a DASH manifest', everyMs: 200 }, async () => {
    const text = await fetchText(`${base}/index.mpd`);
    return (text?.match(/<S /g)?.length ?? 0) >= 12 || undefined;
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

const run = promisify(execFile);

/** Frame-clock counters of a second of pictures, as ffmpeg decodes them. */
async function countersOf(url: string): Promise<number[]> {
  const args = ['-v', 'error', '-i', url, '-map', '0:v:0', '-frames:v', '25'];
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'];
  const { stdout } = await run(TOOLS.ffmpeg, [...args, ...raw], {
    encoding: 'buffer',
    maxBuffer: 2 ** 28,
  });
  const size = frameBytes(MEDIA);
  return Array.from({ length: stdout.length / size }, (_, i) => {
    const picture = stdout.subarray(i * size, (i + 1) * size);
    return readClock(picture, MEDIA)?.counter ?? -1;
  });
}

test.each(['index.m3u8', 'index.mpd'])('ffmpeg plays %s, pictures and sound', async (manifest) => {
  const url = `${base}/${manifest}`;
  const entries = ['-show_entries', 'stream=codec_name,width', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, url]);
  expect(new Set(stdout.split('\n').filter(Boolean))).toEqual(
    new Set(['h264,320', 'h264,160', 'aac']),
  );
  const counters = await countersOf(url);
  expect(counters).toHaveLength(25);
  expect(counters[0]).toBeGreaterThan(0);
  // A busy machine may repeat a picture; the clock never goes back.
  const steps = counters.slice(1).map((counter, i) => counter - counters[i]!);
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
  expect(counters.at(-1)).toBeGreaterThan(counters[0]!);
});

test('a segment is the same file by its name in HLS and in DASH', async () => {
  const playlist = (await fetchText(`${base}/v0/index.m3u8`)) ?? '';
  const [name, time] = /^\d+-\d+-(t\d+\.m4s)$/m.exec(playlist) ?? [];
  const [dash, hls] = await Promise.all(
    [time, name].map((file) => fetchText(`${base}/v0/${file}`)),
  );
  expect(dash?.length).toBeGreaterThan(1_000);
  expect(hls).toBe(dash);
  // It begins when PROGRAM-DATE-TIME says.
  const [, date] = new RegExp(`DATE-TIME:(\\S+)\\n#EXTINF:\\S+\\n${name}`).exec(playlist) ?? [];
  expect(`t${Date.parse(date!)}.m4s`).toBe(time);
});

/** The types of the boxes of a file, which end where it ends. */
function boxesIn(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const types: string[] = [];
  let at = 0;
  for (; at + 8 <= bytes.length; at += view.getUint32(at))
    types.push(String.fromCharCode(...bytes.subarray(at + 4, at + 8)));
  expect(at).toBe(bytes.length);
  return types;
}

// The encoder names a segment in its list: it must be on disk as a whole then.
test.each(['v0', 'v1', 'a'])('every segment of %s is whole', async (track) => {
  const playlist = (await fetchText(`${base}/${track}/index.m3u8`)) ?? '';
  const names = playlist.split('\n').filter((line) => line.endsWith('.m4s'));
  expect(names.length).toBeGreaterThan(3);
  for (const name of names)
    expect(boxesIn(await fetchBytes(`${base}/${track}/${name}`)).slice(-2)).toEqual([
      'moof',
      'mdat',
    ]);
});
