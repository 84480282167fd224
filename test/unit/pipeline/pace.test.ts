import { expect, test } from 'vitest';
import type { Clock } from '../../../harness/kernel/clock.ts';
import { counterAt } from '../../../harness/model/frameClock.ts';
import { byteQueue } from '../../../harness/pipeline/chunks.ts';
import {
  AUDIO,
  audioBytes,
  frameCounter,
  pace,
  type Tick,
} from '../../../harness/pipeline/pace.ts';

/** Time passes only by sleeping, and by `holdUp`. */
function virtualClock(nowMs: number): Clock & { holdUp(ms: number): void } {
  const sleepUntil = (atMs: number) => {
    nowMs = Math.max(nowMs, atMs);
    return Promise.resolve();
  };
  return {
    epochMs: () => nowMs,
    sleepUntil,
    sleep: (ms) => sleepUntil(nowMs + ms),
    holdUp: (ms) => (nowMs += ms),
  };
}

async function ticks(
  count: number,
  onTick?: (n: number, clock: { holdUp(ms: number): void }) => void,
) {
  const clock = virtualClock(1_795_310_172_338.5);
  const ending = new AbortController();
  const seen: Tick[] = [];
  await pace(
    { fps: 25, clock },
    (tick) => {
      seen.push(tick);
      onTick?.(seen.length, clock);
      if (seen.length === count) ending.abort();
    },
    ending.signal,
  );
  return seen;
}

test('ticks once a frame, and a frame’s number is its counter', async () => {
  const seen = await ticks(50);
  expect(seen.map(({ frame }) => frame - (seen[0]?.frame ?? 0))).toEqual([...Array(50).keys()]);
  for (const { frame, dueEpochMs } of seen)
    expect(frameCounter(frame)).toBe(counterAt(dueEpochMs, 25));
});

test('catches up after a short delay without leaving a frame out', async () => {
  const seen = await ticks(30, (n, clock) => n === 10 && clock.holdUp(400));
  expect(seen.every(({ skipped }) => skipped === 0)).toBe(true);
  expect((seen.at(-1)?.frame ?? 0) - (seen[0]?.frame ?? 0)).toBe(29);
});

test('leaves frames out after a long one', async () => {
  const seen = await ticks(30, (n, clock) => n === 10 && clock.holdUp(4_000));
  expect(seen.reduce((sum, { skipped }) => sum + skipped, 0)).toBe(99);
});

test('the sound of many frames is as long as the frames, whatever the rate', () => {
  for (const fps of [25, 30, 50, 30_000 / 1_001]) {
    let bytes = 0;
    for (let frame = 1_000_000; frame < 1_003_000; frame++) bytes += audioBytes(frame, fps);
    const samples = (3_000 / fps) * AUDIO.sampleRate;
    expect(Math.abs(bytes / AUDIO.bytesPerSample - samples)).toBeLessThanOrEqual(1);
  }
});

test('a sound queue keeps the newest whole samples and pads with silence', () => {
  const queue = byteQueue(4);
  queue.push(Buffer.from([1, 2, 3, 4, 5, 6]));
  expect([...queue.take(2)]).toEqual([3, 4]);
  expect([...queue.take(4)]).toEqual([5, 6, 0, 0]);
});
