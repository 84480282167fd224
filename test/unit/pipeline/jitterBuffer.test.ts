import { expect, test } from 'vitest';
import {
  DEPTH_FRAMES_MAX,
  jitterBuffer,
  PRIME_FRAMES,
} from '../../../harness/pipeline/transcoder/jitterBuffer.ts';

test('gives nothing until it has enough to begin with', () => {
  const buffer = jitterBuffer<number>();
  for (let i = 0; i < PRIME_FRAMES - 1; i++) buffer.push(i);
  expect(buffer.take()).toBeUndefined();
  buffer.push(99);
  expect(buffer.take()).toBe(0);
});

test('pushes the oldest out when it is full', () => {
  const buffer = jitterBuffer<number>();
  for (let i = 0; i < DEPTH_FRAMES_MAX + 5; i++) buffer.push(i);
  expect(buffer.length).toBe(DEPTH_FRAMES_MAX);
  expect(buffer.dropped).toBe(5);
  expect(buffer.take()).toBe(5);
});

test('gives up a delay that was not needed for a while', () => {
  const buffer = jitterBuffer<number>();
  for (let i = 0; i < DEPTH_FRAMES_MAX; i++) buffer.push(i);
  for (let i = 0; i < 300; i++) {
    buffer.push(i);
    buffer.take();
  }
  expect(buffer.length).toBeLessThan(PRIME_FRAMES);
});
