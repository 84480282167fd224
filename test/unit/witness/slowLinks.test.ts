// Who can say that a link is late, thin or torn, and what proves it: ages and pieces of what arrives,
// or how long a question of our own takes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../harness/model/answer.ts';
import { provenBy, witnessName } from '../../../harness/witness/catalogue.ts';
import { linkEvidence } from '../../../harness/faults/evidence.ts';
import { exchangeMs } from '../../../harness/witness/slowness.ts';
import { witnessOnLink } from '../../../harness/witness/onLink.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import type { LinkFault } from '../../../harness/model/scenario.ts';
import type { StageStats } from '../../../harness/pipeline/contract.ts';
import { counted } from '../../support/counted.ts';
import { readDesign } from '../../support/designs.ts';

const design = readDesign('single-access');
const where = { links: ['connect-up', 'connect-down'], channels: ['one'] };

const latency = (delayMs: number, jitterMs = 0): LinkFault => ({
  kind: 'latency',
  delayMs,
  jitterMs,
  ...where,
});
const loss = (share: number, roundTripMs: number): LinkFault => ({
  kind: 'loss',
  share,
  roundTripMs,
  ...where,
});
const slice = (pieceBytes: number, delayMs: number): LinkFault => ({
  kind: 'slice',
  pieceBytes,
  delayMs,
  ...where,
});
const narrow = (rateKbps: number): LinkFault => ({ kind: 'bandwidth', rateKbps, ...where });
const backward = (fault: LinkFault): LinkFault => ({ ...fault, direction: 'backward' });

function witness(link: 'connect-up' | 'connect-down', fault: LinkFault) {
  const found = design.links.find(({ name }) => name === link);
  if (!found) throw new Error(`no link ${link}`);
  return witnessOnLink(fault, { link: found, channel: 'one', design });
}

const DONE_MS = 2000;

/** Eight reports before it was done, the others after; a timer is never early. */
const reports = (stage: string, values: readonly StageStats[]): StatsRecord[] =>
  values.map((value, i) => counted({ stage, atMs: i * 253 + 125, ...value }));

interface Seen {
  readonly does?: 'inject' | 'heal';
  readonly link?: 'connect-up' | 'connect-down';
  readonly stats?: readonly StatsRecord[];
  readonly steady?: readonly StatsRecord[];
  readonly answers?: readonly Answer[];
  readonly before?: Answer;
}

