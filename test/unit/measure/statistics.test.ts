import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate, medianInPlace, summaryOf } from '../../../harness/measure/statistics.ts';
import { AGGREGATES } from '../../../harness/model/scenario.ts';

const values = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 60 });

describe('numbers over viewers', () => {
  it('interpolates quantiles between the two nearest viewers, as numpy, R and k6 do', () => {
    expect(summaryOf([10, 20, 30, 40, 50, 600])).toEqual({
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
    expect(summaryOf([])).toBeUndefined();
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
        const summary = summaryOf(numbers)!;
        const { min, p50, p90, p95, p99, max } = summary;
        const ordered = [min, p50, p90, p95, p99, max];
        expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
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
