// Encodes a test film as an HLS ladder with the frame clock on every rung.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { audioBytes } from '../../harness/pipeline/pace.ts';
import { stampSound } from '../../harness/pipeline/playout/soundClock.ts';
import { FIRST_COUNTER, filmFrames, type Stretch } from './stampedFrames.ts';

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
  /** Frames without sound. */
  readonly silent?: { readonly from: number; readonly to: number };
  /** Frames in which the programme itself makes no sound. */
  readonly paused?: { readonly from: number; readonly to: number };
  /** The sound comes so many frames after its picture. */
  readonly soundLate?: number;
}

const SOURCE = { width: 320, height: 180 };
const SOUND = 'sound.raw';
const ENCODE_MS_MAX = 60_000;

export async function makeStampedStream(options: StampedStreamOptions): Promise<StampedStream> {
  const folder = await mkdtemp(join(tmpdir(), 'ecran-noir-stream-'));
  const frames = filmFrames(options.film, SOURCE, { channel: options.channel ?? 1 });
  await writeFile(join(folder, SOUND), soundOfFilm(options));
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

/** A tone, with what every playout adds to its sound. */
function soundOfFilm({
  film,
  fps = 25,
  silent,
  paused,
  soundLate = 0,
}: StampedStreamOptions): Buffer {
  const frames = film.reduce((sum, one) => sum + one.frames, 0);
  let tone = 0;
  const pieces = Array.from({ length: frames }, (_, frame) => {
    const piece = Buffer.alloc(audioBytes(frame, fps));
    const isIn = (frames?: typeof silent) => frames && frame >= frames.from && frame < frames.to;
    if (isIn(silent)) return piece;
    const loud = isIn(paused) ? 0 : 4000;
    for (let at = 0; at < piece.length; at += 2)
      piece.writeInt16LE(Math.round(loud * Math.sin((2 * Math.PI * 440 * tone++) / 48_000)), at);
    stampSound(piece, FIRST_COUNTER + 1 + frame - soundLate, fps);
    return piece;
  });
  return Buffer.concat(pieces);
}

function argumentsOf({ rungs, segmentMs = 1000, fps = 25 }: StampedStreamOptions): string[] {
  const split = rungs.map((_, n) => `[s${n}]`).join('');
  const scales = rungs.map(({ width, height }, n) => `[s${n}]scale=${width}:${height}[v${n}]`);
  return [
    ['-hide_banner', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'yuv420p'],
    ['-s', `${SOURCE.width}x${SOURCE.height}`, '-r', `${fps}`, '-i', 'pipe:0'],
    ['-f', 's16le', '-ar', '48000', '-ac', '1', '-i', SOUND],
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
