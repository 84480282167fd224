// Says for each kind of witness, from the things seen alone, what it takes for a proof at its bounds.

import { describe, expect, it } from 'vitest';
import { playlistSeen } from '../../support/playlistSeen.ts';
import { counted } from '../../support/counted.ts';
import type { Answer } from '../../../harness/model/answer.ts';
import type { StatsRecord } from '../../../harness/model/history.ts';
import type { HttpAnswer } from '../../../harness/model/wrongAnswers.ts';
import { provenBy, type Witness } from '../../../harness/witness/catalogue.ts';
import type { Seen } from '../../../harness/witness/kind.ts';

const judge = (witness: Witness, seen: Partial<Seen>) =>
  provenBy(witness, { does: 'inject', doneAtMs: 1000, stats: [], answers: [], ...seen });
const COMMON = { stage: 's', withinMs: 9_000, patienceMs: 1_000 };
type Told = Omit<Parameters<typeof counted>[0], 'stage'>;
const reports = (...told: readonly Told[]): StatsRecord[] =>
  told.map((one) => counted({ stage: 's', ...one }));
const of = (stage: string, ...told: readonly Told[]): StatsRecord[] =>
  told.map((one) => counted({ stage, ...one }));
const noise = (atMs: number) => of('other', { atMs });

describe('a counter', () => {
  const plain: Witness = {
    ...COMMON,
    kind: 'counter',
    counter: 'bytesIn',
    quietMs: 500,
    rateOverMs: 1000,
  };
  const limited: Witness = { ...plain, limitKbps: 80 };
  const at = (...pairs: readonly (readonly [number, number])[]) =>
    reports(...pairs.map(([atMs, bytesIn]) => ({ atMs, bytesIn })));

  it.each<[string, Witness, Partial<Seen>, boolean, RegExp]>([
    [
      'stands still long enough',
      plain,
      { stats: at([0, 1], [500, 5], [1100, 9], [1600, 9]) },
      true,
      /still for 0.5 s$/,
    ],
    [
      'stands still too shortly',
      plain,
      { stats: at([0, 1], [500, 5], [1100, 9], [1599, 9]) },
      false,
      /0.5 s would prove/,
    ],
    [
      'stood still before',
      plain,
      { stats: at([0, 5], [500, 5], [1100, 5], [1700, 5]) },
      false,
      /did not grow before/,
    ],
    [
      'stood still before, after another',
      plain,
      { afterAnother: true, stats: at([0, 5], [500, 5], [1100, 5], [1700, 5]) },
      true,
      /still/,
    ],
    ['has reported nothing since', plain, { stats: at([0, 1], [1000, 5]) }, false, /nothing since/],
    [
      'is another one of the stage',
      plain,
      { stats: [...at([0, 1], [500, 5]), ...reports({ atMs: 1100, bytesOut: 9 })] },
      false,
      /nothing since/,
    ],
    [
      'is of another stage',
      plain,
      { stats: [...at([0, 1], [500, 5]), ...of('other', { atMs: 1100, bytesIn: 9 })] },
      false,
      /nothing since/,
    ],
    [
      'grows again',
      plain,
      { does: 'heal', stats: at([900, 5], [1100, 5], [1300, 6]) },
      true,
      /within 0.4 s/,
    ],
    [
      'still stands',
      plain,
      { does: 'heal', stats: at([900, 5], [1100, 5], [1300, 5]) },
      false,
      /still stands still/,
    ],
    [
      'grows from its first report',
      plain,
      { does: 'heal', stats: at([1100, 5], [1300, 6]) },
      true,
      /within 0.2 s/,
    ],
    // 10 kB in a second are 80 kbit/s; a quarter more is let through.
    [
      'keeps to its limit',
      limited,
      { stats: at([0, 0], [1000, 50_000], [1001, 50_000], [2001, 62_500]) },
      true,
      /^100 kbit\/s with it, 400 before, limit 80/,
    ],
    [
      'is above its limit',
      limited,
      { stats: at([0, 0], [1000, 50_000], [1001, 50_000], [2001, 62_513]) },
      false,
      /^100 kbit/,
    ],
    [
      'was no faster before',
      limited,
      { stats: at([0, 0], [1000, 10_000], [1001, 10_000], [2001, 20_000]) },
      false,
      /80 before/,
    ],
    [
      'was hidden before',
      limited,
      { afterAnother: true, stats: at([0, 0], [1000, 10_000], [1001, 10_000], [2001, 20_000]) },
      true,
      /unknown before/,
    ],
    [
      'has no rate yet',
      limited,
      { stats: at([0, 0], [1000, 50_000], [1001, 0], [2000, 0]) },
      false,
      /not enough/,
    ],
    [
      'had no rate before',
      limited,
      { stats: at([500, 0], [1000, 50_000], [1001, 0], [2001, 0]) },
      false,
      /not enough/,
    ],
    [
      'is at the limit all the same',
      limited,
      { does: 'heal', stats: at([1001, 0], [2001, 11_000]) },
      false,
      /^88 kbit\/s without it/,
    ],
    [
      'is above it again',
      limited,
      { does: 'heal', stats: at([1001, 0], [2001, 11_013]) },
      true,
      /^88 kbit/,
    ],
    [
      'was above it for a while',
      limited,
      { does: 'heal', stats: at([1001, 0], [2001, 20_000], [3001, 20_000]) },
      true,
      /^160 kbit/,
    ],
  ])('%s', (_title, witness, seen, proven, observed) => {
    expect(judge(witness, seen)).toEqual({
      proven,
      observed: expect.stringMatching(observed) as string,
    });
  });
});

