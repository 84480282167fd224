// Faults of the programme itself: the chain is healthy, what it carries is not. One chain, one
// fault after another, each seen in the segments that the edge serves.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../harness/kernel/clock.ts';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import { askDates, askStore } from '../../../harness/probe/originProbe.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import {
  fetchFrames,
  launchOf,
  MEDIA,
  PLAYOUT,
  playlistWith,
  segmentsIn,
  startBench,
  startChain,
  TOOLS,
  type Bench,
  type SeenFrame,
} from './chain.ts';

const SIZE = { width: 320, height: 180 };
let bench: Bench;
let chain: Awaited<ReturnType<typeof startChain>>;

beforeAll(async () => {
  bench = await startBench();
  chain = await startChain(bench);
  await playlistWith(`${chain.base}/v0/index.m3u8`, 1);
});
afterAll(() => bench[Symbol.asyncDispose]());

const content = (command: Record<string, unknown>) => chain.playout.command?.(command);

/** Waits for a segment with such a name all of whose frames are as wanted. */
const segmentOf = (
  what: string,
  wanted: (frame: SeenFrame, i: number, all: SeenFrame[]) => boolean,
  named = /./,
) =>
  waitFor({ ms: 20_000, what: `a segment of ${what}`, everyMs: 400 }, async () => {
    const playlist = await playlistWith(`${chain.base}/v0/index.m3u8`, 1);
    const name = segmentsIn(playlist).findLast((one) => named.test(one));
    const frames = name ? await fetchFrames(`${chain.base}/v0/${name}`, SIZE) : [];
    return name && frames.length > 0 && frames.every(wanted) ? { name, frames } : undefined;
  });

/** The programme as it is from now on. */
const programme = () => {
  const since = counterAt(systemClock.epochMs(), MEDIA.fps);
  return segmentOf('the programme', ({ clock }, i, all) => {
    const before = all[i - 1]?.clock?.counter ?? since;
    return clock?.channel === 1 && !clock.slate && clock.counter >= before;
  });
};

test('black at the source is encoded and served like any picture', async () => {
  await content({ content: 'black' });
  // Its name has no counter: there is no picture of the programme in it.
  await segmentOf('black', ({ clock, luma }) => !clock && luma < 20, /^\d+\.ts$/);
  expect(bench.stats('transcoder').fill).toBe('none');
  const stopped = bench.stats('playout').programmeCounter;
  await content({ content: 'programme' });
  await programme();
  expect(bench.stats('playout').programmeCounter).toBeGreaterThan(stopped ?? 0);
});

test('a frozen programme carries one counter', async () => {
  await content({ content: 'frozen' });
  await segmentOf(
    'one frame',
    ({ clock }, _, all) => clock?.counter === all[0]?.clock?.counter && !!clock,
  );
  await content({ content: 'programme' });
  await programme();
});

test('a wrong channel shows its own number', async () => {
  await content({ content: 'wrongChannel' });
  await segmentOf('channel 2', ({ clock }) => clock?.channel === 2);
  await content({ content: 'programme' });
  await programme();
});

test('a silent programme has picture and no sound', async () => {
  expect(await peakOf((await programme()).name)).toBeGreaterThan(1_000);
  await content({ content: 'silent' });
  await waitFor({ ms: 20_000, what: 'silence', everyMs: 500 }, async () =>
    (await peakOf((await programme()).name)) < 50 ? true : undefined,
  );
  await content({ content: 'programme' });
});

/** Gives the time by which the time stamps that arrive are ahead of the wall clock. */
const aheadMs = async (): Promise<number> => {
  const before = bench.stats('transcoder').contribution?.ptsMs;
  return waitFor({ ms: 5_000, what: 'a newer time stamp', everyMs: 20 }, () => {
    const { ptsMs } = bench.stats('transcoder').contribution ?? {};
    return ptsMs === undefined || ptsMs === before ? undefined : ptsMs - systemClock.epochMs();
  });
};

const JUMP_MS = 3_600_000;

test('time stamps jump by an hour and back, and the transcoder carries on', async () => {
  const before = await aheadMs();
  await content({ content: 'timestampJump', byMs: JUMP_MS });
  await onceEncoderChanged();
  expect(Math.abs((await aheadMs()) - before - JUMP_MS)).toBeLessThan(1_500);
  await programme();
  await content({ content: 'programme' });
  await onceEncoderChanged();
  expect(Math.abs((await aheadMs()) - before)).toBeLessThan(1_500);
  await programme();
});

/** The transcoder's word for what arrives, once it is so. */
const arrives = (what: Readonly<Record<string, unknown>>) =>
  waitFor({ ms: 10_000, what: `${JSON.stringify(what)} at the transcoder` }, () => {
    const seen: Readonly<Record<string, unknown>> = { ...bench.stats('transcoder').contribution };
    return Object.entries(what).every(([key, value]) => seen[key] === value) ? true : undefined;
  });

