// Tests what rules of a check choose between: whom they name, how grave it is, and what they advise.

import { describe, expect, it } from 'vitest';
import { makeContext } from '../../../harness/check/context.ts';
import type { AnnouncedWindow } from '../../../harness/check/input.ts';
import { lostInPairs } from '../../../harness/check/rules/lostInPairs.ts';
import { connection, FAST, SLOW } from '../routing/builders.ts';
import { accessOf, at, designOf, HOUR, inputOf, TWO_PATHS, windowOf } from './builders.ts';
import { findingsOf, notDrained, onB, one } from './findings.ts';

const NIGHT = at('2025-09-10T00:00:00Z');
const THREE = accessOf([...TWO_PATHS, connection('c', 50, { session: FAST })]);
const on = (...names: readonly string[]) => ({
  targets: names.map((name) => ({ kind: 'path', name }) as const),
});
const later = (hours: number, changes: Partial<AnnouncedWindow>) => ({
  fromEpochMs: NIGHT + hours * HOUR,
  ...changes,
});

describe('owners who meet', () => {
  const meeting = (...windows: readonly AnnouncedWindow[]) =>
    findingsOf('owners-overlap', { accesses: [THREE], windows });
  const ofX = (changes: Partial<AnnouncedWindow>) => ({ owner: 'x', ...changes });

  it('are told of where nothing is left, before those who leave something', () => {
    const windows = [
      windowOf('on a', ofX(on('a'))),
      windowOf('on c', { owner: 'y', source: 'y.yaml:1', ...on('c') }),
      windowOf('both', later(1, on('a', 'b'))),
    ];
    const last = meeting(...windows).find(({ targets }) => targets.includes('both'));
    expect(last).toMatchObject({
      severity: 'stop',
      targets: ['connect', 'on c', 'both'],
      source: 'y.yaml:1, windows.yaml:3',
    });
    expect(last?.text).toMatch(/^y works on c while carrier works on a and b, for 3 h /);
  });

  it('may work on a part of what the other works on, not on the same', () => {
    const second = windowOf('second', later(1, on('a')));
    expect(meeting(windowOf('first', ofX(on('a', 'b'))), second)).toHaveLength(1);
    expect(meeting(windowOf('first', ofX(on('a'))), second)).toEqual([]);
  });

  it('are named up to five, and the others counted, which nobody can accept', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => windowOf(`on b ${i}`, { ...ofX(onB) }));
    const second = windowOf('second', later(1, on('a')));
    const [five, seven] = [5, 7].map((count) => meeting(...many(count), second).at(-1));
    expect(five?.text).not.toContain('more');
    const accepted = [5, 7].map((count) => {
      const windows = [...many(count), second];
      const about = meeting(...windows).at(-1)?.targets ?? [];
      const those = { rule: 'owners-overlap', about, fromEpochMs: undefined, untilEpochMs: NIGHT };
      const all = [{ ...those, by: 'Ann', why: 'no other night', source: 'it.yaml' }];
      const changes = { accesses: [THREE], windows, accepted: all };
      return findingsOf('owners-overlap', changes).at(-1)?.accepted?.by;
    });
    expect(accepted).toEqual(['Ann', undefined]);
    expect(seven?.text).toContain('x works on b and 2 more while carrier works on a');
  });
});

describe('a hole while traffic moves', () => {
  const accesses = [accessOf(TWO_PATHS.map((path) => ({ ...path, session: SLOW })))];
  const hint = (drain: AnnouncedWindow['drain']) =>
    one('switch-hole', { accesses, windows: [windowOf('night', { drain })] }).hint;

  it('is answered by what its drain lacks', () => {
    expect(hint({ style: 'none', leadMs: 0 })).toMatch(/^Drain the path/);
    expect(hint({ style: 'prepend', leadMs: 600_000 })).toMatch(/^Prepending does not move/);
    expect(hint({ style: 'withdraw', leadMs: 0 })).toMatch(/^Give the drain more lead/);
  });

  it('is a warning where players may just bridge it', () => {
    const bfd = { intervalMs: 2000, multiplier: 3, farIntervalMs: undefined };
    const paths = TWO_PATHS.map((path) => ({ ...path, session: { ...SLOW, bfd } }));
    const windows = [windowOf('night', notDrained)];
    expect(one('switch-hole', { accesses: [accessOf(paths)], windows }).severity).toBe('warning');
  });
});