describe('what a contribution says of itself', () => {
  const size: Witness = {
    ...COMMON,
    kind: 'format',
    change: { kind: 'size', width: 640, height: 360 },
  };
  const codec: Witness = { ...COMMON, kind: 'format', change: { kind: 'codec', codec: 'mpeg2' } };
  const jump: Witness = { ...COMMON, kind: 'format', change: { kind: 'jump', byMs: 5_000 } };
  const say = (atMs: number, contribution: object) => ({ atMs, contribution }) as Told;
  const before = say(1000, { codec: 'h264', width: 320, height: 180, ptsMs: 3000 });

  it.each<[string, Witness, 'inject' | 'heal', readonly Told[], boolean]>([
    [
      'another size',
      size,
      'inject',
      [before, say(1001, { codec: 'h264', width: 640, height: 360 })],
      true,
    ],
    [
      'another width only',
      size,
      'inject',
      [before, say(1001, { codec: 'h264', width: 640, height: 180 })],
      false,
    ],
    [
      'another height only',
      size,
      'inject',
      [before, say(1001, { codec: 'h264', width: 320, height: 360 })],
      false,
    ],
    ['no size', size, 'heal', [before, say(1001, { codec: 'h264' })], false],
    [
      'its old size',
      size,
      'heal',
      [before, say(1001, { codec: 'h264', width: 320, height: 180 })],
      true,
    ],
    [
      'a size for a while',
      size,
      'inject',
      [before, say(1001, { width: 640, height: 360 }), say(1002, { width: 1, height: 1 })],
      true,
    ],
    [
      'its old size for a while',
      size,
      'heal',
      [before, say(1001, { width: 320, height: 180 }), say(1002, { width: 640, height: 360 })],
      false,
    ],
    ['another codec', codec, 'inject', [before, say(1001, { codec: 'mpeg2' })], true],
    ['no codec', codec, 'heal', [before, say(1001, {})], false],
    ['nothing since', size, 'inject', [before, say(1000, { width: 640, height: 360 })], false],
    ['nothing before', size, 'inject', [say(1001, { width: 640, height: 360 })], false],
    ['a jump', jump, 'inject', [before, say(1100, { ptsMs: 8100 })], true],
    ['a jump within its tolerance', jump, 'inject', [before, say(1100, { ptsMs: 8600 })], true],
    ['a jump beyond it', jump, 'inject', [before, say(1100, { ptsMs: 8601 })], false],
    ['no time stamps', jump, 'inject', [before, say(1100, { codec: 'h264' })], false],
    ['the jump back', jump, 'heal', [before, say(1100, { ptsMs: -1900 })], true],
    ['a jump that came again', jump, 'heal', [before, say(1100, { ptsMs: 8100 })], false],
  ])('%s', (_title, witness, does, told, proven) => {
    expect(judge(witness, { does, stats: reports(...told) }).proven).toBe(proven);
    expect(judge(witness, { does, stats: of('other', ...told) }).proven).toBe(false);
  });
});

