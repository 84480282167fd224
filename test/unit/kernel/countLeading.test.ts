import { expect, test } from 'vitest';
import { countLeading } from '../../../harness/kernel/countLeading.ts';

test('as many as a look at each of them finds, in lists of every small length', () => {
  for (let length = 0; length < 20; length++)
    for (let leading = 0; leading <= length; leading++)
      expect(countLeading(length, (index) => index < leading)).toBe(leading);
});

test('a long list is asked about at few places, each of them inside', () => {
  const asked: number[] = [];
  countLeading(1_000_000, (index) => asked.push(index) > 0 && index < 7);
  expect(asked.length).toBeLessThanOrEqual(20);
  expect(asked.every((index) => index >= 0 && index < 1_000_000)).toBe(true);
});
