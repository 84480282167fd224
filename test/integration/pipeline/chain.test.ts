// The whole chain with real ffmpeg and nginx: what goes in at the playout comes out at the edge.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../../../harness/kernel/deadline.ts';
import {
  fetchFrames,
  fetchText,
  MEDIA,
  playlistWith,
  segmentsIn,
  startBench,
  startChain,
  type Bench,
} from './chain.ts';

let bench: Bench;
let chain: Awaited<ReturnType<typeof startChain>>;

beforeAll(async () => {
  bench = await startBench();
  chain = await startChain(bench);
});
afterAll(() => bench[Symbol.asyncDispose]());

test('the edge serves a multivariant playlist with every rung', async () => {
  await playlistWith(`${chain.base}/v0/index.m3u8`, 1);
  const text = await fetchText(`${chain.base}/index.m3u8`);
  expect(text).toContain('RESOLUTION=320x180');
  expect(text).toContain('RESOLUTION=160x90');
});

test('every frame carries a readable clock that goes on with real time, on the smallest rung too', async () => {
  for (const [rung, size] of MEDIA.ladder.entries()) {
    const playlist = await playlistWith(`${chain.base}/v${rung}/index.m3u8`, 3);
    const name = segmentsIn(playlist).at(-1) ?? '';
    const frames = await fetchFrames(`${chain.base}/v${rung}/${name}`, size);
    expect(frames).toHaveLength(25);
    const counters = frames.map(({ clock }) => clock?.counter ?? -1);
    expect(counters[0]).toBeGreaterThan(0);
    const steps = counters.slice(1).map((counter, i) => counter - (counters[i] ?? 0));
    // A busy machine may repeat a frame and leave another out; the clock never goes back.
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(counters.at(-1)).toBeGreaterThan(counters[0]!);
    expect(frames.every(({ clock }) => clock?.channel === 1 && !clock.slate)).toBe(true);
  }
});

test('every stage reports counters that move', async () => {
  await waitFor({ ms: 10_000, what: 'counters of all stages' }, () => {
    const { programmeCounter = 0, framesOut = 0, bytesOut = 0 } = bench.stats('playout');
    const transcoder = bench.stats('transcoder');
    const origin = bench.stats('origin');
    const edge = bench.stats('edge');
    return programmeCounter > 0 &&
      framesOut > 0 &&
      bytesOut > 0 &&
      (transcoder.programmeCounter ?? 0) > 0 &&
      transcoder.fill === 'none' &&
      (transcoder.uploads ?? 0) > 0 &&
      (origin.programmeCounter ?? 0) > 0 &&
      (edge.requests ?? 0) > 0
      ? true
      : undefined;
  });
});
