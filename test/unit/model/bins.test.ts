import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregateHeads } from '../../../harness/measure/statistics.ts';
import {
  BIN_MS,
  binned,
  readBins,
  storeBins,
  listValues,
  type Weighted,
} from '../../../harness/model/bins.ts';
import { AGGREGATES } from '../../../harness/model/scenario.ts';

const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constant(Infinity) },
);
const heads = fc.array(fc.record({ value, weight: fc.integer({ min: 1, max: 1000 }) }), {
  minLength: 1,
  maxLength: 40,
});
const count = (values: readonly Weighted[]) => values.reduce((sum, { weight }) => sum + weight, 0);

describe('bins of durations', () => {
  it('lose and invent nobody', () => {
    fc.assert(
      fc.property(heads, (values) => {
        expect(count(listValues(binned(values)))).toBe(count(values));
      }),
    );
  });

  it('give every statistic too large by less than a bin, and never too small', () => {
    fc.assert(
      fc.property(heads, (values) => {
        const inBins = listValues(binned(values));
        for (const name of AGGREGATES) {
          const [exact, read] = [aggregateHeads(name, values), aggregateHeads(name, inBins)];
          if (exact === Infinity) expect(read).toBe(Infinity);
          else {
            expect(read).toBeGreaterThanOrEqual(exact);
            expect(read).toBeLessThan(exact + BIN_MS);
          }
        }
      }),
    );
  });

  it('keep the three atoms of a night apart: nothing, a frame, never', () => {
    const night = binned([
      { value: 0, weight: 7e6 },
      { value: 40, weight: 2e6 },
      { value: Infinity, weight: 1e6 },
    ]);
    const values = listValues(night);
    expect(values.map((one) => one.value)).toEqual([0, 40, Infinity]);
    expect(aggregateHeads('p50', values)).toBe(0);
    expect(aggregateHeads('p95', values)).toBe(Infinity);
  });

  it('are the same after they were stored as JSON', () => {
    fc.assert(
      fc.property(heads, (values) => {
        const bins = binned(values);
        const stored = JSON.parse(JSON.stringify(storeBins(bins))) as ReturnType<typeof storeBins>;
        expect(readBins(stored)).toEqual(bins);
      }),
    );
  });
});
