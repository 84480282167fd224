import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginsSegment,
  segmentOfFrame,
  silenceBefore,
  timestampS,
} from '../../../harness/pipeline/transcoder/epochLock.ts';

const MEDIA = { segmentMs: 2000, fps: 25 };
/** Frames since the epoch, now and for some decades. */
const frame = fc.integer({ min: 40_000_000_000, max: 80_000_000_000 });

describe('output in step with the clock', () => {
  test('begins a segment every so many frames, and numbers it by the clock', () => {
    const first = segmentOfFrame(45_000_000_000, MEDIA);
    const begun = Array.from({ length: 120 }, (_, i) => 45_000_000_000 + i).filter((at) =>
      beginsSegment(at, MEDIA),
    );
    expect(begun).toEqual([45_000_000_000, 45_000_000_050, 45_000_000_100]);
    expect(begun.map((at) => segmentOfFrame(at, MEDIA) - first)).toEqual([0, 1, 2]);
    expect(first * MEDIA.segmentMs).toBe((45_000_000_000 * 1000) / 25);
  });

  test('gives a frame the same time stamp whenever the encoder was started', () => {
    fc.assert(
      fc.property(frame, fc.nat(1_000_000), (startedAt, later) => {
        const wrapS = 2 ** 33 / 90_000;
        const since = timestampS(startedAt, MEDIA) + later / MEDIA.fps;
        const direct = timestampS(startedAt + later, MEDIA);
        const apart = Math.abs((since % wrapS) - direct);
        // A tick of 90 kHz, and the place where time stamps begin again.
        expect(Math.min(apart, wrapS - apart)).toBeLessThan(1 / 90_000);
      }),
    );
  });

  test('never leaves the range of time stamps', () => {
    fc.assert(
      fc.property(frame, (at) => {
        expect(timestampS(at, MEDIA)).toBeGreaterThanOrEqual(0);
        expect(timestampS(at, MEDIA) * 90_000).toBeLessThan(2 ** 33);
      }),
    );
  });

  test('has silence of the length of a frame', () => {
    expect(silenceBefore(7, MEDIA)).toEqual(Buffer.alloc((48_000 / 25) * 2));
  });
});