describe('limits', () => {
  const memory: Witness = { ...COMMON, kind: 'limits', memoryMb: 100, quietMs: 2_000 };
  const cpus: Witness = { ...COMMON, kind: 'limits', cpus: 0.5, quietMs: 2_000 };
  const kept = (atMs: number, throttledMs: number) => ({ atMs, throttledMs });
  const may = (atMs: number, memoryLimitMb: number) => ({ atMs, memoryLimitMb });
  /** Held back for this much of each second, a report each second. */
  const held = (fromMs: number, count: number, eachMs: number) =>
    Array.from({ length: count }, (_, i) => kept(fromMs + i * 1000, i * eachMs));

  it.each<[string, Witness, Partial<Seen>, boolean]>([
    ['of memory are there', memory, { stats: reports(may(1100, 101)) }, true],
    ['of memory are not', memory, { stats: reports(may(1100, 102)) }, false],
    ['of memory are gone', memory, { does: 'heal', stats: reports(may(1100, 102)) }, true],
    ['of memory are not gone', memory, { does: 'heal', stats: reports(may(1100, 101)) }, false],
    ['of memory were not read', memory, { stats: reports({ atMs: 1100 }) }, false],
    [
      'of memory left too little to live',
      memory,
      { stats: [...reports(may(1100, 200)), ...noise(3100)] },
      true,
    ],
    ['of memory may have', memory, { stats: [...reports(may(1100, 200)), ...noise(3099)] }, false],
    [
      'of memory left too little: that heals nothing',
      memory,
      { does: 'heal', stats: [...reports(may(1100, 100)), ...noise(9000)] },
      false,
    ],
    ['hold it back', cpus, { stats: reports(...held(1100, 3, 50)) }, true],
    ['hold it back hardly', cpus, { stats: reports(...held(1100, 3, 49)) }, false],
    [
      'were not read for long enough',
      cpus,
      { stats: reports(kept(1100, 0), kept(2099, 900)) },
      false,
    ],
    [
      'hold it back by what came last',
      cpus,
      { stats: reports(...held(1100, 8, 0), kept(9100, 300)) },
      false,
    ],
    [
      'hold it back no more',
      cpus,
      { does: 'heal', stats: reports(...held(-1000, 3, 500), ...held(1100, 3, 200)) },
      true,
    ],
    [
      'hold it back half as much',
      cpus,
      { does: 'heal', stats: reports(...held(-1000, 3, 500), ...held(1100, 3, 250)) },
      false,
    ],
    [
      'hold it back less than before',
      cpus,
      { does: 'heal', stats: reports(...held(1100, 3, 250)) },
      true,
    ],
    [
      'held it back at the end, not before',
      cpus,
      {
        does: 'heal',
        stats: reports(
          ...held(-9000, 3, 900),
          ...Array.from({ length: 8 }, (_, i) => kept(-6500 + i * 1000, 2700)),
          ...held(1100, 3, 200),
        ),
      },
      false,
    ],
  ])('%s', (_title, witness, seen, proven) => {
    expect(judge(witness, seen).proven).toBe(proven);
  });
});

