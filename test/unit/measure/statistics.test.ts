import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aggregate,
  aggregateHeads,
  medianInPlace,
  summarise,
  watchedFor,
} from '../../../harness/measure/statistics.ts';
import type { Weighted } from '../../../harness/model/bins.ts';
import { AGGREGATES } from '../../../harness/model/scenario.ts';

const values = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 60 });

const heads = (numbers: readonly number[]): Weighted[] =>
  numbers.map((value) => ({ value, weight: 1 }));

const weighted = fc.array(
  fc.record({
    value: fc.integer({ min: 0, max: 100_000 }),
    weight: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 20 },
);

describe('viewers who stand for more than themselves', () => {
  it('count as if each had been watched that often', () => {
    fc.assert(
      fc.property(weighted, (values) => {
        const each = values.flatMap(({ value, weight }) => new Array<number>(weight).fill(value));
        for (const name of AGGREGATES)
          expect(aggregateHeads(name, values)).toBe(aggregate(name, each));
      }),
    );
  });

  it('need not stand for whole viewers', () => {
    const values = [
      { value: 10, weight: 2.5 },
      { value: 70, weight: 0.5 },
    ];
    expect(aggregateHeads('max', values)).toBe(70);
    expect(aggregateHeads('mean', values)).toBe(20);
    expect(aggregateHeads('p50', values)).toBe(10);
    expect(summarise(values)?.count).toBe(3);
  });

  it('must be as many as the worst of them needs to be above the quantile of all', () => {
    expect((['p90', 'p95', 'p99'] as const).map(watchedFor)).toEqual([29, 59, 299]);
  });
});

describe('numbers over viewers', () => {
  it('interpolates quantiles between the two nearest viewers, as numpy, R and k6 do', () => {
    expect(summarise(heads([10, 20, 30, 40, 50, 600]))).toEqual({
      count: 6,
      min: 10,
      mean: 125,
      p50: 35,
      p90: 325,
      p95: 462.5,
      p99: 572.5,
      max: 600,
    });
  });

  it('has no summary of nobody', () => {
    expect(summarise([])).toBeUndefined();
    expect(medianInPlace(new Float64Array())).toBeUndefined();
  });

  it('keeps a viewer who never recovered at the far end', () => {
    expect(aggregate('max', [1, Infinity, 2])).toBe(Infinity);
    expect(aggregate('mean', [1, Infinity, 2])).toBe(Infinity);
    expect(aggregate('p50', [1, Infinity, 2])).toBe(2);
    expect(aggregate('p95', [1, 2, 3, Infinity, Infinity, Infinity])).toBe(Infinity);
  });

  it('never leaves the range, and no quantile is below a smaller one', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const summary = summarise(heads(numbers))!;
        const { min, p50, p90, p95, p99, max } = summary;
        const ordered = [min, p50, p90, p95, p99, max];
        expect(ordered).toEqual(ordered.toSorted((a = NaN, b = NaN) => a - b));
        expect([min, max]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
        expect(summary.mean).toBeGreaterThanOrEqual(min);
        expect(summary.mean).toBeLessThanOrEqual(max);
      }),
    );
  });

  it('does not depend on the order of the viewers', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        for (const name of AGGREGATES) {
          expect(aggregate(name, numbers.toReversed())).toBe(aggregate(name, numbers));
        }
      }),
    );
  });
});
