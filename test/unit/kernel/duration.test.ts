import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDurationMs } from '../../../harness/kernel/duration.ts';

describe('parseDurationMs', () => {
  test.each([
    ['40m', 2_400_000],
    ['900ms', 900],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['5m10ms', 300_010],
    ['PT40M', 2_400_000],
    ['P1DT2H', 93_600_000],
    ['PT1.5S', 1500],
    ['0', 0],
    ['0s', 0],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  test.each([
    '',
    '5',
    '5 s',
    '-5s',
    '1m30',
    '1s1s',
    '1s2m',
    '1e3s',
    '.5s',
    'm',
    'P',
    'PT',
    'P1M',
    'PT40m',
    'forty minutes',
    '99999999999999999d',
  ])('refuses "%s"', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  test('takes what was written in parts as their sum', () => {
    const part = fc.nat({ max: 999 });
    fc.assert(
      fc.property(part, part, part, part, (h, m, s, ms) => {
        const sum = ((h * 60 + m) * 60 + s) * 1000 + ms;
        expect(parseDurationMs(`${h}h${m}m${s}s${ms}ms`)).toBe(sum);
        expect(parseDurationMs(`PT${h}H${m}M${s}S`)).toBe(sum - ms);
      }),
    );
  });

  test('never answers something that is not whole milliseconds', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const ms = parseDurationMs(text);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0ms'],
    [900, '900ms'],
    [1999, '2s'],
    [2345, '2.3s'],
    [59_999, '1m'],
    [2_300_000, '38m 20s'],
    [-900_000, '-15m'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('writes what can be read again, within a twentieth of a second below a minute', () => {
    fc.assert(
      fc.property(fc.nat({ max: 59_000 }), (ms) => {
        const read = parseDurationMs(formatDuration(ms).replaceAll(' ', ''));
        expect(Math.abs((read ?? NaN) - ms)).toBeLessThanOrEqual(50);
      }),
    );
  });
});