describe('lives', () => {
  const witness: Witness = { ...COMMON, kind: 'lives' };
  it.each<[string, Partial<Seen>, boolean]>([
    [
      'began again',
      { stats: reports({ atMs: 1000, bytesIn: 50 }, { atMs: 1001, bytesIn: 0 }) },
      true,
    ],
    ['go on', { stats: reports({ atMs: 1000, bytesIn: 50 }, { atMs: 1001, bytesIn: 50 }) }, false],
    [
      'began again before',
      { stats: reports({ atMs: 900, bytesIn: 50 }, { atMs: 1000, bytesIn: 0 }) },
      false,
    ],
    [
      'began again while it was done',
      { begunAtMs: 500, stats: reports({ atMs: 500, bytesIn: 50 }, { atMs: 900, bytesIn: 0 }) },
      true,
    ],
    [
      'of another stage',
      { stats: of('other', { atMs: 1000, bytesIn: 50 }, { atMs: 1001, bytesIn: 0 }) },
      false,
    ],
    [
      'of another stage between',
      {
        stats: [
          ...reports({ atMs: 1000, bytesIn: 5 }),
          ...of('other', { atMs: 1001, bytesIn: 1 }),
          ...reports({ atMs: 1002, bytesIn: 6 }),
        ],
      },
      false,
    ],
    ['report again', { does: 'heal', stats: reports({ atMs: 1001 }) }, true],
    [
      'report nothing since',
      { does: 'heal', stats: [...reports({ atMs: 1000 }), ...noise(1001)] },
      false,
    ],
  ])('%s', (_title, seen, proven) => {
    expect(judge(witness, seen).proven).toBe(proven);
  });
});

describe('the size of pieces', () => {
  const witness: Witness = { ...COMMON, kind: 'pieces' };
  const read = (atMs: number, bytesIn: number, readsIn: number) => ({ atMs, bytesIn, readsIn });
  const before = [read(0, 0, 0), read(900, 10_000, 10)];
  it.each<[string, 'inject' | 'heal', readonly Told[], boolean]>([
    ['is smaller', 'inject', [...before, read(1100, 0, 0), read(3100, 6_990, 10)], true],
    ['is hardly smaller', 'inject', [...before, read(1100, 0, 0), read(3100, 7_000, 10)], false],
    ['is as before', 'heal', [...before, read(1100, 0, 0), read(3100, 7_000, 10)], true],
    [
      'was not seen for long enough',
      'inject',
      [...before, read(1100, 0, 0), read(3099, 10, 10)],
      false,
    ],
    [
      'is that of the last two seconds',
      'inject',
      [...before, read(1100, 0, 0), read(2100, 90_000, 9), read(4100, 90_090, 18)],
      true,
    ],
    [
      'is unknown where nothing was read',
      'inject',
      [...before, read(1100, 5, 5), read(3100, 5, 5)],
      false,
    ],
    ['was unknown before', 'inject', [read(1100, 0, 0), read(3100, 10, 10)], false],
  ])('%s', (_title, does, told, proven) => {
    expect(judge(witness, { does, stats: reports(...told) }).proven).toBe(proven);
  });
});

describe('a store', () => {
  const witness: Witness = { ...COMMON, kind: 'store' };
  it.each<['inject' | 'heal', Answer | undefined, boolean, string]>([
    ['inject', { ms: 3, status: 507 }, true, 's answered 507'],
    ['inject', { ms: 3, status: 503 }, false, 's answered 503'],
    ['inject', { ms: undefined }, false, 's did not answer'],
    ['inject', undefined, false, 's was not asked'],
    ['heal', { ms: 3, status: 201 }, true, 's answered 201'],
    ['heal', { ms: 3, status: 507 }, false, 's answered 507'],
  ])('%s: %j', (does, answer, proven, observed) => {
    expect(judge(witness, { does, answers: answer ? [answer] : [] })).toEqual({ proven, observed });
  });
});

