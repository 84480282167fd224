// Just enough proves; just too little does not. One test a number that decides.

import { describe, expect, test } from 'vitest';
import { provenBy, findQuestion, type Witness } from '../../../harness/witness/catalogue.ts';
import type { Seen } from '../../../harness/witness/kind.ts';
import type { Answer } from '../../../harness/model/answer.ts';
import type { StageStats } from '../../../harness/pipeline/contract.ts';
import { counted } from '../../support/counted.ts';

const STAGE = 'transcoder.one';
const at = { stage: STAGE, withinMs: 8000 };
const asked = { ...at, patienceMs: 2000 };
const DONE_MS = 10_000;

/** One report each 250 ms: as many before the action as there are rows, and after it. */
const reports = (before: readonly StageStats[], after: readonly StageStats[]) => [
  ...before.map((row, i) =>
    counted({ stage: STAGE, atMs: DONE_MS - (before.length - 1 - i) * 250, ...row }),
  ),
  ...after.map((row, i) => counted({ stage: STAGE, atMs: DONE_MS + (i + 1) * 250, ...row })),
];
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const proven = (witness: Witness, seen: Partial<Seen>) =>
  provenBy(witness, { does: 'inject', doneAtMs: DONE_MS, stats: [], answers: [], ...seen }).proven;

/** Proven to be there, and to be over. */
const both = (witness: Witness, seen: Partial<Seen>) => [
  proven(witness, { ...seen, does: 'inject' }),
  proven(witness, { ...seen, does: 'heal' }),
];

describe('the age of pictures', () => {
  const delayed = (delayMs: number): Witness => ({ ...at, kind: 'age', of: 'pictures', delayMs });
  const lag = (lagInMs: number, ageInMs?: number): StageStats => ({
    lagInMs,
    ...(ageInMs === undefined ? {} : { ageInMs }),
  });
  const grown = (...after: StageStats[]) => ({ stats: reports(times(8, lag(50, 50)), after) });

  test('proves a delay by half of it', () => {
    expect(both(delayed(500), grown(lag(300)))).toEqual([true, false]);
    expect(both(delayed(500), grown(lag(299)))).toEqual([false, true]);
  });

  test('is that of the last reports, in the middle, where the delay is small', () => {
    const after = [...times(3, lag(500)), ...times(5, lag(90)), ...times(3, lag(60))];
    expect(both(delayed(60), grown(...after))).toEqual([true, false]);
    expect(both(delayed(60), grown(...times(7, lag(90))))).toEqual([false, false]);
    const few = { stats: reports(times(7, lag(50)), times(9, lag(90))) };
    expect(both(delayed(60), few)).toEqual([false, false]);
  });

  test('goes by the clock in the picture where time stamps begin elsewhere', () => {
    expect(both(delayed(500), grown(lag(5000, 300)))).toEqual([true, false]);
    expect(both(delayed(500), grown(lag(5000, 299)))).toEqual([false, true]);
    // They may part by a quarter of a second.
    expect(both(delayed(500), grown(lag(300, 50)))).toEqual([true, false]);
    expect(both(delayed(500), grown(lag(301, 50)))).toEqual([false, true]);
    expect(both(delayed(159), grown(...times(8, lag(5000, 300))))).toEqual([false, false]);
    expect(both(delayed(160), grown(...times(8, lag(5000, 300))))).toEqual([true, false]);
  });

  test('is not told by replies, which have no clock', () => {
    const replies: Witness = { ...at, kind: 'age', of: 'replies', delayMs: 500 };
    const of = (replyAgeMs: number, ageInMs: number) => ({
      stats: reports(times(8, { replyAgeMs: 10, ageInMs: 10 }), [{ replyAgeMs, ageInMs }]),
    });
    expect(both(replies, of(260, 9000))).toEqual([true, false]);
    expect(both(replies, of(259, 9000))).toEqual([false, true]);
  });
});

describe('a counter', () => {
  const bytes = {
    ...at,
    kind: 'counter',
    counter: 'bytesIn',
    quietMs: 1000,
    rateOverMs: 2000,
  } as const;
  const counting = (...bytesIn: number[]) => bytesIn.map((value) => ({ bytesIn: value }));
  const flow = counting(10, 20, 30);

  test('that stands still for as long as is asked proves a cut', () => {
    expect(proven(bytes, { stats: reports(flow, counting(30, 30, 30, 30, 30)) })).toBe(true);
    expect(proven(bytes, { stats: reports(flow, counting(30, 30, 30, 30)) })).toBe(false);
    expect(proven(bytes, { stats: reports(flow, counting(30, 30, 30, 31, 31, 31, 31)) })).toBe(
      false,
    );
  });

  test('need not have grown just before where another fault was in force', () => {
    const stats = reports(counting(30, 30), counting(...times(5, 30)));
    expect(proven(bytes, { stats })).toBe(false);
    expect(proven(bytes, { stats, afterAnother: true })).toBe(true);
  });

  /** 250 ms at so many kbit/s, each. */
  const rate = (kbps: number, fromBytes: number, count: number) =>
    Array.from({ length: count }, (_, i) => fromBytes + ((i + 1) * kbps * 250) / 8);
  const limited = { ...bytes, limitKbps: 400 };
  const slowed = (was: number, is: number) => {
    const before = rate(was, 0, 9);
    return { stats: reports(counting(...before), counting(...rate(is, before.at(-1)!, 9))) };
  };

  test('proves a limit by a rate of a quarter more at most, and a faster one before', () => {
    expect(proven(limited, slowed(800, 500))).toBe(true);
    expect(proven(limited, slowed(800, 501))).toBe(false);
    expect(proven(limited, slowed(400, 400))).toBe(false);
    expect(proven(limited, slowed(401, 400))).toBe(true);
    expect(proven(limited, { ...slowed(400, 400), afterAnother: true })).toBe(true);
  });

  test('proves the end of a limit by a tenth more than it lets through', () => {
    expect(proven(limited, { ...slowed(400, 440), does: 'heal' })).toBe(false);
    expect(proven(limited, { ...slowed(400, 441), does: 'heal' })).toBe(true);
  });
});

