// Tests what a virtual browser says of its buffers.

import { expect, test } from 'vitest';
import { virtualTimers } from '../../../../harness/kernel/virtualTimers.ts';
import type { VirtualStream } from '../../../../harness/model/virtualWorld.ts';
import { VirtualMediaSource } from '../../../../players/virtual/media.ts';
import { mediaSegment } from '../../../../players/virtual/segments.ts';

const FPS = 25;
const FRAMES = 50;

function openSource() {
  const timers = virtualTimers();
  const stream: VirtualStream = {
    timers,
    fps: FPS,
    startEpochMs: 0,
    startUpMs: () => 0,
    content: () => ({ runs: [], frames: FRAMES, startS: 0 }),
    request: () => Promise.reject(new Error('nobody asks')),
  };
  const buffer = new VirtualMediaSource(stream).addSourceBuffer();
  const append = async (content: number, startS: number) => {
    buffer.appendBuffer(mediaSegment({ content, startS, frames: FRAMES, fps: FPS, bytes: 1_000 }));
    await timers.passUntil(timers.epochMs() + 10);
  };
  const ranges = () =>
    Array.from({ length: buffer.buffered.length }, (_, i) =>
      [buffer.buffered.start(i), buffer.buffered.end(i)].map((s) => Number(s.toFixed(3))),
    );
  return { append, ranges };
}

test('a buffer ends with the sound of its last segment, 44 ms before the pictures; no seam within', async () => {
  const { append, ranges } = openSource();
  await append(1, 0);
  expect(ranges()).toEqual([[0, 1.956]]);
  await append(2, 2);
  expect(ranges()).toEqual([[0, 3.956]]);
  await append(3, 6);
  expect(ranges()).toEqual([
    [0, 3.956],
    [6, 7.956],
  ]);
});