describe('what is seen and heard', () => {
  const black: Witness = { ...COMMON, kind: 'sight', shows: 'black' };
  const silent: Witness = { ...COMMON, kind: 'sight', shows: 'silent' };
  const saw = (atMs: number, count: number, ageInMs = 100) =>
    ({ atMs, ageInMs, wrongIn: { black: count, still: 0, other: 0, silentMs: count } }) as Told;
  it.each<[string, Witness, Partial<Seen>, boolean, RegExp]>([
    [
      'black once',
      black,
      { stats: reports(saw(400, 2), saw(1000, 2), saw(1001, 3)) },
      true,
      /^1 picture .* came since/,
    ],
    [
      'black, and just before',
      black,
      { stats: reports(saw(400, 1), saw(600, 2), saw(1000, 3), saw(1001, 9)) },
      false,
      /^2 pictures .* just before/,
    ],
    [
      'black, and half a second before',
      black,
      { stats: reports(saw(400, 1), saw(500, 2), saw(1000, 2), saw(1001, 9)) },
      true,
      /^7 pictures/,
    ],
    [
      'black, and before, as far as is known',
      black,
      { stats: reports(saw(900, 1), saw(1000, 2), saw(1001, 9)) },
      false,
      /just before/,
    ],
    [
      'black while it was done',
      black,
      { begunAtMs: 500, stats: reports(saw(500, 0), saw(900, 4), saw(1000, 4)) },
      true,
      /^4 pictures/,
    ],
    [
      'silence of 40 ms',
      silent,
      { stats: reports(saw(0, 0), saw(1000, 0), saw(1001, 40)) },
      true,
      /^40 ms/,
    ],
    [
      'silence of 39 ms',
      silent,
      { stats: reports(saw(0, 0), saw(1000, 0), saw(1001, 39)) },
      false,
      /^39 ms/,
    ],
    [
      'black of another stage',
      black,
      { stats: of('other', saw(400, 0), saw(1000, 0), saw(1001, 9)) },
      false,
      /nothing was counted/,
    ],
    [
      'programme made since',
      black,
      { does: 'heal', stats: reports(saw(1000, 9), saw(1101, 9)) },
      true,
      /as it should/,
    ],
    [
      'programme made before',
      black,
      { does: 'heal', stats: reports(saw(1000, 9), saw(1100, 9)) },
      false,
      /^no programme made since/,
    ],
    [
      'programme of unknown age',
      black,
      {
        does: 'heal',
        stats: reports(saw(1000, 9), { ...saw(1101, 9), ageInMs: undefined }),
      },
      false,
      /^no programme/,
    ],
    [
      'black in the last report',
      black,
      { does: 'heal', stats: reports(saw(1000, 4), saw(1500, 9)) },
      false,
      /^5 pictures .* last report/,
    ],
  ])('%s', (_title, witness, seen, proven, observed) => {
    expect(judge(witness, seen)).toEqual({
      proven,
      observed: expect.stringMatching(observed) as string,
    });
  });

  it('is as old as its oldest input', () => {
    const stats = [900, 1500].map((atMs) => {
      const { wrongIn } = saw(atMs, 3);
      return counted({ stage: 's', atMs, wrongIn, ageInMsBy: { a: 100, b: 600 } });
    });
    expect(judge(black, { does: 'heal', stats }).proven).toBe(false);
  });
});

