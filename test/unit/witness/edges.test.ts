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
const HEAL = { does: 'heal' } as const;
type Told = Omit<Parameters<typeof counted>[0], 'stage'>;
const of = (stage: string, ...told: readonly Told[]): StatsRecord[] =>
  told.map((one) => counted({ stage, ...one }));
const reports = (...told: readonly Told[]) => of('s', ...told);

/** Reports of figures in this order: `0:1,2 500:3,4` are two, half a second apart. */
const strip = (text: string, ...names: readonly string[]): Told[] =>
  text.split(' ').map((report) => {
    const [atMs, figures = ''] = report.split(':');
    const values = figures.split(',').map((value, i) => [names[i], Number(value)]);
    return { atMs: Number(atMs), ...(Object.fromEntries(values) as object) };
  });

/** A title, who judges, what it saw, whether that proves it, and what is observed of it. */
type Row = readonly [string, Witness, Partial<Seen>, boolean, RegExp];
const holds = (_title: string, witness: Witness, seen: Partial<Seen>, is: boolean, says: RegExp) =>
  expect(judge(witness, seen)).toEqual({
    proven: is,
    observed: expect.stringMatching(says) as string,
  });

describe('a counter', () => {
  const plain: Witness = {
    ...COMMON,
    kind: 'counter',
    counter: 'bytesIn',
    quietMs: 500,
    rateOverMs: 1000,
  };
  const limited: Witness = { ...plain, limitKbps: 80 };
  const at = (text: string) => reports(...strip(text, 'bytesIn'));
  const cut = (text: string, more: Partial<Seen> = {}) => ({ stats: at(text), ...more });
  const back = (text: string) => cut(text, HEAL);
  const AFTER = { afterAnother: true };
  const OTHER_COUNTER = [...at('0:1 500:5'), ...reports({ atMs: 1100, bytesOut: 9 })];
  const OTHER_STAGE = [...at('0:1 500:5'), ...of('other', { atMs: 1100, bytesIn: 9 })];

  // 10 kB in a second are 80 kbit/s; a quarter more is let through.
  it.each<Row>([
    ['stands still long enough', plain, cut('0:1 500:5 1100:9 1600:9'), true, /still for 0.5 s$/],
    ['stands still too shortly', plain, cut('0:1 500:5 1100:9 1599:9'), false, /0.5 s would prove/],
    ['stood still before', plain, cut('0:5 500:5 1100:5 1700:5'), false, /did not grow before/],
    ['stood still after another', plain, cut('0:5 500:5 1100:5 1700:5', AFTER), true, /still/],
    ['has reported nothing since', plain, cut('0:1 1000:5'), false, /nothing since/],
    ['is another one of the stage', plain, { stats: OTHER_COUNTER }, false, /nothing since/],
    ['is of another stage', plain, { stats: OTHER_STAGE }, false, /nothing since/],
    ['grows again', plain, back('900:5 1100:5 1300:6'), true, /within 0.4 s/],
    ['still stands', plain, back('900:5 1100:5 1300:5'), false, /still stands still/],
    ['grows from its first report', plain, back('1100:5 1300:6'), true, /within 0.2 s/],
    [
      'keeps to its limit',
      limited,
      cut('0:0 1000:50000 1001:50000 2001:62500'),
      true,
      /^100 .* 400/,
    ],
    [
      'is above its limit',
      limited,
      cut('0:0 1000:50000 1001:50000 2001:62513'),
      false,
      /^100 kbit/,
    ],
    ['was no faster', limited, cut('0:0 1000:10000 1001:10000 2001:20000'), false, /80 before/],
    ['was hidden', limited, cut('0:0 1000:10000 1001:10000 2001:20000', AFTER), true, /unknown/],
    ['has no rate yet', limited, cut('0:0 1000:50000 1001:0 2000:0'), false, /not enough/],
    ['had no rate before', limited, cut('500:0 1000:50000 1001:0 2001:0'), false, /not enough/],
    [
      'is at the limit all the same',
      limited,
      back('1001:0 2001:11000'),
      false,
      /^88 .* without it/,
    ],
    ['is above it again', limited, back('1001:0 2001:11013'), true, /^88 kbit/],
    ['was above it for a while', limited, back('1001:0 2001:20000 3001:20000'), true, /^160 kbit/],
  ])('%s', holds);
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
  const sized = (atMs: number, width: number, height: number) => say(atMs, { width, height });
  const before = say(1000, { codec: 'h264', width: 320, height: 180, ptsMs: 3000 });
  const pts = (ptsMs: number) => [before, say(1100, { ptsMs })];

  it.each<[string, Witness, 'inject' | 'heal', readonly Told[], boolean]>([
    ['another size', size, 'inject', [before, sized(1001, 640, 360)], true],
    ['another width only', size, 'inject', [before, sized(1001, 640, 180)], false],
    ['another height only', size, 'inject', [before, sized(1001, 320, 360)], false],
    ['no size', size, 'heal', [before, say(1001, { codec: 'h264' })], false],
    ['its old size', size, 'heal', [before, sized(1001, 320, 180)], true],
    [
      'a size for a while',
      size,
      'inject',
      [before, sized(1001, 640, 360), sized(1002, 1, 1)],
      true,
    ],
    ['its old one', size, 'heal', [before, sized(1001, 320, 180), sized(1002, 640, 360)], false],
    ['another codec', codec, 'inject', [before, say(1001, { codec: 'mpeg2' })], true],
    ['no codec', codec, 'heal', [before, say(1001, {})], false],
    ['nothing since', size, 'inject', [before, sized(1000, 640, 360)], false],
    ['nothing before', size, 'inject', [sized(1001, 640, 360)], false],
    ['a jump', jump, 'inject', pts(8100), true],
    ['a jump within its tolerance', jump, 'inject', pts(8600), true],
    ['a jump beyond it', jump, 'inject', pts(8601), false],
    ['no time stamps', jump, 'inject', [before, say(1100, { codec: 'h264' })], false],
    ['the jump back', jump, 'heal', pts(-1900), true],
    ['a jump that came again', jump, 'heal', pts(8100), false],
  ])('%s', (_title, witness, does, told, proven) => {
    expect(judge(witness, { does, stats: reports(...told) }).proven).toBe(proven);
    expect(judge(witness, { does, stats: of('other', ...told) }).proven).toBe(false);
  });
});

