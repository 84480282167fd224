import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packed } from '../../../harness/measure/packed.ts';

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer().map((tenths) => tenths / 10),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e300, 0.1 + 0.2, 2 ** 31, -(2 ** 31)),
);

describe('packed numbers', () => {
  it('are all there again, every bit of them', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), (values) => {
        const pack = packed();
        for (const value of values) pack.push(value);
        expect(pack.length).toBe(values.length);
        expect([...pack.unpack()]).toEqual(values.map((value) => (value === 0 ? 0 : value)));
      }),
    );
  });

  it('can be read while they grow, over any number of chunks', () => {
    const pack = packed();
    const values = Array.from({ length: 50_000 }, (_, i) => i * 40.1 + (i % 7));
    for (const [i, value] of values.entries()) {
      pack.push(value);
      if (i === 100) expect(pack.unpack()).toHaveLength(101);
    }
    expect(pack.unpack()).toEqual(Float64Array.from(values));
  });
});

it.each([
  [[0, 40, 80, 120, 160]],
  [[5, 5, 5, 5, 6, 7, 8, 8]],
  [[NaN, NaN, NaN, 1, 2, 3, Infinity, Infinity, -Infinity, 0.123, 0.123, 0.223]],
  [[-1, -2, -3, 10, -10, 0.1, -0.1, 0.25]],
  [[2 ** 28 / 10, 2 ** 28 / 5, 0, -(2 ** 28) / 10, (2 ** 28 + 1) / 10, 0]],
  [[1e300, 1, 1.5, 2 ** 31, 2 ** 31 + 0.1, -(2 ** 31), 2 ** 52 / 10]],
  [Array.from({ length: 300 }, (_, i) => (i % 3) * 1000.3 - i ** 3)],
])('packed, the numbers of %# are the same', (values) => {
  const pack = packed();
  values.forEach((value, i) => {
    expect(pack.length).toBe(i);
    pack.push(value);
  });
  expect([...pack.unpack()]).toEqual(values);
  pack.push(7);
  expect([...pack.unpack()]).toEqual([...values, 7]);
});
