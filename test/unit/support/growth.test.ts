import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { afterHours, growthOf, type SampleAt } from '../../support/growth.ts';

const HOUR_MS = 3_600_000;
/** One sample a second for half an hour. */
const samples = (valueAt: (hours: number, n: number) => number): SampleAt[] =>
  Array.from({ length: 1800 }, (_, n) => ({
    atMs: n * 1000,
    value: valueAt((n * 1000) / HOUR_MS, n),
  }));

describe('growth', () => {
  it('of a straight line is its slope, without a doubt', () => {
    const growth = growthOf(samples((hours) => 100 + 40 * hours))!;
    expect(growth.perHour).toBeCloseTo(40, 6);
    expect(growth.perHourOff).toBeCloseTo(0, 6);
    expect(growth.last).toBeCloseTo(100 + 40 * (1799 / 3600), 6);
    expect(afterHours(growth, 8).high).toBeCloseTo(growth.last + 320, 4);
  });

  it('of a saw that does not grow is nothing, within its interval', () => {
    for (const teeth of [7, 45, 290]) {
      const { perHour, perHourOff } = growthOf(samples((_, n) => 80 + (n % teeth)))!;
      expect(Math.abs(perHour)).toBeLessThanOrEqual(perHourOff);
    }
  });

  it('is within its interval nineteen times of twenty, where samples are chance', () => {
    const random = seededRandom(7);
    const runs = Array.from({ length: 400 }, () =>
      growthOf(samples((hours) => 10 * hours + 20 * random.next()))!,
    );
    const right = runs.filter((it) => Math.abs(it.perHour - 10) <= it.perHourOff).length;
    expect(right / runs.length).toBeGreaterThan(0.91);
    expect(right / runs.length).toBeLessThan(0.99);
  });

  it('is not known of a few samples', () => {
    expect(growthOf(samples(() => 1).slice(0, 11))).toBeUndefined();
  });
});