test('the picture arrives in another size, its time stamps going on, and is shown', async () => {
  const before = await aheadMs();
  await arrives({ codec: 'h264', width: 320, height: 180 });
  await content({ content: 'resolution', width: 160, height: 90 });
  await arrives({ codec: 'h264', width: 160, height: 90 });
  expect(Math.abs((await aheadMs()) - before)).toBeLessThan(1_500);
  await programme();
  await content({ content: 'programme' });
  await arrives({ width: 320, height: 180 });
  await programme();
});

test('a change of codec is an input loss for a decoder that expected the other', async () => {
  await content({ content: 'codec', codec: 'mpeg2video' });
  await arrives({ codec: 'mpeg2', width: 320, height: 180 });
  await waitFor({ ms: 10_000, what: 'the slate' }, () =>
    bench.stats('transcoder').fill === 'slate' ? true : undefined,
  );
  await content({ content: 'programme' });
  await arrives({ codec: 'h264' });
  await programme();
});

test('the clock of the playlist can be made wrong, and our own question sees by how much', async () => {
  const at = chain.origin.hostAddress!;
  const step = async () =>
    (await askDates({ at, withinMs: 2_000 }, 'one')).dateStepsMs?.findLast(
      (ms) => Math.abs(ms) > 100,
    );
  for (const [clockSkewMs, stepMs] of [
    [-3_600_000, -3_600_000],
    [0, 3_600_000],
  ]) {
    await chain.transcoder.command?.({ clockSkewMs });
    await waitFor({ ms: 15_000, what: `a step of ${stepMs} ms`, everyMs: 300 }, async () =>
      Math.abs(((await step()) ?? 0) - stepMs!) < 300 ? true : undefined,
    );
  }
});

test('a full disk refuses uploads and serves what it has, until there is room', async () => {
  const at = chain.origin.hostAddress!;
  const stored = async () => (await askStore({ at, withinMs: 2_000 })).status;
  const playlist = `http://127.0.0.1:${at.port}/one/v0/index.m3u8`;
  expect(await stored()).toBe(201);
  await chain.origin.command?.({ disk: 'full' });
  await waitFor({ ms: 5_000, what: '507', everyMs: 50 }, async () =>
    (await stored()) === 507 ? true : undefined,
  );
  const errors = bench.stats('transcoder').uploadErrors ?? 0;
  const before = await (await fetch(playlist)).text();
  await waitFor({ ms: 8_000, what: 'uploads to fail' }, () =>
    (bench.stats('transcoder').uploadErrors ?? 0) > errors + 2 ? true : undefined,
  );
  expect(await (await fetch(playlist)).text()).toBe(before);
  const gone = `http://127.0.0.1:${at.port}/one/v0/${segmentsIn(before)[0]}`;
  expect((await fetch(gone, { method: 'DELETE' })).status).toBe(204);
  await chain.origin.command?.({ disk: 'free' });
  await programme();
  expect(await stored()).toBe(201);
});

test('a film of another shape is looped as the programme', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'ecran-noir-test-'));
  const path = join(dir, 'a film.mp4');
  const film = 'testsrc=size=200x200:rate=30';
  await run(['-f', 'lavfi', '-i', film, '-t', '1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path]);
  await chain.playout.stop();
  const stage = { ...PLAYOUT, source: { kind: 'file', path } } as const;
  const launch = { ...launchOf(stage, chain.transcoder.address), instance: 'film' };
  await bench.runtime.start(launch, new AbortController().signal);
  await waitFor({ ms: 10_000, what: 'longer than the film' }, () =>
    (bench.stats('film').framesIn ?? 0) > 60 ? true : undefined,
  );
  await programme();
  expect(bench.stats('film').framesFilled).toBeLessThan(10);
  await rm(dir, { recursive: true });
});

/** The contribution encoder was replaced and its first pictures are through. */
async function onceEncoderChanged(): Promise<void> {
  const before = bench.stats('transcoder').framesIn ?? 0;
  await waitFor({ ms: 10_000, what: 'decoded frames' }, () =>
    (bench.stats('transcoder').framesIn ?? 0) > before + 75 ? true : undefined,
  );
}

function run(args: readonly string[]): Promise<unknown> {
  const ffmpeg = spawn(TOOLS.ffmpeg, ['-v', 'error', '-nostdin', ...args], { stdio: 'inherit' });
  return new Promise((resolve) => ffmpeg.once('close', resolve));
}

/** Largest sample of a segment's sound. */
async function peakOf(name: string): Promise<number> {
  const url = `${chain.base}/v0/${name}`;
  const args = ['-v', 'error', '-nostdin', '-i', url, '-vn', '-f', 's16le', 'pipe:1'];
  const ffmpeg = spawn(TOOLS.ffmpeg, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let peak = 0;
  for await (const chunk of ffmpeg.stdout as AsyncIterable<Buffer>) {
    for (let at = 0; at + 1 < chunk.length; at += 2) peak = Math.max(peak, chunk.readInt16LE(at));
  }
  return peak;
}