function ask(fault: LinkFault, seen: Seen) {
  const { does = 'inject', link = 'connect-up', stats = [], answers = [], ...rest } = seen;
  return provenBy(witness(link, fault), { does, doneAtMs: DONE_MS, stats, answers, ...rest });
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('pictures', () => {
  const lagging = (...lags: readonly number[]) =>
    reports(
      'transcoder.one',
      lags.map((lagInMs) => ({ lagInMs })),
    );
  const noisy = [3, 0, 5, 2, -1, 4, 1, 2];
  const later = (ms: number) => noisy.map((lag) => lag + ms);

  test('that are later than before prove a small delay', () => {
    expect(ask(latency(20), { stats: lagging(...noisy, ...later(20)) })).toEqual({
      proven: true,
      observed: 'pictures came 20 ms later than before the first fault',
    });
    expect(ask(latency(20), { stats: lagging(...noisy, ...noisy) }).proven).toBe(false);
  });

  test('that are no later than before the first fault prove its end', () => {
    const steady = lagging(...noisy);
    const heal = { does: 'heal', steady } as const;
    expect(ask(latency(80), { ...heal, stats: lagging(...later(80), ...noisy) }).proven).toBe(true);
    const still = lagging(...later(80), ...later(80));
    expect(ask(latency(80), { ...heal, stats: still }).proven).toBe(false);
  });

  test('of two seconds are wanted, unless one is so late that there is no doubt', () => {
    expect(ask(latency(20), { stats: lagging(...noisy, 20, 20, 20) }).proven).toBe(false);
    expect(ask(latency(900), { stats: lagging(...noisy, 905) }).proven).toBe(true);
  });

  test('prove loss by the waits for what was lost', () => {
    const fault = loss(0.05, 100);
    expect(witness('connect-up', fault)).toMatchObject({ kind: 'age', of: 'pictures' });
    const late = later(linkEvidence(fault).passMs(4000));
    expect(ask(fault, { stats: lagging(...noisy, ...late) }).proven).toBe(true);
    expect(ask(fault, { stats: lagging(...noisy, ...noisy) }).proven).toBe(false);
  });

  describe('whose frame clock disagrees with their time stamps', () => {
    const both = (...seen: readonly (readonly [lag: number, age: number])[]) =>
      reports(
        'transcoder.one',
        seen.map(([lagInMs, ageInMs]) => ({ lagInMs, ageInMs })),
      );
    const before = times(8, [0, 170] as const);

    test('by a picture that the decoder holds are believed', () => {
      const stats = both(...before, ...times(8, [0, 210] as const));
      expect(ask(latency(20), { stats }).proven).toBe(false);
      const late = both(...before, ...times(8, [20, 230] as const));
      expect(ask(latency(20), { stats: late }).proven).toBe(true);
    });

    test('because their sender counts anew are not, where the clock is too coarse', () => {
      const stats = both(...before, ...times(8, [40_000, 170] as const));
      expect(ask(latency(20), { stats })).toEqual({
        proven: false,
        observed: 'the time stamps of the contribution have begun elsewhere',
      });
      const late = both(...before, ...times(8, [40_400, 570] as const));
      expect(ask(latency(400), { stats: late }).proven).toBe(true);
      expect(ask(latency(400), { stats }).proven).toBe(false);
    });
  });
});

describe('replies', () => {
  test('that are older than before prove a delay on the way back', () => {
    const fault = backward(latency(60));
    expect(witnessName(witness('connect-up', fault))).toBe('age of replies at playout.one');
    const stats = reports('playout.one', [
      ...times(8, { replyAgeMs: 2 }),
      ...times(8, { replyAgeMs: 63 }),
    ]);
    expect(ask(fault, { stats }).proven).toBe(true);
    expect(ask(fault, { does: 'heal', stats }).proven).toBe(false);
  });

  test('that stop coming prove a cut of the way back', () => {
    const fault: LinkFault = { kind: 'cut', effect: 'hold', direction: 'backward', ...where };
    expect(witnessName(witness('connect-up', fault))).toBe('repliesIn of playout.one');
    const heard = [1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8].map((repliesIn) => ({ repliesIn }));
    expect(ask(fault, { stats: reports('playout.one', heard) }).proven).toBe(true);
  });

  test('are too few for anything else to show', () => {
    for (const fault of [loss(0.1, 100), slice(10, 5), narrow(8)])
      expect(witness('connect-up', backward(fault))).toMatchObject({
        kind: 'none',
        reason: expect.stringContaining('changes nothing'),
      });
  });
});

describe('pieces', () => {
  /** Bytes and reads of a link of 100 kB a second that come so many bytes at a time. */
  const pieces = (before: number, after: number) => {
    let [bytesIn, readsIn] = [0, 0];
    return reports(
      'transcoder.one',
      [...times(8, before), ...times(9, after)].map((bytes) => {
        bytesIn += 25_000;
        readsIn += Math.round(25_000 / bytes);
        return { bytesIn, readsIn };
      }),
    );
  };

  test('that are smaller than before prove that a link is torn', () => {
    expect(witnessName(witness('connect-up', slice(100, 1)))).toBe(
      'size of pieces at transcoder.one',
    );
    expect(ask(slice(100, 1), { stats: pieces(1700, 100) })).toEqual({
      proven: true,
      observed: expect.stringMatching(/^1667 bytes came at a time before, 100 after$/),
    });
    expect(ask(slice(2000, 1), { stats: pieces(1700, 1600) }).proven).toBe(false);
  });

  test('that are as large as before prove its end', () => {
    const steady = pieces(1700, 1700);
    const heal = { does: 'heal', steady } as const;
    expect(ask(slice(100, 1), { ...heal, stats: pieces(100, 1700) }).proven).toBe(true);
    expect(ask(slice(100, 1), { ...heal, stats: pieces(100, 100) }).proven).toBe(false);
  });

  test('of too short a time prove nothing', () => {
    expect(ask(slice(100, 1), { stats: pieces(1700, 100).slice(0, 12) }).proven).toBe(false);
  });
});

describe('a burst of loss', () => {
  const burst: LinkFault = { kind: 'loss', share: 0.1, roundTripMs: 20, burstMs: 200, ...where };
  const quiet = (...gaps: readonly number[]) =>
    reports(
      'transcoder.one',
      gaps.map((quietInMs) => ({ quietInMs })),
    );
  const usual = [30, 41, 35, 60, 33, 38, 44, 31];

  test('is a gap longer than any before, its end that there are none', () => {
    expect(witnessName(witness('connect-up', burst))).toBe('gaps at transcoder.one');
    expect(ask(burst, { stats: quiet(...usual, 212) })).toEqual({
      proven: true,
      observed: 'no byte came for 212 ms, 44 ms at most was usual before',
    });
    expect(ask(burst, { does: 'heal', stats: quiet(...usual, 212, ...usual) }).proven).toBe(true);
  });

  test('is not proven by gaps as they are', () => {
    expect(ask(burst, { stats: quiet(...usual, ...usual) }).proven).toBe(false);
    const stalling = quiet(240, ...usual.slice(2), 240, 212);
    expect(ask(burst, { stats: stalling }).proven).toBe(false);
    expect(ask(burst, { does: 'heal', stats: quiet(...usual, ...usual, 212) }).proven).toBe(false);
    expect(ask(burst, { does: 'heal', stats: quiet(...usual, 30, 31) }).proven).toBe(false);
  });

  test('is met by one question of several, where they are asked', () => {
    const link = 'connect-down';
    const seen = { link, before: { ms: 4 } } as const;
    const ms = (...some: readonly number[]): Answer[] => some.map((one) => ({ ms: one }));
    expect(ask(burst, { ...seen, answers: ms(5, 6, 150, 4) }).proven).toBe(true);
    expect(ask(burst, { ...seen, answers: ms(5, 6, 50, 4) }).proven).toBe(false);
    expect(ask(burst, { does: 'heal', ...seen, answers: ms(150, 4, 5, 6, 4) }).proven).toBe(true);
    expect(ask(burst, { does: 'heal', ...seen, answers: ms(150, 4, 5) }).proven).toBe(false);
  });
});

describe('a question through the proxy', () => {
  const answers = (...ms: (number | undefined)[]): Answer[] => ms.map((one) => ({ ms: one }));
  const before: Answer = { ms: 4 };
  const link = 'connect-down';

  test.each([latency(5), loss(0.01, 20), slice(500, 1), narrow(1000), narrow(400)])(
    'that takes longer than before proves %o, and one that does not its end',
    (fault) => {
      const late = answers(...times(5, 4 + exchangeMs(fault)));
      const soon = answers(3, 9, 4, 12, 5);
      expect(ask(fault, { link, before, answers: late }).proven).toBe(true);
      expect(ask(fault, { link, before, answers: soon }).proven).toBe(false);
      expect(ask(fault, { does: 'heal', link, before, answers: late }).proven).toBe(false);
      expect(ask(fault, { does: 'heal', link, before, answers: soon }).proven).toBe(true);
    },
  );

  test('is asked several times, unless one answer leaves no doubt', () => {
    expect(ask(latency(20), { link, before, answers: answers(44, 44, 44) }).proven).toBe(false);
    expect(ask(latency(400), { link, before, answers: answers(810) }).proven).toBe(true);
  });

  test('proves nothing where it was not answered before, or is not now', () => {
    const late = answers(...times(5, 45));
    expect(ask(latency(20), { link, before: { ms: undefined }, answers: late }).proven).toBe(false);
    const silent = answers(...times(5, undefined));
    expect(ask(latency(20), { link, before, answers: silent })).toEqual({
      proven: false,
      observed: 'origin does not answer',
    });
  });

  test('is waited for as long as the fault makes it take', () => {
    expect(witness(link, latency(200))).toMatchObject({ kind: 'answer', patienceMs: 1600 });
  });
});

describe('what is too small to be told from a busy machine', () => {
  test.each([
    ['connect-up', latency(8)],
    ['connect-up', loss(0.001, 5)],
    ['connect-down', latency(2)],
    ['connect-down', slice(4000, 1)],
    ['connect-down', narrow(50_000)],
  ] as const)('has no witness, and says so: %s %o', (link, fault) => {
    const proof = ask(fault, { link, stats: [], answers: [] });
    expect(proof.proven).toBe(false);
    expect(proof.observed).toMatch(/^no witness: .*busy machine$/);
  });
});

describe('what a fault adds', () => {
  test('is more both ways than one way, and never less than nothing', () => {
    const faults = fc.oneof(
      fc.tuple(fc.nat(5000), fc.nat(5000)).map(([delay, jitter]) => latency(delay, jitter)),
      fc
        .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 2000 }))
        .map(([share, roundTrip]) => loss(share, roundTrip)),
      fc.integer({ min: 8, max: 100_000 }).map(narrow),
      fc
        .tuple(fc.integer({ min: 1, max: 65_536 }), fc.nat(1000))
        .map(([bytes, delay]) => slice(bytes, delay)),
    );
    fc.assert(
      fc.property(faults, (fault) => {
        const one = exchangeMs({ ...fault, direction: 'forward' });
        const other = exchangeMs(backward(fault));
        expect(one).toBeGreaterThanOrEqual(0);
        expect(exchangeMs(fault)).toBeCloseTo(one + other, 6);
      }),
    );
  });

  test('of a delay that varies is its mean, where nothing comes before it was sent', () => {
    expect(linkEvidence(latency(100, 50)).passMs(0)).toBe(100);
    expect(linkEvidence(latency(0, 40)).passMs(0)).toBe(10);
  });
});
