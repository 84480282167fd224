// Tests that people's times follow the distribution that a scenario says, and that an outage is their sum.

import { describe, expect, test } from 'vitest';
import { drawHumanTime, mostlyOverMs, outageQuantiles } from '../../../harness/kernel/humanTime.ts';
import { seededRandom } from '../../../harness/kernel/random.ts';

const MINUTE = 60_000;
const operator = {
  detect: { p50Ms: 5 * MINUTE, p90Ms: 15 * MINUTE },
  declare: { fromMs: 2 * MINUTE, toMs: 6 * MINUTE },
  rollback: { fromMs: 8 * MINUTE, toMs: 8 * MINUTE },
};

describe('a time of people', () => {
  test('is log-normal by its median and its ninetieth hundredth', () => {
    const random = seededRandom(3);
    const times = Array.from({ length: 20_000 }, () => drawHumanTime(operator.detect, random));
    times.sort((a, b) => a - b);
    expect(times[10_000]! / MINUTE).toBeCloseTo(5, 0);
    expect(times[18_000]! / MINUTE).toBeGreaterThan(14);
    expect(times[18_000]! / MINUTE).toBeLessThan(16);
    expect(times[0]).toBeGreaterThan(0);
  });

  test('lies evenly between two ends, and a single one is certain', () => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: 1_000 }, () => drawHumanTime(operator.declare, random));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(6 * MINUTE);
    expect(drawHumanTime(operator.rollback, random)).toBe(8 * MINUTE);
  });
});

test('the length of an outage has quantiles, the same for the same seed', () => {
  const quantiles = (seed: number) =>
    outageQuantiles(operator, seededRandom(seed), [0.5, 0.9, 0.99]);
  const [p50, p90, p99] = quantiles(1) as [number, number, number];
  // Median of the sum: above the sum of 5, 4 and 8 minutes less a spread, as the first is skewed.
  expect(p50 / MINUTE).toBeGreaterThan(16);
  expect(p50 / MINUTE).toBeLessThan(19);
  expect(p90).toBeGreaterThan(p50 + 5 * MINUTE);
  expect(p99).toBeGreaterThan(p90);
  expect(quantiles(1)).toEqual([p50, p90, p99]);
  expect(mostlyOverMs(operator)).toBe(29 * MINUTE);
});