describe('gaps', () => {
  const gap: Witness = { ...at, kind: 'gap' };
  const quiet = (...quietInMs: number[]) => quietInMs.map((value) => ({ quietInMs: value }));

  test('of most of a retransmission prove loss, where none was usual', () => {
    expect(proven(gap, { stats: reports(quiet(30, 40), quiet(150)) })).toBe(true);
    expect(proven(gap, { stats: reports(quiet(30, 40), quiet(149)) })).toBe(false);
    expect(proven(gap, { stats: reports(quiet(160, 160), quiet(160)) })).toBe(false);
    expect(proven(gap, { stats: reports(quiet(160, 160), quiet(161)) })).toBe(true);
  });

  test('that were an exception before are not usual', () => {
    const before = quiet(...times(19, 40), 900);
    expect(proven(gap, { stats: reports(before, quiet(150)) })).toBe(true);
  });

  test('that come no more prove its end, over the last two seconds', () => {
    const heal = (...after: number[]) =>
      proven(gap, { does: 'heal', stats: reports(quiet(30), quiet(...after)) });
    expect(heal(900, ...times(8, 149))).toBe(true);
    expect(heal(900, ...times(7, 149))).toBe(false);
    expect(heal(...times(7, 149), 150)).toBe(false);
  });
});

describe('the size of pieces', () => {
  const pieces: Witness = { ...at, kind: 'pieces' };
  const reads = (count: number, bytesARead: number, from = { bytesIn: 0, readsIn: 0 }) =>
    Array.from({ length: count }, (_, i) => ({
      bytesIn: from.bytesIn + (i + 1) * 10 * bytesARead,
      readsIn: from.readsIn + (i + 1) * 10,
    }));
  const torn = (is: number, count = 9) => {
    const before = reads(9, 1000);
    return { stats: reports(before, reads(count, is, before.at(-1))) };
  };

  test('proves tearing by less than seven tenths of what came at a time', () => {
    expect(both(pieces, torn(699))).toEqual([true, false]);
    expect(both(pieces, torn(700))).toEqual([false, true]);
  });

  test('is not known of less than two seconds, or where nothing was read', () => {
    expect(both(pieces, torn(100, 8))).toEqual([false, false]);
    const still = { stats: reports(reads(9, 1000), times(9, { bytesIn: 90_000, readsIn: 90 })) };
    expect(both(pieces, still)).toEqual([false, false]);
  });
});

describe('limits', () => {
  const cpus: Witness = { ...at, kind: 'limits', cpus: 0.1, quietMs: 4000 };
  const memory: Witness = { ...at, kind: 'limits', memoryMb: 64, quietMs: 4000 };
  /** Held back so much in each quarter of a second. */
  const held = (ms: number, count = 8) =>
    Array.from({ length: count }, (_, i) => ({ throttledMs: i * ms }));

  test('of the processor are felt by a twentieth of the time', () => {
    expect(proven(cpus, { stats: reports(held(0), held(12.5)) })).toBe(true);
    expect(proven(cpus, { stats: reports(held(0), held(12.4)) })).toBe(false);
    expect(proven(cpus, { stats: reports(held(0), held(250, 4)) })).toBe(false);
    expect(proven(cpus, { stats: reports(held(0), held(250, 5)) })).toBe(true);
  });

  test('of the processor are over when half as much is held back', () => {
    const heal = (was: number, is: number) =>
      proven(cpus, { does: 'heal', stats: reports(held(was), held(is)) });
    expect(heal(100, 50)).toBe(false);
    expect(heal(100, 49)).toBe(true);
    expect(heal(0, 12)).toBe(true);
    expect(heal(0, 13)).toBe(false);
  });

  test('of memory are what the kernel says, but for a page', () => {
    const has = (memoryLimitMb: number) =>
      both(memory, { stats: reports([], [{ memoryLimitMb }]) });
    expect(has(65)).toEqual([true, false]);
    expect(has(66)).toEqual([false, true]);
  });

  test('of memory may be too little to live: then nothing more is heard of it, while others report', () => {
    const other = (atMs: number) => counted({ stage: 'origin', atMs });
    const silent = (ms: number) => [...reports([{}], [{}]), other(DONE_MS + 250 + ms)];
    expect(proven(memory, { stats: silent(4000) })).toBe(true);
    expect(proven(memory, { stats: silent(3999) })).toBe(false);
    expect(proven(memory, { stats: silent(4000), does: 'heal' })).toBe(false);
    expect(proven(cpus, { stats: silent(4000) })).toBe(false);
  });
});

