// Measures how many viewers a wall shows at 25 frames a second, and what that costs. Writes one
// line for each size; figures depend on what else the machine does, so its load is printed beside
// them.

import { execa } from 'execa';
import { cpus, loadavg } from 'node:os';
import { systemClock } from '../../harness/kernel/clock.ts';
import type { FramesRecord, FrameSample, Unstamped } from '../../harness/model/history.ts';
import { startMediaServer } from '../support/mediaServer.ts';
import { makeStampedStream } from '../support/stampedStream.ts';
import { descendantsOf, framesRecords, processesWith, startTestWall } from '../support/testWall.ts';

const SIZES = [12, 24];
const FILM_SECONDS = 40;
const WARM_UP_MS = 8_000;
const MEASURE_MS = 15_000;
const FPS = 25;
/** Largest gap between two frames that no viewer would call a stop. */
const GLITCH_MS = 200;

export async function main(): Promise<void> {
  await using stream = await makeStampedStream({
    film: [{ kind: 'programme', frames: FILM_SECONDS * FPS }],
    rungs: [
      { width: 320, height: 180, videoKbps: 400 },
      { width: 192, height: 108, videoKbps: 120 },
    ],
  });
  await using server = await startMediaServer(stream.folder);
  for (const size of SIZES) process.stdout.write(`${await measure(size, server.url)}\n`);
}

async function measure(size: number, url: string): Promise<string> {
  await using wall = await startTestWall({ count: size });
  await wall.join(Array.from({ length: size }, () => `${url}/index.m3u8`));
  await systemClock.sleep(WARM_UP_MS);
  const from = systemClock.epochMs();
  const before = await processorMs(wall.profileDir);
  await systemClock.sleep(MEASURE_MS);
  const after = await processorMs(wall.profileDir);
  const to = systemClock.epochMs();
  const viewers = Array.from({ length: size }, (_, n) => {
    const inside = ({ 0: at }: FrameSample) => at >= from && at < to;
    return viewerOf(wall.frames(`viewer-${n + 1}`).filter(inside), to - from);
  });
  const records = framesRecords(wall.records, 'viewer-1');
  const fps = viewers.map((viewer) => viewer.fps);
  return [
    `${size} viewers: presented fps min ${Math.min(...fps).toFixed(2)} mean ${mean(fps).toFixed(2)}`,
    `unreadable ${viewers.reduce((sum, viewer) => sum + viewer.unreadable, 0)}`,
    `gaps over ${GLITCH_MS} ms ${viewers.reduce((sum, viewer) => sum + viewer.gaps, 0)}`,
    `heartbeat late ${latest(records)} ms`,
    `browser ${percent(after.all - before.all, to - from)} of a core`,
    `renderer ${percent(after.renderer - before.renderer, to - from)}`,
    `memory ${after.memoryMb} MB`,
    `load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`,
  ].join(', ');
}

function viewerOf(frames: readonly FrameSample[], ms: number) {
  const gaps = frames.slice(1).map(([at], n) => at - (frames[n]?.[0] ?? at));
  return {
    fps: (frames.length * 1000) / ms,
    unreadable: frames.filter(([, mark]) => mark !== 0).length,
    gaps: gaps.filter((gap) => gap > GLITCH_MS).length,
  };
}

interface Processor {
  readonly all: number;
  readonly renderer: number;
  readonly memoryMb: number;
}

/** Processor time used by the browser so far, and its memory (proportional share where known). */
async function processorMs(profileDir: string): Promise<Processor> {
  const [browser] = await processesWith(`--user-data-dir=${profileDir}`);
  const pids = [browser ?? 0, ...(await descendantsOf(browser ?? 0))];
  const { stdout } = await execa('ps', ['-ww', '-o', 'times=,rss=,command=', '-p', pids.join()]);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const seconds = (list: string[][]) => list.reduce((sum, [time]) => sum + Number(time), 0);
  return {
    all: seconds(rows) * 1000,
    renderer: seconds(rows.filter((row) => row.includes('--type=renderer'))) * 1000,
    memoryMb: Math.round(rows.reduce((sum, [, rss]) => sum + Number(rss), 0) / 1024),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const latest = (records: readonly Unstamped<FramesRecord>[]): number =>
  Math.max(...records.map(({ player }) => player.lateMs));

const percent = (used: number, of: number): string => `${Math.round((100 * used) / of)} %`;
