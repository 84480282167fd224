// Tests that ffmpeg's words about a recording are read.

import { describe, expect, it } from 'vitest';
import { PAGE_CLOCK, pageClockCells, readPageClock } from '../../../harness/model/screen.ts';
import { blackSpans, clockLags, findGaps, stillSpans } from '../../../harness/screen/findings.ts';

const TIMES = Array.from({ length: 30 }, (_, i) => 1_795_829_956_000 + i * 16);
const at = (i: number) => TIMES[i] ?? 0;

/** Sixteen parts a sample; a sample that moved has one part in which something changed. */
function changesOf(moved: readonly number[], samples = TIMES.length): Uint8Array {
  const changes = new Uint8Array(samples * 16);
  for (const i of moved) changes[i * 16 + 7] = 40;
  return changes;
}

describe('black', () => {
  it('is from the exact time of the first black sample to that of the first other one', () => {
    const text = [
      'frame:58   pts:9744016 pts_time:974.402',
      'lavfi.black_start=974.402',
      'frame:97   pts:9750683 pts_time:975.068',
      'lavfi.black_end=975.068',
    ].join('\n');
    expect(blackSpans(text, 1e6)).toEqual([{ look: 'black', fromMs: 974_401.6, toMs: 975_068.3 }]);
  });

  it('that does not end lasts to the last sample', () => {
    const text = 'frame:1 pts:160 pts_time:0.016\nlavfi.black_start=0.016';
    expect(blackSpans(text, 500)).toEqual([{ look: 'black', fromMs: 16, toMs: 500 }]);
  });
});

describe('a standing picture', () => {
  it('is from the sample that brought it to the sample that brings another', () => {
    const changes = changesOf([2, 4, 6, 20, 22, 24, 26, 28]);
    expect(stillSpans(changes, TIMES, 80)).toEqual([
      { look: 'still', fromMs: at(6), toMs: at(20) },
    ]);
  });

  it('is not made of the noise of an encoder', () => {
    const changes = changesOf([2, 4, 6, 20, 22, 24, 26, 28]);
    changes[10 * 16 + 3] = 4;
    expect(stillSpans(changes, TIMES, 80)).toHaveLength(1);
  });

  it('is found at the same times by an ffmpeg that gives no difference for the first sample', () => {
    const all = changesOf([2, 4, 6, 20, 22, 24, 26, 28]);
    expect(stillSpans(all.subarray(16), TIMES, 80)).toEqual(stillSpans(all, TIMES, 80));
  });
});

describe("the page's clock", () => {
  it('is read as it was drawn, in the half minute before', () => {
    for (const epochMs of [1_795_829_956_123, 1_795_829_989_999, 32_768 * 7]) {
      const levels = pageClockCells(epochMs).map((cell) => cell * 255);
      expect(levels).toHaveLength(PAGE_CLOCK.cells);
      expect(readPageClock(levels, epochMs + 24)).toBe(epochMs);
    }
  });

  it('is not read from a picture of something else', () => {
    expect(readPageClock(new Uint8Array(18), 1_000)).toBeUndefined();
    const levels = pageClockCells(1_000).map((cell) => cell * 255);
    levels[8] = 255 - (levels[8] ?? 0);
    expect(readPageClock(levels, 1_000)).toBeUndefined();
  });

  it('lags by what lies between drawing and the first sample that shows it', () => {
    const drawn = [at(0) - 200, at(10) - 3];
    const levels = TIMES.flatMap((_, i) =>
      pageClockCells(drawn[i < 11 ? 0 : 1] ?? 0).map((cell) => cell * 255),
    );
    expect(clockLags(Uint8Array.from(levels), TIMES)).toEqual([19]);
  });
});

describe('a gap', () => {
  it('is where no sample was taken for longer than it may be', () => {
    expect(findGaps([0, 16, 200, 216], 80)).toEqual([{ fromMs: 16, toMs: 200 }]);
  });
});
