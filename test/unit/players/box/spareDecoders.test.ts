// Decoders that run before boxes need them.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DecoderProcess } from '../../../../players/box/decoder.ts';
import { keepSpareDecoders } from '../../../../players/box/spareDecoders.ts';

interface Started {
  pid: number;
  exitCode: number | null;
  signalCode: null;
  readonly kill: () => void;
}

let started: Started[];
let take: () => DecoderProcess;

beforeEach(() => {
  vi.useFakeTimers();
  started = [];
  take = keepSpareDecoders(3, () => {
    started.push({ pid: started.length + 1, exitCode: null, signalCode: null, kill: vi.fn() });
    return started.at(-1) as unknown as DecoderProcess;
  });
});
afterEach(() => vi.useRealTimers());

const takePids = (count: number) => Array.from({ length: count }, () => take().pid);

it('are started one after the other, as many as there are boxes', () => {
  vi.advanceTimersByTime(500);
  expect(started).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(started).toHaveLength(3);
});

it('are given in their order, and made anew later', () => {
  vi.advanceTimersByTime(10_000);
  expect(takePids(3)).toEqual([1, 2, 3]);
  expect(started).toHaveLength(3);
  vi.advanceTimersByTime(500);
  expect(started).toHaveLength(4);
});

it('are started at once where none is left', () => {
  expect(takePids(2)).toEqual([1, 2]);
});

it('are not given once they have ended', () => {
  vi.advanceTimersByTime(10_000);
  started[0]!.exitCode = 1;
  expect(takePids(2)).toEqual([2, 3]);
});
