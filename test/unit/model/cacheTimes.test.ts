// Tests for how long an edge keeps an answer.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listKeeping, keptUntilEpochMs } from '../../../harness/model/cacheTimes.ts';

const ttl = fc.integer({ min: 0, max: 120_000 });
const moment = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const keptMs = (kind: 'playlist' | 'segment' | 'error', ttlMs: number, at: number) => {
  const stage = { playlistTtlMs: ttlMs, segmentTtlMs: ttlMs, errorTtlMs: ttlMs };
  return keptUntilEpochMs(listKeeping(stage)[kind], at) - at;
};

describe('an edge keeps', () => {
  test('nothing where it is told so', () => {
    for (const kind of ['playlist', 'segment', 'error'] as const)
      expect(keptMs(kind, 0, 1_700_000_000_123)).toBe(0);
  });

  test('a segment no longer than it is told, and less than two seconds shorter', () => {
    fc.assert(
      fc.property(ttl, moment, (ttlMs, at) => {
        const kept = keptMs('segment', ttlMs, at);
        expect(kept).toBeLessThanOrEqual(ttlMs);
        expect(kept).toBeGreaterThan(Math.max(-1, ttlMs - 2_000));
      }),
    );
  });

  test('a playlist of less than two seconds to the end of the running one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_999 }), moment, (ttlMs, at) => {
        expect((at + keptMs('playlist', ttlMs, at)) % 1000).toBe(0);
        expect(keptMs('playlist', ttlMs, at)).toBeLessThanOrEqual(1000);
      }),
    );
  });

  test('an error for at least what nginx can count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_999 }), moment, (ttlMs, at) => {
        const kept = keptMs('error', ttlMs, at);
        expect(kept).toBeGreaterThan(1000);
        expect(kept).toBeLessThanOrEqual(2000);
      }),
    );
  });
});
