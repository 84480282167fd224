import { describe, expect, it, test } from 'vitest';
import { isBlackScreen } from '../../../harness/measure/ledger.ts';
import {
  appendSpan,
  coveredMs,
  firstWhere,
  overlay,
  touching,
  union,
  type Interval,
} from '../../../harness/measure/spans.ts';

const at = (...ms: readonly number[]): Interval[] =>
  Array.from({ length: ms.length / 2 }, (_, i) => ({ fromMs: ms[2 * i]!, toMs: ms[2 * i + 1]! }));

describe('intervals', () => {
  it.each([
    [[5, 9, 0, 3], 0, [0, 3, 5, 9]],
    [[0, 3, 3, 5], 0, [0, 5]],
    [[0, 3, 4, 5], 0, [0, 3, 4, 5]],
    [[0, 3, 4, 5], 1, [0, 5]],
    [[0, 3, 5, 6], 1, [0, 3, 5, 6]],
    [[0, 9, 2, 4], 0, [0, 9]],
    [[0, 9, 2, 9], 0, [0, 9]],
    [[2, 2, 5, 4], 0, []],
  ])('%j join over %i ms to %j', (given, gapMs, joined) => {
    expect(union(at(...given), gapMs)).toEqual(at(...joined));
  });

  it('cover what lies under one of them, once', () => {
    expect(coveredMs(at(0, 4, 2, 6, 8, 9))).toBe(7);
  });

  it.each([
    [
      [3, 5],
      [0, 3, 3, 4, 4, 5, 5, 6],
      [3, 4, 4, 5],
    ],
    [[3, 3], [0, 3, 3, 4], []],
    [
      [2, 4],
      [0, 3, 3, 4],
      [0, 3, 3, 4],
    ],
  ])('that touch %j of %j are %j', (window, given, found) => {
    expect(touching(at(...given), at(...window)[0]!)).toEqual(at(...found));
  });

  it('are found by the first for which something holds', () => {
    const asked: number[] = [];
    const holds = (from: number) => (i: number) => asked.push(i) > 0 && i >= from;
    for (let from = 0; from <= 9; from++) expect(firstWhere(9, holds(from))).toBe(from);
    expect(asked.every((i) => i >= 0 && i < 9)).toBe(true);
    expect(firstWhere(0, holds(0))).toBe(0);
  });
});

describe('spans', () => {
  const p = (fromMs: number, toMs: number) => ({ class: 'p' as const, fromMs, toMs });
  const b = (fromMs: number, toMs: number) => ({ class: 'b' as const, fromMs, toMs });

  it('grow end to end: empty ones vanish, what is apart stays apart', () => {
    const spans: (ReturnType<typeof p> | ReturnType<typeof b>)[] = [];
    for (const next of [p(0, 0), p(0, 2), p(2, 3), b(3, 3), b(3, 4), p(4, 5), p(6, 7)])
      appendSpan(spans, next);
    expect(spans).toEqual([p(0, 3), b(3, 4), p(4, 5), p(6, 7)]);
  });

  it('are replaced where something lies over them, if they let it', () => {
    const spans = [p(0, 4), b(4, 6), p(6, 9)];
    const over = at(2, 5, 7, 12);
    expect(overlay(spans, over, { as: 'u' as never })).toEqual([
      p(0, 2),
      { class: 'u', fromMs: 2, toMs: 5 },
      b(5, 6),
      p(6, 7),
      { class: 'u', fromMs: 7, toMs: 9 },
    ]);
    expect(overlay(spans, over, { as: 'b', applies: (was) => was === 'p' })).toEqual([
      p(0, 2),
      b(2, 6),
      p(6, 7),
      b(7, 9),
    ]);
  });
});

test.each([
  ['comes', 1000, false],
  ['has been there for a moment', 1001, true],
  ['is about to go', 1999, true],
  ['has gone', 2000, false],
])('waiting for a picture is no loss of one unless a viewer watches: it %s', (_, fromMs, lost) => {
  const waiting = { class: 'starting' as const, fromMs, toMs: 2500 };
  expect(isBlackScreen(waiting, at(1000, 2000))).toBe(lost);
});
