import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAt,
  formatMs,
  formatRange,
  formatRatio,
  formatShare,
} from '../../../reports/duration.ts';

describe('formatMs', () => {
  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1000, '1.00s'],
    [9_994, '9.99s'],
    [9_996, '10.0s'],
    [59_960, '1m'],
    [77_800, '1m 17.8s'],
    [2_520_000, '42m'],
    [undefined, '–'],
    [Number.NaN, '–'],
  ])('prints %s as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });

  it('never prints sixty seconds or a thousand milliseconds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (ms) => {
        expect(formatMs(ms)).not.toMatch(/\b60(\.\d+)?s|1000ms/);
      }),
    );
  });
});

describe('formatRange', () => {
  it('prints both ends where they print differently, and nothing for nothing', () => {
    expect(formatRange({ low: 23_700, high: 24_600 })).toBe('23.7s to 24.6s');
    expect(formatRange({ low: 23_700, high: 23_720 })).toBe('23.7s');
    expect(formatRange({ low: 0.91, high: 0.93 }, formatRatio)).toBe('0.91x to 0.93x');
    expect(formatRange(undefined)).toBe('–');
  });
});

describe('formatAt', () => {
  it('counts minutes and seconds, and hours when there are any', () => {
    expect([0, 61_250, 3_661_000, -1500].map(formatAt)).toEqual([
      '00:00.0',
      '01:01.3',
      '1:01:01.0',
      '-00:01.5',
    ]);
  });
});

describe('ratios and shares', () => {
  it('print a dash where there is nothing to divide by', () => {
    expect([formatRatio(undefined), formatRatio(Infinity), formatShare(0, 0)]).toEqual([
      '–',
      '–',
      '–',
    ]);
    expect([formatRatio(1.304), formatShare(5, 6), formatShare(6, 6)]).toEqual([
      '1.30x',
      '83.3%',
      '100%',
    ]);
  });
});
