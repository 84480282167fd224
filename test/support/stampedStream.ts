// Encodes a test film as an HLS ladder with the frame clock on every rung.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { filmFrames, type Stretch } from './stampedFrames.ts';

export interface TestRung {
  readonly width: number;
  readonly height: number;
  readonly videoKbps: number;
}

export interface StampedStream extends AsyncDisposable {
  /** Holds index.m3u8 (multivariant), v<rung>/index.m3u8 and segments. */
  readonly folder: string;
}

export interface StampedStreamOptions {
  readonly film: readonly Stretch[];
  readonly rungs: readonly TestRung[];
  readonly channel?: number;
  readonly segmentMs?: number;
  readonly fps?: number;
}

const SOURCE = { width: 320, height: 180 };
const ENCODE_MS_MAX = 60_000;

export async function makeStampedStream(options: StampedStreamOptions): Promise<StampedStream> {
  const folder = await mkdtemp(join(tmpdir(), 'ecran-noir-stream-'));
  const frames = filmFrames(options.film, SOURCE, { channel: options.channel ?? 1 });
  await execa('ffmpeg', argumentsOf(options), {
    cwd: folder,
    input: Readable.from(frames),
    timeout: ENCODE_MS_MAX,
  });
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function argumentsOf({ film, rungs, segmentMs = 1000, fps = 25 }: StampedStreamOptions): string[] {
  const seconds = film.reduce((sum, { frames }) => sum + frames, 0) / fps;
  const split = rungs.map((_, n) => `[s${n}]`).join('');
  const scales = rungs.map(({ width, height }, n) => `[s${n}]scale=${width}:${height}[v${n}]`);
  return [
    ['-hide_banner', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'yuv420p'],
    ['-s', `${SOURCE.width}x${SOURCE.height}`, '-r', `${fps}`, '-i', 'pipe:0'],
    ['-f', 'lavfi', '-t', `${seconds}`, '-i', 'sine=frequency=440:sample_rate=48000'],
    ['-filter_complex', [`[0:v]split=${rungs.length}${split}`, ...scales].join(';')],
    ...rungs.map((_, n) => ['-map', `[v${n}]`, '-map', '1:a']),
    ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ['-g', `${(fps * segmentMs) / 1000}`, '-keyint_min', `${(fps * segmentMs) / 1000}`],
    ['-sc_threshold', '0'],
    ...rungs.map(({ videoKbps }, n) => [
      ...[`-b:v:${n}`, `${videoKbps}k`, `-maxrate:v:${n}`, `${videoKbps}k`],
      ...[`-bufsize:v:${n}`, `${videoKbps}k`],
    ]),
    ['-c:a', 'aac', '-b:a', '64k'],
    ['-f', 'hls', '-hls_time', `${segmentMs / 1000}`, '-hls_playlist_type', 'vod'],
    ['-hls_segment_filename', 'v%v/%05d.ts', '-master_pl_name', 'index.m3u8'],
    ['-var_stream_map', rungs.map((_, n) => `v:${n},a:${n}`).join(' '), 'v%v/index.m3u8'],
  ].flat();
}
