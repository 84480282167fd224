// People in front of dark screens: who acts when, and never while the programme is there.

import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../harness/kernel/random.ts';
import { drawTime, type Behaviour } from '../../../harness/people/behaviour.ts';
import { BEHAVIOURS } from '../../../harness/people/catalogue.ts';
import { viewersSchema } from '../../../harness/scenario/viewersSchema.ts';
import { PLAYERS } from '../../../players/registry.ts';
import { LOOK_EVERY_MS, watchPeople } from '../../../harness/people/people.ts';

/** Everything that so many people do within so long, of which the first part is with the programme. */
function acts(
  behaviour: Behaviour,
  {
    count = 400,
    forMs,
    darkFrom = 0,
    darkTo = Infinity,
  }: {
    readonly count?: number;
    readonly forMs: number;
    readonly darkFrom?: number;
    readonly darkTo?: number;
  },
) {
  const done: { readonly viewer: string; readonly does: string; readonly atMs: number }[] = [];
  let now = 0;
  const ids = Array.from({ length: count }, (_, i) => `v${i}`);
  const people = watchPeople({
    behaviours: new Map(ids.map((id) => [id, behaviour])),
    random: seededRandom(1),
    act: (viewer, { does }) => void done.push({ viewer, does, atMs: now }),
  });
  for (; now <= forMs; now += LOOK_EVERY_MS)
    people.look(now, () => now < darkFrom || now >= darkTo);
  return done;
}

const shareOf = (done: ReturnType<typeof acts>, withinMs: number, count = 400): number =>
  new Set(done.filter(({ atMs }) => atMs <= withinMs).map(({ viewer }) => viewer)).size / count;

const MINUTE_MS = 60_000;

describe('people who see no programme', () => {
  test('reload after 20 s in the mean, and more and more seldom', () => {
    const done = acts(BEHAVIOURS.reloads, { forMs: 20 * MINUTE_MS });
    expect(shareOf(done, 20_000)).toBeCloseTo(1 - Math.exp(-1), 1);
    const inMinute = (n: number) =>
      done.filter(({ atMs }) => Math.floor(atMs / MINUTE_MS) === n).length;
    expect(inMinute(0)).toBeGreaterThan(2 * inMinute(10));
    expect(inMinute(18) / 400).toBeCloseTo(0.5, 1);
  });

  test('zap again and again: 10% within 10 s, 50% within a minute', () => {
    const done = acts(BEHAVIOURS.zaps, { forMs: 2 * MINUTE_MS });
    expect(shareOf(done, 10_000)).toBeCloseTo(0.1, 1);
    expect(shareOf(done, 2 * MINUTE_MS)).toBeCloseTo(0.5, 1);
    expect(done.length).toBeGreaterThan(new Set(done.map(({ viewer }) => viewer)).size * 1.2);
  });

  test('reboot once, 30% of them', () => {
    const done = acts(BEHAVIOURS.reboots, { forMs: 60 * MINUTE_MS });
    expect(shareOf(done, 60 * MINUTE_MS)).toBeCloseTo(0.3, 1);
    expect(new Set(done.map(({ viewer }) => viewer)).size).toBe(done.length);
  });

  test('leave, and half of those who left are back', () => {
    const done = acts(BEHAVIOURS.leaves, { forMs: 60 * MINUTE_MS });
    expect(shareOf(done, 10 * MINUTE_MS)).toBeCloseTo(0.4, 1);
    const first = (does: string) =>
      new Set(done.filter((one) => one.does === does).map(({ viewer }) => viewer)).size;
    expect(first('return') / first('leave')).toBeCloseTo(0.5, 1);
  });

  test('do nothing before, and nothing more once it is back', () => {
    const done = acts(BEHAVIOURS.reloads, { forMs: 300_000, darkFrom: 60_000, darkTo: 120_000 });
    const times = done.map(({ atMs }) => atMs);
    expect(Math.min(...times)).toBeGreaterThan(60_000);
    expect(Math.max(...times)).toBeLessThan(120_000);
    expect(times.length).toBeGreaterThan(400);
  });

  test('act the same for the same seed, whoever else is there', () => {
    const few = acts(BEHAVIOURS.reloads, { forMs: 60_000, count: 2 });
    const many = acts(BEHAVIOURS.reloads, { forMs: 60_000, count: 50 });
    expect(many.filter(({ viewer }) => viewer === 'v1')).toEqual(
      few.filter(({ viewer }) => viewer === 'v1'),
    );
  });

  test('stay where they are unless a behaviour says otherwise', () => {
    expect(acts(BEHAVIOURS.stay, { forMs: 60 * MINUTE_MS })).toEqual([]);
  });
});

test('somebody whom the plan lets go does nothing until it is back', () => {
  const done: string[] = [];
  const people = watchPeople({
    behaviours: new Map([['v1', BEHAVIOURS.reloads]]),
    random: seededRandom(1),
    act: (_, { does }) => void done.push(does),
  });
  people.moved('v1', false);
  for (let now = 0; now < 600_000; now += LOOK_EVERY_MS) people.look(now, () => false);
  expect(done).toEqual([]);
  people.moved('v1', true);
  for (let now = 600_000; now < 900_000; now += LOOK_EVERY_MS) people.look(now, () => false);
  expect(done.length).toBeGreaterThan(1);
});

test('a curve gives the time of who acts, and nothing for the others', () => {
  const at = (drawn: number) =>
    drawTime(
      [
        [0.1, 10_000],
        [0.5, 60_000],
      ],
      { next: () => drawn, fork: () => seededRandom(1) },
    );
  expect([0, 0.05, 0.1, 0.3, 0.5, 0.9].map(at)).toEqual([
    0,
    5_000,
    10_000,
    35_000,
    undefined,
    undefined,
  ]);
});

test('a behaviour that nobody knew before is named in a scenario once it is in the catalogue', () => {
  const group = { behaviour: 'shouts' };
  const known = { ...BEHAVIOURS, shouts: {} };
  expect(viewersSchema(PLAYERS, known).safeParse(group).success).toBe(true);
  expect(viewersSchema().safeParse(group).success).toBe(false);
});