describe('limits', () => {
  const memory: Witness = { ...COMMON, kind: 'limits', memoryMb: 100, quietMs: 2_000 };
  const cpus: Witness = { ...COMMON, kind: 'limits', cpus: 0.5, quietMs: 2_000 };
  /** The memory that it may have, and when another stage reports after that. */
  const may = (memoryLimitMb: number, othersAtMs?: number, more: Partial<Seen> = {}) => ({
    stats: [
      ...reports({ atMs: 1100, memoryLimitMb }),
      ...(othersAtMs === undefined ? [] : of('other', { atMs: othersAtMs })),
    ],
    ...more,
  });
  const kept = (atMs: number, throttledMs: number) => ({ atMs, throttledMs });
  /** Held back for this much of each second, a report each second. */
  const held = (fromMs: number, count: number, eachMs: number) =>
    Array.from({ length: count }, (_, i) => kept(fromMs + i * 1000, i * eachMs));
  const stats = (...told: readonly Told[]) => ({ stats: reports(...told) });
  const over = (...told: readonly Told[]) => ({ ...stats(...told), ...HEAL });
  const QUIET_LATER = Array.from({ length: 8 }, (_, i) => kept(-6500 + i * 1000, 2700));
  const HELD_BEFORE = [...held(-9000, 3, 900), ...QUIET_LATER];

  it.each<[string, Witness, Partial<Seen>, boolean]>([
    ['of memory are there', memory, may(101), true],
    ['of memory are not', memory, may(102), false],
    ['of memory are gone', memory, may(102, undefined, HEAL), true],
    ['of memory are not gone', memory, may(101, undefined, HEAL), false],
    ['of memory were not read', memory, stats({ atMs: 1100 }), false],
    ['of memory left too little to live', memory, may(200, 3100), true],
    ['of memory may have', memory, may(200, 3099), false],
    ['of memory left too little: that heals nothing', memory, may(100, 9000, HEAL), false],
    ['hold it back', cpus, stats(...held(1100, 3, 50)), true],
    ['hold it back hardly', cpus, stats(...held(1100, 3, 49)), false],
    ['were not read for long enough', cpus, stats(kept(1100, 0), kept(2099, 900)), false],
    ['hold it back by what came last', cpus, stats(...held(1100, 8, 0), kept(9100, 300)), false],
    ['do so no more', cpus, over(...held(-1000, 3, 500), ...held(1100, 3, 200)), true],
    ['do so half as much', cpus, over(...held(-1000, 3, 500), ...held(1100, 3, 250)), false],
    ['hold it back less than before', cpus, over(...held(1100, 3, 250)), true],
    ['held it back at the end', cpus, over(...HELD_BEFORE, ...held(1100, 3, 200)), false],
  ])('%s', (_title, witness, seen, proven) => {
    expect(judge(witness, seen).proven).toBe(proven);
  });
});