describe('a drain', () => {
  const found = (drain: AnnouncedWindow['drain'], accesses = [accessOf(TWO_PATHS)]) =>
    findingsOf('drain-moves-nothing', { accesses, windows: [windowOf('night', { drain })] });

  it('that does not exist moves nothing, and nobody said it would', () => {
    expect(found({ style: 'none', leadMs: 0 })).toEqual([]);
  });

  it('by prepending needs one equal path, not only such', () => {
    const prepend = { style: 'prepend', leadMs: 600_000 } as const;
    expect(found(prepend)[0]?.targets).toEqual(['connect', 'night']);
    const paths = [connection('a', 100), connection('b', 100), connection('c', 50)];
    expect(found(prepend, [accessOf(paths)])).toEqual([]);
  });
});

describe('no path left', () => {
  const alone = accessOf([connection('a', 100, { session: FAST })]);

  it('is answered by another path, or by another time', () => {
    const only = one('no-path-left', { accesses: [alone] });
    expect(only.text).toMatch(/: night \(carrier\) takes a$/);
    expect(only.hint).toMatch(/^Add a path/);
    const windows = [windowOf('night'), windowOf('second', { ...onB, owner: 'x' })];
    expect(one('no-path-left', { windows }).hint).toContain('ask carrier and x for times');
  });

  it('is not laid to a stage that is worked on then, until the path is back', () => {
    const upgrade = windowOf('upgrade', {
      targets: [{ kind: 'stage', name: 'transcoder' }],
      toEpochMs: NIGHT + 6 * HOUR,
    });
    expect(
      one('stage-away', { accesses: [alone], windows: [windowOf('night'), upgrade] }),
    ).toMatchObject({ from: '2025-09-10T06:00+02:00', to: '2025-09-10T08:00+02:00' });
  });
});

it('a stage that is away names the work on stages alone, and is back when that ends', () => {
  const upgrade = windowOf('upgrade', {
    targets: [{ kind: 'stage', name: 'transcoder' }],
    toEpochMs: NIGHT + HOUR,
  });
  expect(one('stage-away', { windows: [windowOf('night'), upgrade] })).toMatchObject({
    targets: ['transcoder', 'upgrade'],
    to: '2025-09-10T03:00+02:00',
  });
});

it('a short notice tells what is promised for its kind', () => {
  const told = (kind: AnnouncedWindow['kind']) => {
    const rule = { plannedDays: 14, reminderDays: [7], emergencyMs: HOUR };
    return one('short-notice', {
      windows: [windowOf('night', { kind, noticedAtEpochMs: NIGHT - HOUR / 2 })],
      ownerRules: [{ owner: 'carrier', rule, source: 'p:1' }],
    });
  };
  expect(told('planned').text).toContain('carrier promises 14 calendar days');
  expect(told('planned').hint).toContain('expect reminders 7 days before');
  expect(told('emergency').text).toContain('carrier promises 1 h');
  expect(told('emergency').hint).toMatch(/^Drain now/);
});

it('a failover test in a window is read in both places', () => {
  const windows = [
    windowOf('night', { source: 'carrier.yaml:1' }),
    windowOf('test', { ...onB, kind: 'failover-test' }),
  ];
  expect(one('failover-test-in-window', { windows }).source).toBe('windows.yaml:3, carrier.yaml:1');
});

