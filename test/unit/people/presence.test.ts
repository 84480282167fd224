// Tests who is there at which hour, and how channels share viewers.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURVES } from '../../../harness/people/curves.ts';
import {
  followCurve,
  listMoves,
  spreadRank,
  type Presence,
} from '../../../harness/people/presence.ts';
import { channelShares, dealByShares } from '../../../harness/people/zipf.ts';

const HOUR_MS = 3_600_000;
const AT_2215 = { clock: '2025-09-12T22:15:00+02:00', zone: 'Europe/Paris' };

/** The share of an audience that is there at a time. */
function sizeAt(presence: Presence, ms: number): number {
  const piece = presence.findLast(({ fromMs }) => fromMs <= ms)!;
  const along = Math.min(1, (ms - piece.fromMs) / (piece.toMs - piece.fromMs));
  return piece.from + (piece.to - piece.from) * along;
}

const night = followCurve({ curve: CURVES['french-evening'] }, AT_2215, (2 * HOUR_MS) / 3)!;

test('an audience that goes to bed leaves by rank, in the proportion of the curve', () => {
  expect(night).toEqual([{ fromMs: 0, toMs: 2_400_000, from: 1, to: expect.closeTo(0.66 / 0.82) }]);
  expect(listMoves(night, 0.5)).toEqual([]);
  const [leaves, ...more] = listMoves(night, 0.9);
  expect(more).toEqual([]);
  expect(leaves).toEqual({ does: 'leave', ms: expect.closeTo(1_230_000, -3) });
});

test('an audience that comes and goes is there by the hour of its zone', () => {
  const from18 = { clock: '2025-09-12T16:30:00Z', zone: 'Europe/Paris' };
  const evening = followCurve({ curve: CURVES['french-evening'] }, from18, 6 * HOUR_MS)!;
  expect(sizeAt(evening, 0)).toBeCloseTo(0.6);
  expect(sizeAt(evening, 2.75 * HOUR_MS)).toBeCloseTo(1);
  expect(listMoves(evening, 0.95).map(({ does }) => does)).toEqual(['join', 'leave']);
  expect(listMoves(evening, 0.55).map(({ does }) => does)).toEqual(['leave']);
  const utc = followCurve(
    { curve: CURVES['french-evening'] },
    { clock: from18.clock },
    6 * HOUR_MS,
  )!;
  expect(sizeAt(utc, 0)).not.toBeCloseTo(0.6);
});

test('clocks that go back show the same hour twice', () => {
  const anchors = [
    { minuteOfDay: 120, share: 1 },
    { minuteOfDay: 180, share: 0.2 },
  ];
  const autumn = { clock: '2025-10-26T02:00:00+02:00', zone: 'Europe/Paris' };
  const presence = followCurve({ curve: { anchors } }, autumn, 2 * HOUR_MS)!;
  expect(sizeAt(presence, HOUR_MS / 2)).toBeCloseTo(0.6, 3);
  expect(sizeAt(presence, HOUR_MS * 1.5)).toBeCloseTo(0.6, 3);
  expect(listMoves(presence, 0.6).map(({ does }) => does)).toEqual(['leave', 'join', 'leave']);
});

test('there is no audience by the hour without a curve or an hour', () => {
  expect(followCurve({}, AT_2215, 1_000)).toBeUndefined();
  expect(
    followCurve({ curve: CURVES['french-evening'] }, { clock: undefined }, 1_000),
  ).toBeUndefined();
});

const curves = fc
  .uniqueArray(fc.record({ minuteOfDay: fc.nat(1439), share: fc.integer({ min: 1, max: 100 }) }), {
    minLength: 2,
    maxLength: 8,
    selector: ({ minuteOfDay }) => minuteOfDay,
  })
  .map((all) => ({ anchors: all.toSorted((a, b) => a.minuteOfDay - b.minuteOfDay) }));

test('whatever the curve, as many are there as it says, within one, and everybody is at some time', () => {
  fc.assert(
    fc.property(
      curves,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 48 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (curve, viewers, hours, along) => {
        const presence = followCurve({ curve }, AT_2215, hours * HOUR_MS)!;
        const ms = along * hours * HOUR_MS;
        const ranks = Array.from({ length: viewers }, (_, i) => spreadRank(i, viewers));
        const isThere = (rank: number, at: number): boolean => {
          const moves = listMoves(presence, rank);
          const last = moves.findLast((move) => move.ms <= at);
          return last ? last.does === 'join' : moves[0]?.does !== 'join';
        };
        const there = ranks.filter((rank) => isThere(rank, ms)).length;
        expect(Math.abs(there - viewers * sizeAt(presence, ms))).toBeLessThanOrEqual(1);
        for (const rank of ranks) {
          const moves = listMoves(presence, rank);
          expect(moves.map(({ does }) => does)).toEqual(
            moves.map((_, i) => ((i % 2 === 0) === (moves[0]!.does === 'join') ? 'join' : 'leave')),
          );
          expect(moves.map((move) => move.ms)).toEqual(
            moves.map((move) => move.ms).toSorted((a, b) => a - b),
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('ranks of any number are all different and evenly apart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
      const ranks = Array.from({ length: count }, (_, i) => spreadRank(i, count)).toSorted(
        (a, b) => a - b,
      );
      for (const [i, rank] of ranks.entries()) expect(rank).toBeCloseTo((i + 0.5) / count);
    }),
  );
});

test('a mix by 1.2 over 110 channels gives five channels half of the viewers and twenty four fifths', () => {
  const shares = channelShares(110, 1.2);
  const first = (count: number) => shares.slice(0, count).reduce((sum, share) => sum + share, 0);
  expect(first(5)).toBeCloseTo(0.56, 1);
  expect(first(20)).toBeCloseTo(0.79, 1);
  expect(first(110)).toBeCloseTo(1);
});

test('whole viewers are dealt, nobody twice and nobody lost', () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.integer({ min: 1, max: 120 }),
      fc.double({ min: 0, max: 5, noNaN: true }),
      (viewers, channels, zipf) => {
        const shares = channelShares(channels, zipf);
        const dealt = dealByShares(viewers, shares);
        expect(dealt.reduce((sum, own) => sum + own, 0)).toBe(viewers);
        for (const [i, own] of dealt.entries())
          expect(Math.abs(own - viewers * shares[i]!)).toBeLessThanOrEqual(1.01);
      },
    ),
  );
});