describe('lives', () => {
  const witness: Witness = { ...COMMON, kind: 'lives' };
  const bytes = (text: string) => strip(text, 'bytesIn');
  const own = (text: string, more: Partial<Seen> = {}) => ({
    stats: reports(...bytes(text)),
    ...more,
  });
  const OTHER_BETWEEN = [
    ...reports({ atMs: 1000, bytesIn: 5 }),
    ...of('other', { atMs: 1001, bytesIn: 1 }),
    ...reports({ atMs: 1002, bytesIn: 6 }),
  ];
  const OTHER_SINCE = [...reports({ atMs: 1000 }), ...of('other', { atMs: 1001 })];

  it.each<[string, Partial<Seen>, boolean]>([
    ['began again', own('1000:50 1001:0'), true],
    ['go on', own('1000:50 1001:50'), false],
    ['began again before', own('900:50 1000:0'), false],
    ['began again while it was done', own('500:50 900:0', { begunAtMs: 500 }), true],
    ['of another stage', { stats: of('other', ...bytes('1000:50 1001:0')) }, false],
    ['of another stage between', { stats: OTHER_BETWEEN }, false],
    ['report again', { ...HEAL, stats: reports({ atMs: 1001 }) }, true],
    ['report nothing since', { ...HEAL, stats: OTHER_SINCE }, false],
  ])('%s', (_title, seen, proven) => {
    expect(judge(witness, seen).proven).toBe(proven);
  });
});

describe('the size of pieces', () => {
  const witness: Witness = { ...COMMON, kind: 'pieces' };
  const BEFORE = '0:0,0 900:10000,10';
  it.each<[string, 'inject' | 'heal', string, boolean]>([
    ['is smaller', 'inject', `${BEFORE} 1100:0,0 3100:6990,10`, true],
    ['is hardly smaller', 'inject', `${BEFORE} 1100:0,0 3100:7000,10`, false],
    ['is as before', 'heal', `${BEFORE} 1100:0,0 3100:7000,10`, true],
    ['was not seen for long enough', 'inject', `${BEFORE} 1100:0,0 3099:10,10`, false],
    ['is that of two seconds', 'inject', `${BEFORE} 1100:0,0 2100:90000,9 4100:90090,18`, true],
    [
      'is held against all before',
      'heal',
      `0:0,0 500:9000,1 900:10000,10 1100:0,0 3100:7000,10`,
      true,
    ],
    ['is unknown where nothing was read', 'inject', `${BEFORE} 1100:5,5 3100:5,5`, false],
    ['was unknown before', 'inject', '1100:0,0 3100:10,10', false],
  ])('%s', (_title, does, text, proven) => {
    const stats = reports(...strip(text, 'bytesIn', 'readsIn'));
    expect(judge(witness, { does, stats }).proven).toBe(proven);
  });
});

