import { describe, expect, it } from 'vitest';
import {
  audienceOver,
  costByStartHour,
  NATIONAL_EVENING,
} from '../../../harness/check/audience.ts';
import { shareAt } from '../../../harness/kernel/dayCurve.ts';
import { zoneClock } from '../../../harness/kernel/zone.ts';

const at = (text: string) => Date.parse(text);
const paris = zoneClock('Europe/Paris', at('2025-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'));
const minute = (hours: number, minutes = 0) => hours * 60 + minutes;
const over = (from: string, to: string) =>
  audienceOver(NATIONAL_EVENING, paris, { fromEpochMs: at(from), toEpochMs: at(to) });

describe('the audience', () => {
  it.each([
    [minute(21, 15), 1],
    [minute(22, 15), 0.82],
    [minute(4), 0.02],
    [minute(20, 37.5), 0.95],
    [minute(0), 0.375], // half way from 23:30 to 00:30, across midnight
    [minute(24 + 4), 0.02],
  ])('at minute %d of the day is %d of the peak', (minuteOfDay, share) => {
    expect(shareAt(NATIONAL_EVENING, minuteOfDay)).toBeCloseTo(share, 6);
  });

  it('of the forty minutes from 22:15 is about three million sets', () => {
    const { peakShare, peakAtEpochMs, setMinutes } = over(
      '2025-09-12T20:15:00Z',
      '2025-09-12T20:55:00Z',
    );
    expect(peakShare).toBeCloseTo(0.82, 6);
    expect(peakAtEpochMs).toBe(at('2025-09-12T20:15:00Z'));
    // 3 M sets for 40 minutes are 120 M set-minutes (docs/sources.md 4); they fall to 0.66 of the peak meanwhile
    expect(setMinutes).toBeGreaterThan(100e6);
    expect(setMinutes).toBeLessThan(120e6);
  });

  it('finds the peak inside a span, not only at its ends', () => {
    const { peakShare, peakAtEpochMs } = over('2025-09-12T18:00:00Z', '2025-09-12T21:00:00Z');
    expect(peakShare).toBeCloseTo(1, 4);
    expect(peakAtEpochMs).toBe(at('2025-09-12T19:15:00Z'));
  });

  it('is about forty times smaller at four in the morning than at 22:15', () => {
    const now = over('2025-09-12T20:15:00Z', '2025-09-12T20:16:00Z').setMinutes;
    const night = over('2025-09-13T02:00:00Z', '2025-09-13T02:01:00Z').setMinutes;
    expect(now / night).toBeGreaterThan(35);
    expect(now / night).toBeLessThan(42);
  });

  it('follows the local clock: the same UTC hour weighs differently in summer and in winter', () => {
    const summer = over('2025-07-01T02:00:00Z', '2025-07-01T02:01:00Z'); // 04:00 in Paris
    const winter = over('2025-12-01T02:00:00Z', '2025-12-01T02:01:00Z'); // 03:00 in Paris
    expect(winter.setMinutes).toBeGreaterThan(summer.setMinutes * 2);
  });

  it('over the night the clocks go back counts the hour that comes twice', () => {
    const long = over('2025-10-25T22:00:00Z', '2025-10-26T05:00:00Z'); // 00:00+02 to 06:00+01
    const plain = over('2025-10-18T22:00:00Z', '2025-10-19T04:00:00Z'); // 00:00 to 06:00
    const twice = over('2025-10-26T00:00:00Z', '2025-10-26T01:00:00Z'); // 02:00 to 03:00, the first time
    expect(long.setMinutes).toBeCloseTo(plain.setMinutes + twice.setMinutes, -3);
  });

  it('adds up: two halves are the whole', () => {
    const whole = over('2025-09-12T00:00:00Z', '2025-09-14T00:00:00Z').setMinutes;
    const halves =
      over('2025-09-12T00:00:00Z', '2025-09-13T03:17:00Z').setMinutes +
      over('2025-09-13T03:17:00Z', '2025-09-14T00:00:00Z').setMinutes;
    expect(Math.abs(whole - halves)).toBeLessThan(100);
  });
});

describe('a window of four hours', () => {
  it('costs least when it starts at two or three in the night, and most in the evening', () => {
    const costs = costByStartHour(NATIONAL_EVENING, 4 * 3_600_000);
    const sorted = costs.toSorted((a, b) => a.setMinutes - b.setMinutes);
    expect([2, 3]).toContain(sorted[0]?.hour);
    expect([19, 20]).toContain(sorted.at(-1)?.hour);
    expect(costs).toHaveLength(24);
  });
});
