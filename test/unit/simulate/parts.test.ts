// Tests how many viewers are dealt into parts, and how what the parts tell becomes one record.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unstamped } from '../../../harness/model/history.ts';
import { mergeParts, type FromOnePart } from '../../../harness/simulate/mergeParts.ts';
import { dealParts, PART_VIEWERS_MAX, sayParts } from '../../../harness/simulate/parts.ts';

const viewers = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `v${i}` }));

describe('parts of many viewers', () => {
  test('hold everybody once, are no larger than the most, and of one size but for one viewer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), (count) => {
        const parts = dealParts(viewers(count));
        expect(parts.flat()).toEqual(viewers(count).map(({ id }) => id));
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(PART_VIEWERS_MAX);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('are told of only where there are several', () => {
    expect(sayParts(dealParts(viewers(PART_VIEWERS_MAX)))).toEqual([]);
    expect(sayParts(dealParts(viewers(PART_VIEWERS_MAX + 1)))).toEqual([
      expect.stringContaining('in 2 parts') as string,
    ]);
  });
});

const log = (text: string): Unstamped => ({ type: 'log', level: 'info', text });
const requests = (stage: string, value: number): Unstamped => ({
  type: 'stats',
  stage,
  counters: [{ name: 'requests', value }],
});

describe('what parts tell', () => {
  const messages: readonly FromOnePart[] = [
    {
      part: 0,
      told: [
        [10, log('a')],
        [20, requests('edge', 5)],
        [20, requests('origin', 2)],
      ],
      reachedEpochMs: 20,
    },
    {
      part: 0,
      told: [
        [30, log('b')],
        [40, { type: 'end', reason: 'complete' }],
      ],
      reachedEpochMs: Infinity,
    },
    {
      part: 1,
      told: [
        [10, log('c')],
        [20, requests('edge', 7)],
      ],
      reachedEpochMs: 25,
    },
    { part: 1, told: [[40, log('d')]], reachedEpochMs: Infinity },
  ];
  const expected = [
    { atEpochMs: 10, ...log('a') },
    { atEpochMs: 10, ...log('c') },
    { atEpochMs: 20, ...requests('edge', 12) },
    { atEpochMs: 20, ...requests('origin', 2) },
    { atEpochMs: 30, ...log('b') },
    { atEpochMs: 40, ...log('d') },
    { atEpochMs: 40, type: 'end', reason: 'complete' },
  ];

  test.each([
    ['one after the other', [0, 1, 2, 3]],
    ['in turns', [0, 2, 1, 3]],
    ['the second first', [2, 3, 0, 1]],
  ])('is in the order of time, requests added up, whatever comes first: %s', (_, order) => {
    const told: Unstamped[] = [];
    const merged = mergeParts(2, (record) => told.push(record));
    expect(order.map((message) => merged.take(messages[message]!))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(told).toEqual(expected);
  });

  test('waits until every part has told of that time', () => {
    const told: Unstamped[] = [];
    const merged = mergeParts(2, (record) => told.push(record));
    merged.take(messages[2]!);
    expect(told).toEqual([]);
    merged.take(messages[0]!);
    expect(told).toEqual(expected.slice(0, 2));
  });
});