describe('numbers of datagrams', () => {
  const lost: Witness = {
    ...COMMON,
    kind: 'datagrams',
    lack: 'lost',
    share: 0.4,
    noneForMs: 1000,
  };
  const heard = (text: string, more: Partial<Seen> = {}) => ({
    stats: reports(...strip(text, 'datagramsIn', 'datagramsLost')),
    ...more,
  });
  it.each<Row>([
    ['lost, a quarter of what is meant', lost, heard('1000:0,0 2000:90,10'), true, /^10 of 100 /],
    ['lost, but fewer', lost, heard('1000:0,0 2000:91,9'), false, /^9 of 100 /],
    ['lost twice as much as before', lost, heard('0:0,0 1000:95,5 2000:185,15'), true, /^10 of/],
    ['lost hardly more', lost, heard('0:0,0 1000:94,6 2000:184,16'), false, /^10 of 100/],
    ['without a report since', lost, heard('0:0,0 1000:9,9'), false, /nothing since/],
    ['without one before', lost, heard('1001:0,0 2000:9,9'), false, /nothing before/],
    ['no more, for long enough', lost, heard('1000:0,50 2000:91,59', HEAL), true, /^9 of 100/],
    ['no more, too shortly', lost, heard('1001:0,50 2000:91,59', HEAL), false, /not enough/],
    ['as many as meant', lost, heard('1000:0,50 2000:90,60', HEAL), false, /^10 of 100/],
    ['no more at the end', lost, heard('1000:0,0 2000:9,9 3000:18,9', HEAL), true, /^0 of 9/],
  ])('%s', holds);
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
  const saw = (atMs: number, count: number, ageInMs: number | undefined = 100) =>
    ({ atMs, ageInMs, wrongIn: { black: count, still: 0, other: 0, silentMs: count } }) as Told;
  /** So many of them were counted by each moment. */
  const seen = (text: string, more: Partial<Seen> = {}, stage = 's') => ({
    stats: text.split(' ').flatMap((report) => {
      const [atMs = 0, count = 0] = report.split(':').map(Number);
      return of(stage, saw(atMs, count));
    }),
    ...more,
  });
  const NO_AGE = reports(saw(1000, 9), { ...saw(1101, 9), ageInMs: undefined });

  it.each<Row>([
    ['once', black, seen('400:2 1000:2 1001:3'), true, /^1 picture .* came since/],
    [
      'and just before',
      black,
      seen('400:1 600:2 1000:3 1001:9'),
      false,
      /^2 pictures .* just before/,
    ],
    ['and half a second before', black, seen('400:1 500:2 1000:2 1001:9'), true, /^7 pictures/],
    ['and before, as is known', black, seen('900:1 1000:2 1001:9'), false, /just before/],
    ['meanwhile', black, seen('500:0 900:4 1000:4', { begunAtMs: 500 }), true, /^4 pictures/],
    ['silence of 40 ms', silent, seen('0:0 1000:0 1001:40'), true, /^40 ms/],
    ['silence of 39 ms', silent, seen('0:0 1000:0 1001:39'), false, /^39 ms/],
    ['of another stage', black, seen('400:0 1000:0 1001:9', {}, 'o'), false, /nothing was counted/],
    ['and programme made since', black, seen('1000:9 1101:9', HEAL), true, /as it should/],
    ['and older programme', black, seen('1000:9 1100:9', HEAL), false, /^no programme made since/],
    ['and one of unknown age', black, { stats: NO_AGE, ...HEAL }, false, /^no programme/],
    ['in the last report', black, seen('1000:4 1500:9', HEAL), false, /^5 pictures .* last report/],
  ])('black %s', holds);

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
    const CYCLE = witness({ kind: 'cycle', steps: [{ forMs: 1, answer: { kind: 'stale' } }] });
    const PUBLISHED = uploads([1000, 4], [3000, 5]);
    const OTHERS = of('other', { atMs: 1000, uploads: 1 }, { atMs: 3000, uploads: 2 });
    const BEFORE = uploads([0, 3], [999, 4], [1000, 5], [3000, 5]);
    const stands = (stats: readonly StatsRecord[], ...answers: readonly Answer[]) => ({
      stats,
      answers: answers.length > 0 ? answers : [at(1000, 8), at(3000, 8)],
    });
    const healed = (...answers: readonly Answer[]) => ({ ...HEAL, answers });
    it.each<Row>([
      [
        'long enough',
        stale,
        stands(PUBLISHED, at(0, 9), at(1000, 8), at(3000, 8)),
        true,
        /8 for 2.0 s, /,
      ],
      [
        'too shortly',
        stale,
        stands(PUBLISHED, at(0, 9), at(1000, 8), at(2999, 8)),
        false,
        /while pub/,
      ],
      ['and nothing is published since', stale, stands(BEFORE), false, /published nothing/],
      ['while another publishes', stale, stands(OTHERS), false, /published nothing/],
      ['in a cycle', CYCLE, stands(PUBLISHED), true, /while publisher/],
      ['or is none', stale, { answers: [GOOD] }, false, /gave no playlist$/],
      ['is not right for that', stale, healed(at(1000, 8), at(3000, 8)), false, /as before$/],
      ['and moves', stale, healed(at(1000, 8), at(3000, 9)), true, /right 2 times/],
      ['or is broken', stale, healed(at(1000, 8), { ms: undefined }), false, /gave no answer$/],
    ])('%s', holds);
  });
});
