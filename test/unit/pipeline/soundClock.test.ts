// Tests the clock that every playout writes into its sound, and its reading.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioBytes } from '../../../harness/pipeline/pace.ts';
import { stampSound } from '../../../harness/pipeline/playout/soundClock.ts';
import { PIECE_MS, readSound } from '../../../harness/model/soundReading.ts';

const RATE = 48_000;
const FPS = 25;

/** Frames of sound, one a frame of the picture; `level` is of full scale. */
function soundOf(
  frames: number,
  { first = 0, level = 0, hz = 440, stamped = true, fps = FPS } = {},
): Float32Array {
  let sample = 0;
  const pieces = Array.from({ length: frames }, (_, n) => {
    const piece = Buffer.alloc(audioBytes(first + n, fps));
    for (let at = 0; at < piece.length; at += 2, sample++)
      piece.writeInt16LE(
        Math.round(32_767 * level * Math.sin((2 * Math.PI * hz * sample) / RATE)),
        at,
      );
    if (stamped) stampSound(piece, first + n, fps);
    return piece;
  });
  const bytes = Buffer.concat(pieces);
  return Float32Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes.readInt16LE(i * 2) / 32_768,
  );
}

describe('the sound of a programme', () => {
  it('has a burst a second in the middle of its frame, whatever the programme', () => {
    fc.assert(
      fc.property(
        fc.record({
          level: fc.double({ min: 0, max: 1, noNaN: true }),
          hz: fc.integer({ min: 50, max: 6_000 }),
        }),
        (tone) => {
          const { bursts, silent } = readSound(soundOf(50, { first: 10, ...tone }), RATE);
          expect(bursts.map((ms) => Math.round(ms / 4) * 4)).toEqual([620, 1620]);
          expect(silent).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([24, 30, 50, 59.94, 60])('has them at %d frames a second', (fps) => {
    const { bursts } = readSound(soundOf(130, { fps }), RATE);
    const frame = 1000 / fps;
    const second = Math.round(fps) * frame;
    expect(bursts.length).toBeGreaterThanOrEqual(2);
    bursts.forEach((ms, n) => expect(Math.abs(ms - frame / 2 - n * second)).toBeLessThan(3));
  });

  it('is not silent in a pause, and is when nothing is sent', () => {
    const pause = soundOf(10, { first: 1 });
    const nothing = soundOf(10, { stamped: false });
    expect(readSound(pause, RATE).silent).toEqual([]);
    expect(readSound(nothing, RATE).silent).toEqual([[0, 400]]);
    const both = Float32Array.from([...pause, ...nothing, ...pause]);
    expect(readSound(both, RATE).silent).toEqual([[400, 800]]);
  });

  it('is no burst where a programme holds its tone', () => {
    const held = soundOf(50, { level: 0.5, hz: 8_000, stamped: false });
    expect(readSound(held, RATE).bursts).toEqual([]);
  });

  it('never leaves the range of a sample', () => {
    const loud = soundOf(25, { level: 1, hz: 100 });
    expect(Math.max(...loud.map(Math.abs))).toBeLessThanOrEqual(1);
  });

  it('reads whole pieces alone', () => {
    expect(readSound(new Float32Array(RATE * (PIECE_MS / 1000) - 1), RATE).silent).toEqual([]);
  });
});