it('a single point of failure is either a path or a stage', () => {
  const found = findingsOf('single-point-of-failure', {
    accesses: [accessOf([connection('a', 100)])],
  });
  const targets = (severity: 'warning' | 'note') =>
    found.flatMap((one) => (one.severity === severity ? one.targets : []));
  expect(targets('note')).toContain('transcoder');
  expect(targets('note').filter((name) => targets('warning').includes(name))).toEqual([]);
});

describe('pairs that take the programme away', () => {
  it('are not cut short where all are told', () => {
    const found = one('lost-in-pairs');
    expect(lostInPairs.find(makeContext(inputOf()))[0]).not.toHaveProperty('shortened');
    expect(found.text).not.toContain('more');
    expect(found.targets).toEqual(expect.arrayContaining(['device-a', 'device-b']));
  });

  it.each([
    [3, 4, '', undefined],
    [1, 13, '; 1 more', true],
  ])('are cut short after twelve: %i edges in a row beside %i', (ones, others, more, shortened) => {
    const { name, stages, links } = designOf();
    const edge = stages.find(({ role }) => role === 'edge')!;
    const rows = [ones, others].map((count, row) =>
      Array.from({ length: count }, (_, i) => ({ ...edge, name: `edge-${row}-${i}` })),
    );
    const joins = rows.flatMap((row) =>
      row.map((to, i) => ({ name: to.name, from: row[i - 1]?.name ?? 'origin', to: to.name })),
    );
    const all = [...stages.filter((stage) => stage !== edge), ...rows.flat()];
    const design = { name, stages: all, links: [...links, ...joins] };
    const found = lostInPairs.find(makeContext(inputOf({ design, accesses: [] })));
    expect(found).toHaveLength(1);
    expect(found[0]?.text.match(/stage edge-0-\d+ and stage edge-1-\d+/g)).toHaveLength(12);
    expect(found[0]?.text.match(/; \d+ more$/)?.[0] ?? '').toBe(more);
    expect(found[0]?.shortened).toBe(shortened);
  });

  it('are left out where parts of both do as much', () => {
    const places = { a: ['big', 'here'], b: ['big', 'there'], c: ['small', 'here'] };
    const paths = Object.entries(places).map(([name, [operator = '', location = '']], i) =>
      connection(name, 9 - i, { operator, location, session: FAST }),
    );
    const [found] = findingsOf('lost-in-pairs', { accesses: [accessOf(paths)] });
    const pairs = found?.text.split(': ').at(-1)?.split('; ') ?? [];
    expect(pairs.map((pair) => pair.split(' and ').toSorted())).toEqual(
      expect.arrayContaining([
        ['device device-b (location there)', 'location here'],
        ['device device-c (operator small)', 'operator big'],
      ]),
    );
    expect(pairs).toHaveLength(2);
  });

  it('are told of two of one kind even then', () => {
    const paths = [
      connection('a', 9, { operator: 'big', session: FAST }),
      connection('b', 8, { operator: 'big', filter: 'drops-traffic' }),
      connection('c', 7, { operator: 'small', session: FAST }),
    ];
    const [found] = findingsOf('lost-in-pairs', { accesses: [accessOf(paths)] });
    expect(found?.text).toContain('device device-a (location location-a) and device device-c');
    expect(found?.text).toContain('operator big and device device-c');
  });
});

it('what is lost alone is named without its kind among the targets', () => {
  expect(findingsOf('lost-alone')[0]?.targets).toEqual(expect.arrayContaining(['edge', 'FR']));
});

it.each([
  [18_000, 0],
  [18_001, 2],
])('timers are fragile beyond what a player holds: %i ms', (holdMs, count) => {
  const session = { ...SLOW, bgp: { ...SLOW.bgp, keepaliveMs: 6000, holdMs } };
  const accesses = [accessOf(TWO_PATHS.map((path) => ({ ...path, session })))];
  expect(findingsOf('fragile-timers', { accesses })).toHaveLength(count);
});