describe('answers to requests', () => {
  const witness = (answer: HttpAnswer, more: object = {}) =>
    ({
      ...COMMON,
      kind: 'request',
      fault: { match: { of: 'any', ratio: 1 }, answer },
      rightMin: 1,
      rightForMs: 0,
      staleMs: 2_000,
      publisher: 'publisher',
      ...more,
    }) as unknown as Witness;
  const GOOD: Answer = { ms: 3.4, status: 200, bytes: 900, broken: false, damaged: false };
  const hang = witness({ kind: 'hang' });

  it.each<[Answer, boolean, string]>([
    [GOOD, true, 's gave status 200, 900 bytes, after 3 ms'],
    [{ ...GOOD, status: 404 }, false, 's gave status 404, 900 bytes, after 3 ms'],
    [{ ...GOOD, broken: true }, false, 's gave status 200, 900 bytes, broken off, after 3 ms'],
    [{ ...GOOD, bytes: 0 }, false, 's gave status 200, 0 bytes, after 3 ms'],
    [{ ...GOOD, damaged: true }, true, 's gave status 200, 900 bytes, damaged, after 3 ms'],
    [{ ms: undefined }, false, 's gave no answer'],
  ])('%j is right again: %s', (answer, proven, observed) => {
    expect(judge(hang, { does: 'heal', answers: [answer] })).toEqual({ proven, observed });
  });

  it('are counted in a row', () => {
    const { observed } = judge(hang, { does: 'heal', answers: [{ ms: undefined }, GOOD, GOOD] });
    expect(observed).toMatch(/right 2 times in a row$/);
  });

  it.each([
    { kind: 'gap', every: 2 },
    { kind: 'sequenceReset' },
    { kind: 'noDiscontinuity' },
  ] as const)('without a playlist show no %o', (answer) => {
    expect(judge(witness(answer), { answers: [GOOD] }).proven).toBe(false);
  });

  describe('with a playlist that stands', () => {
    const stale = witness({ kind: 'stale' });
    const at = (atMs: number, newest: number) => ({
      ...GOOD,
      atMs,
      playlist: playlistSeen(newest),
    });
    const uploads = (...pairs: readonly (readonly [number, number])[]) =>
      of('publisher', ...pairs.map(([atMs, count]) => ({ atMs, uploads: count })));
    it.each<[string, Witness, Partial<Seen>, boolean, RegExp]>([
      [
        'long enough',
        stale,
        { answers: [at(0, 9), at(1000, 8), at(3000, 8)], stats: uploads([1000, 4], [3000, 5]) },
        true,
        /with 8 for 2.0 s, while publisher/,
      ],
      [
        'not long enough',
        stale,
        { answers: [at(0, 9), at(1000, 8), at(2999, 8)], stats: uploads([1000, 4], [3000, 5]) },
        false,
        /while publisher/,
      ],
      [
        'and nothing is published since',
        stale,
        {
          answers: [at(1000, 8), at(3000, 8)],
          stats: uploads([0, 3], [999, 4], [1000, 5], [3000, 5]),
        },
        false,
        /published nothing/,
      ],
      [
        'while another publishes',
        stale,
        {
          answers: [at(1000, 8), at(3000, 8)],
          stats: of('other', { atMs: 1000, uploads: 1 }, { atMs: 3000, uploads: 2 }),
        },
        false,
        /published nothing/,
      ],
      [
        'in a cycle',
        witness({ kind: 'cycle', steps: [{ forMs: 1, answer: { kind: 'stale' } }] }),
        { answers: [at(1000, 8), at(3000, 8)], stats: uploads([1000, 4], [3000, 5]) },
        true,
        /while publisher/,
      ],
      ['or is none', stale, { answers: [GOOD] }, false, /gave no playlist$/],
      [
        'is not right for that',
        stale,
        { does: 'heal', answers: [at(1000, 8), at(3000, 8)] },
        false,
        /as before$/,
      ],
      [
        'and moves',
        stale,
        { does: 'heal', answers: [at(1000, 8), at(3000, 9)] },
        true,
        /right 2 times/,
      ],
      [
        'or is broken',
        stale,
        { does: 'heal', answers: [at(1000, 8), { ms: undefined }] },
        false,
        /gave no answer$/,
      ],
    ])('%s', (_title, one, seen, proven, observed) => {
      expect(judge(one, seen)).toEqual({
        proven,
        observed: expect.stringMatching(observed) as string,
      });
    });
  });
});
