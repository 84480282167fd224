// Watches streams without a frame clock in a real browser: losses of known length, and what is none.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lengthMs } from '../../harness/measure/spans.ts';
import type { Report, ScreenClass } from '../../harness/model/report.ts';
import { watchStream, type StreamWishes } from '../../harness/rehearsal/watchStream.ts';
import { startMediaServer, type MediaServer } from '../support/mediaServer.ts';

const FPS = 25;
/** Two frames: the grid of paints, at both ends. */
const OFF_MS = 80;
/** Black for 50 frames, and one picture repeated 75 times behind it: with key frames in both. */
const BLACK = { from: 200, frames: 50 };
const FREEZE = { from: 325, repeated: 75 };

let folder: string;
let server: MediaServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecran-noir-watched-'));
  const dark = `drawbox=enable=between(n\\,${BLACK.from}\\,${BLACK.from + BLACK.frames - 1}):color=black:t=fill`;
  const { from, repeated } = FREEZE;
  const still = `select=not(between(n\\,${from + 1}\\,${from + repeated})),fps=${FPS}`;
  await encode('index', ['-vf', `${dark},${still}`], ['-c:v', 'libx264', '-c:a', 'aac']);
  await encode('mute', [], ['-c:v', 'libx264', '-an']);
  const hevc = ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-tag:v', 'hvc1', '-an'];
  await encode('hevc', ['-t', '4'], [...hevc, '-hls_segment_type', 'fmp4']);
  const stream = '#EXT-X-STREAM-INF:BANDWIDTH=80000,CODECS="hvc1.1.6.L60.90"';
  await writeFile(join(folder, 'named.m3u8'), `#EXTM3U\n${stream}\nhevc.m3u8\n`);
  await writeFile(join(folder, 'page.html'), '<!doctype html><html><body></body></html>');
  server = await startMediaServer(folder);
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const encode = (name: string, picture: readonly string[], codec: readonly string[]) =>
  execa(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${FPS}:d=24`],
      ...['-f', 'lavfi', '-i', 'sine=440:d=24', ...picture, '-t', '20', ...codec],
      ...['-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', `${2 * FPS}`, '-sc_threshold', '0'],
      ...['-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod'],
      ...['-hls_fmp4_init_filename', `${name}.mp4`, `${name}.m3u8`],
    ],
    { cwd: folder, timeout: 60_000 },
  );

const watched = (wishes: Partial<StreamWishes> & { readonly url: string }) =>
  watchStream({ forMs: 2_000, out: join(folder, 'runs'), ...wishes }, new AbortController().signal);

const spansOf = ({ lanes }: Report, wanted: ScreenClass): readonly number[] =>
  lanes
    .flatMap((lane) => (lane.kind === 'viewer' ? lane.spans : []))
    .filter((span) => span.class === wanted)
    .map(lengthMs);

const rules = ({ findings }: Report) => findings.map(({ rule }) => rule);

describe('a stream without a frame clock', () => {
  it('is black and stands still for as long as its film, and says what it cannot tell', async () => {
    const { report } = await watched({
      url: `${server.url}/index.m3u8`,
      forMs: 18_500,
      expect: ['max(blackScreen) <= 1s'],
    });
    const [black = 0, ...moreBlack] = spansOf(report, 'black');
    expect(Math.abs(black - (BLACK.frames * 1000) / FPS)).toBeLessThanOrEqual(OFF_MS);
    expect(moreBlack).toEqual([]);
    const [frozen = 0, ...moreFrozen] = spansOf(report, 'frozen');
    expect(Math.abs(frozen - (FREEZE.repeated * 1000) / FPS)).toBeLessThanOrEqual(OFF_MS);
    expect(moreFrozen).toEqual([]);
    expect(rules(report)).toEqual(['watched-alone', 'without-clock']);
    expect(report.viewers[0]?.latencyMs).toBeUndefined();
    expect(report.verdict).toBe('fail');
  });

  it('is stalled from the last picture that its server answered with', async () => {
    server.answer = (path) => (/index[4-9]\.ts$/.test(path) ? 'hang' : 'serve');
    const { report } = await watched({ url: `${server.url}/index.m3u8`, forMs: 12_000 });
    server.answer = () => 'serve';
    const [stalled = 0] = spansOf(report, 'stalled');
    expect(stalled).toBeGreaterThan(3_000);
    expect(report.viewers[0]?.ledger.programme).toBeGreaterThan(7_000);
    expect(report.viewers[0]?.ledger.programme).toBeLessThanOrEqual(8_000 + OFF_MS);
  });

  it('may have no sound, which is said', async () => {
    const { report } = await watched({ url: `${server.url}/mute.m3u8` });
    expect(rules(report)).toContain('no-sound');
    expect(report.verdict).toBe('pass');
  });

  it('in a codec that the browser lacks is none, named by its playlist or not', async () => {
    const named = await watched({ url: `${server.url}/named.m3u8` });
    expect(named.end.error).toMatchObject({
      code: 'STREAM_UNFIT',
      message: 'this browser cannot decode any rendition of the stream: hvc1.1.6.L60.90',
    });
    const unnamed = await watched({ url: `${server.url}/hevc.m3u8` });
    expect(unnamed.end.error).toMatchObject({ code: 'STREAM_UNFIT', exitCode: 69 });
    expect(unnamed.end.error?.message).toContain('this browser lacks its codec');
  });
});

describe('what is no stream is refused before a browser starts', () => {
  it.each([
    ['page.html', /answers a page \(.*\), no playlist of HLS or manifest of DASH$/],
    ['nowhere.m3u8', /nowhere\.m3u8 answers 404$/],
    ['index0.ts', /answers no playlist of HLS or manifest of DASH \(video\/mp2t\)$/],
  ])('%s', async (path, message) => {
    await expect(watched({ url: `${server.url}/${path}` })).rejects.toMatchObject({
      code: 'STREAM_UNFIT',
      message: expect.stringMatching(message) as string,
    });
  });
});