describe('answers', () => {
  const answers = (...ms: (number | undefined)[]): Answer[] => ms.map((one) => ({ ms: one }));
  const silent: Witness = { ...asked, kind: 'answer' };
  const slow = (addedMs: number, byChance = false): Witness => ({
    ...asked,
    kind: 'answer',
    addedMs,
    ...(byChance ? { byChance } : {}),
  });
  const before = { ms: 10 };

  test('that do not come prove a cut, where one came before; one that comes, its end', () => {
    expect(both(silent, { before, answers: answers(5, undefined) })).toEqual([true, true]);
    expect(both(silent, { before, answers: answers(undefined) })).toEqual([true, false]);
    expect(both(silent, { answers: answers(undefined) })).toEqual([false, false]);
    expect(both(silent, { before: { ms: undefined }, answers: answers(3) })).toEqual([false, true]);
  });

  test('prove a delay by half of it', () => {
    expect(both(slow(500), { before, answers: answers(260) })).toEqual([true, false]);
    expect(both(slow(500), { before, answers: answers(259) })).toEqual([false, true]);
    expect(both(slow(500), { answers: answers(900) })).toEqual([false, false]);
    expect(both(slow(500), { before, answers: answers(undefined) })).toEqual([false, false]);
  });

  test('are the middle of the last five where the delay is small', () => {
    const few = answers(30, 30, 30, 30);
    expect(both(slow(40), { before, answers: few })).toEqual([false, false]);
    expect(both(slow(40), { before, answers: [...few, ...answers(1)] })).toEqual([true, false]);
    const late = answers(900, 900, 900, 29, 29, 29, 29, 29);
    expect(both(slow(40), { before, answers: late })).toEqual([false, true]);
  });

  test('of which one met the fault are enough where that is chance', () => {
    const one = { before, answers: answers(10, 30, 10) };
    expect(proven(slow(40, true), one)).toBe(true);
    expect(proven(slow(40, true), { ...one, does: 'heal' })).toBe(false);
    expect(proven(slow(40, true), { before, answers: answers(10, 29, 10) })).toBe(false);
    expect(
      proven(slow(40, true), { does: 'heal', before, answers: answers(...times(5, 10)) }),
    ).toBe(true);
  });
});

describe('a witness that is asked', () => {
  test('is asked what it can answer; one that reports is asked nothing', () => {
    const fault = {
      match: { of: 'playlist', rung: undefined, every: undefined, ratio: 1 },
      answer: { kind: 'hang' },
    } as const;
    const waits = { rightMin: 1, rightForMs: 0, staleMs: 1000, publisher: 'transcoder.one' };
    const questions: readonly (readonly [Witness, unknown])[] = [
      [{ ...asked, kind: 'answer' }, { kind: 'exchange' }],
      [{ ...asked, kind: 'store' }, { kind: 'store' }],
      [
        { ...asked, kind: 'dates', channel: 'two', byMs: 1 },
        { kind: 'dates', channel: 'two' },
      ],
      [
        { ...asked, kind: 'request', channel: 'two', fault, ...waits },
        { kind: 'http', channel: 'two', fault },
      ],
      [{ ...at, kind: 'gap' }, undefined],
      [{ ...at, kind: 'lives' }, undefined],
    ];
    for (const [witness, question] of questions) expect(findQuestion(witness)).toEqual(question);
  });

  test('for room is refused for want of it, and nothing else; then what it puts there is taken', () => {
    const store: Witness = { ...asked, kind: 'store' };
    const status = (code: number) => both(store, { answers: [{ ms: 3, status: code }] });
    expect(status(507)).toEqual([true, false]);
    expect(status(503)).toEqual([false, false]);
    expect(status(201)).toEqual([false, true]);
    expect(both(store, { answers: [{ ms: undefined }] })).toEqual([false, false]);
    const last = {
      answers: [
        { ms: 3, status: 507 },
        { ms: 3, status: 201 },
      ],
    };
    expect(both(store, last)).toEqual([false, true]);
  });

  test('for dates sees a step of the size, near enough, and back', () => {
    const dates: Witness = { ...asked, kind: 'dates', channel: 'one', byMs: 60_000 };
    const steps = (...dateStepsMs: number[]) => both(dates, { answers: [{ ms: 1, dateStepsMs }] });
    expect(steps(0, 60_300, 49)).toEqual([true, false]);
    expect(steps(0, 60_301)).toEqual([false, false]);
    expect(steps(59_700)).toEqual([true, false]);
    expect(steps(60_000, -60_000)).toEqual([false, true]);
    expect(steps(60_000, 50)).toEqual([false, false]);
  });
});
