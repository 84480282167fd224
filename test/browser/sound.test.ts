// Measures the sound of films whose every sample is known, in a real browser and with every player.

import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../harness/kernel/clock.ts';
import { lipErrors } from '../../harness/measure/sound.ts';
import { coveredMs, lengthMs } from '../../harness/measure/spans.ts';
import { growingTrack, type ViewerTrack } from '../../harness/measure/tracks.ts';
import type { FramesRecord } from '../../harness/model/history.ts';
import { stamp } from '../../harness/run/recorder.ts';
import { startMediaServer, type MediaServer } from '../support/mediaServer.ts';
import { makeStampedStream, type StampedStream } from '../support/stampedStream.ts';
import { framesRecords, startTestWall, type TestWall } from '../support/testWall.ts';

const FILM = {
  film: [{ kind: 'programme', frames: 300 }],
  rungs: [{ width: 320, height: 180, videoKbps: 200 }],
  silent: { from: 110, to: 185 },
  paused: { from: 210, to: 260 },
} as const;
const SILENT_MS = 3_000;
/** AAC smears an end over one of its blocks of 21 ms, and two pieces of 5 ms are cut. */
const SILENCE_OFF_MS = 60;
const LATE_FRAMES = 3;
/** A picture stands on the grid of paints; on a busy machine it slips by two of them, or a frame. */
const LIP_OFF_MS = 60;
const PLAYERS = ['hls.js', 'shaka', 'video.js', 'dash.js', 'hls.js'];
const VIEWERS = PLAYERS.map((player, n) => ({
  player,
  viewer: `viewer-${n + 1}`,
  apartMs: n === PLAYERS.length - 1 ? LATE_FRAMES * 40 : 0,
}));

let stream: StampedStream;
let late: StampedStream;
const servers: MediaServer[] = [];
let wall: TestWall;
let startedAtEpochMs = 0;

beforeAll(async () => {
  stream = await makeStampedStream(FILM);
  late = await makeStampedStream({ ...FILM, soundLate: LATE_FRAMES });
  const tags = ['-tag:v', 'avc1', '-tag:a', 'mp4a'];
  const dash = ['-i', 'v0/index.m3u8', '-c', 'copy', ...tags, '-f', 'dash', 'index.mpd'];
  await execa('ffmpeg', ['-v', 'error', ...dash], { cwd: stream.folder });
  servers.push(await startMediaServer(stream.folder), await startMediaServer(late.folder));
  wall = await startTestWall({ count: PLAYERS.length }, { players: PLAYERS });
  startedAtEpochMs = systemClock.epochMs();
  const urls = PLAYERS.map((player) =>
    player === 'dash.js' ? `${servers[0]!.url}/index.mpd` : `${servers[0]!.url}/index.m3u8`,
  );
  await wall.join([...urls.slice(0, -1), `${servers[1]!.url}/index.m3u8`], PLAYERS);
  for (const { viewer } of VIEWERS)
    await wall.until(`the end of ${viewer}`, () =>
      wall.frames(viewer).some(([, , counter]) => counter >= 1298),
    );
});

afterAll(async () => {
  await wall?.[Symbol.asyncDispose]();
  for (const server of servers) await server[Symbol.asyncDispose]();
  await stream?.[Symbol.asyncDispose]();
  await late?.[Symbol.asyncDispose]();
});

function track(viewer: string): ViewerTrack {
  const description = { id: viewer, channel: 'one', channelNumber: 1, player: '', control: false };
  const growing = growingTrack(description, 25);
  for (const record of framesRecords(wall.records, viewer))
    growing.record(stamp(record, startedAtEpochMs, systemClock) as FramesRecord);
  return growing.stored().unpack();
}

/** The silences of the film, without those before it began and after it ended. */
function silences(viewer: string) {
  const { sound, frames } = track(viewer);
  const [fromMs, toMs] = [frames.atMs[10] ?? 0, frames.atMs.at(-1)! - 500];
  return sound?.silent.filter((one) => one.fromMs > fromMs && one.toMs < toMs) ?? [];
}

describe.each(VIEWERS)('$viewer on $player', ({ viewer, apartMs }) => {
  it('is heard without a gap, and is silent for as long as the film, not in its pause', () => {
    expect(coveredMs(track(viewer).sound?.heard ?? [])).toBeGreaterThan(10_000);
    const lengths = silences(viewer).map(lengthMs);
    const long = lengths.filter((ms) => ms > 200);
    expect(long).toHaveLength(1);
    expect(Math.abs(long[0]! - SILENT_MS)).toBeLessThan(SILENCE_OFF_MS);
  });

  it('is as far from its picture as in the film', () => {
    const { frames, sound } = track(viewer);
    const errors = lipErrors(sound!.burstsMs, { frames, fps: 25 }).toSorted((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(5);
    expect(Math.abs(errors[errors.length >> 1]! - apartMs)).toBeLessThan(LIP_OFF_MS);
  });
});

it('is as silent as ffmpeg finds it', async () => {
  const { stderr } = await execa('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-i', join(stream.folder, 'v0/index.m3u8')],
    ...['-af', 'silencedetect=noise=-60dB:d=0.2', '-f', 'null', '-'],
  ]);
  const found = [...stderr.matchAll(/silence_duration: ([\d.]+)/g)].map(([, s]) => Number(s));
  expect(found).toHaveLength(1);
  const long = silences('viewer-1')
    .map(lengthMs)
    .filter((ms) => ms > 200);
  expect(Math.abs(long[0]! - found[0]! * 1000)).toBeLessThan(SILENCE_OFF_MS);
});
