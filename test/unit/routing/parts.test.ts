// Tests capacity, choice and condition of paths, each by itself.

import { describe, expect, it } from 'vitest';
import type { AccessPath, PathEvent, PathEventKind } from '../../../harness/model/access.ts';
import { carried } from '../../../harness/routing/capacity.ts';
import { choose, type Candidate } from '../../../harness/routing/choice.ts';
import { findConditions, type PathCondition } from '../../../harness/routing/condition.ts';
import { connection, event, lag, vpn } from './builders.ts';

const GOOD = findConditions(connection('a', 100), [])[0]!.value;

describe('a path', () => {
  const line = connection('a', 100, { capacityMbps: 100 });
  const bundle = lag('a', 100, { members: 4, memberMbps: 25 });
  const tunnels = vpn('a', 100, { tunnels: 4, tunnelMbps: 25 });
  const single = vpn('a', 100, { tunnels: 2, tunnelMbps: 25, ecmp: false });
  const shared = vpn('a', 100, { tunnels: 4, tunnelMbps: 25, limit: 'sum' });
  type Case = [
    path: AccessPath,
    condition: Partial<PathCondition> | undefined,
    noticed: number,
    demand: readonly [number, number],
    lost: readonly [number, number],
    mbps: readonly [number, number],
  ];
  it.each<Case>([
    [line, undefined, 0, [100, 50], [0, 0], [100, 100]],
    [line, {}, 0, [200, 0], [0.5, 0], [100, 100]],
    [line, { capacityShare: 0.5 }, 0, [100, 50], [0.5, 0], [50, 50]],
    [line, { lossShare: 0.1 }, 0, [200, 100], [0.55, 0.1], [100, 100]],
    [line, { deadSilently: true }, 0, [0, 0], [1, 1], [0, 0]],
    [line, { deadOpenly: true }, 0, [0, 0], [1, 1], [0, 0]],
    [line, { testing: true }, 0, [0, 0], [1, 1], [0, 0]],
    [line, { filter: 'drops-traffic' }, 0, [0, 0], [1, 1], [0, 0]],
    [line, { filter: 'advertises-nothing' }, 0, [50, 50], [0, 0], [100, 100]],
    [bundle, { membersDown: 1 }, 0, [100, 75], [0.25, 0], [75, 75]],
    [bundle, { membersDown: 1 }, 1, [100, 75], [0.25, 0], [75, 75]],
    [tunnels, { membersDown: 1 }, 0, [75, 0], [0.25, 0.25], [75, 75]],
    [tunnels, { membersDown: 1 }, 1, [100, 75], [0.25, 0], [75, 75]],
    [tunnels, { membersDown: 2 }, 1, [30, 30], [0.333333333, 0.333333333], [50, 50]],
    [tunnels, { membersDown: 0 }, 1, [100, 75], [0.25, 0], [75, 75]],
    [tunnels, { membersDown: 4 }, 4, [1, 1], [1, 1], [0, 0]],
    [single, undefined, 0, [25, 50], [0, 0.5], [25, 25]],
    [single, { membersDown: 1 }, 0, [1, 1], [1, 1], [0, 0]],
    [single, { membersDown: 1 }, 1, [25, 25], [0, 0], [25, 25]],
    [single, { membersDown: 2 }, 2, [1, 1], [1, 1], [0, 0]],
    [shared, undefined, 0, [60, 20], [0, 0], [75, 25]],
    [shared, undefined, 0, [150, 50], [0.5, 0.5], [75, 25]],
    [shared, undefined, 0, [0, 0], [0, 0], [50, 50]],
    [shared, undefined, 0, [0, 50], [0, 0], [0, 100]],
    [shared, undefined, 0, [50, 0], [0, 0], [100, 0]],
    [{ ...line, kind: 'internet' }, undefined, 0, [200, 0], [0.5, 0], [100, 100]],
  ])('%# carries what it can', (path, changes, membersNoticed, [into, back], lost, mbps) => {
    const condition = changes && { ...GOOD, ...changes };
    expect(carried({ path, condition, membersNoticed, demand: { in: into, back } })).toEqual({
      passes: mbps[0] + mbps[1] > 0,
      capacityMbps: { in: mbps[0], back: mbps[1] },
      lossShare: { in: lost[0], back: lost[1] },
    });
  });
});

describe('the choice', () => {
  const candidate = (index: number, changes: Partial<Candidate> = {}): Candidate => ({
    index,
    path: connection(`p${index}`, 100),
    believed: true,
    demoted: false,
    condition: GOOD,
    heldUntilMs: -Infinity,
    ...changes,
  });
  const drained = (style: 'prepend' | 'graceful-shutdown') => ({
    condition: { ...GOOD, drains: new Set([style]) },
  });
  const preferred = { path: connection('better', 200) };
  const held = { heldUntilMs: 1_001 };

  it.each<[string, readonly Partial<Candidate>[], number | undefined, number | undefined]>([
    ['takes the first of equals', [{}, {}], undefined, 0],
    ['takes the preferred one', [{}, preferred], undefined, 1],
    ['takes none that is not believed in', [{ believed: false }, {}], undefined, 1],
    ['takes none where none is believed in', [{ believed: false }], 0, undefined],
    ['passes over a demoted one, however preferred', [{ ...preferred, demoted: true }, {}], 0, 1],
    [
      'keeps to one while the preferred one is demoted',
      [{}, { ...preferred, demoted: true }],
      0,
      0,
    ],
    ['keeps to one while its equal is prepended', [{}, drained('prepend')], 0, 0],
    [
      'passes over one that shuts down gracefully',
      [{ ...preferred, ...drained('graceful-shutdown') }, {}],
      0,
      1,
    ],
    ['passes over a prepended one among equals', [drained('prepend'), {}], 0, 1],
    [
      'takes a prepended one that is preferred',
      [{}, { ...preferred, ...drained('prepend') }],
      0,
      1,
    ],
    ['takes the last resort where there is no other', [{ demoted: true }], undefined, 0],
    ['passes over one in hold-down', [held, {}], undefined, 1],
    ['keeps one in hold-down that is in use', [held, {}], 0, 0],
    ['takes one in hold-down where there is no other', [held, { believed: false }], 1, 0],
    ['takes one whose hold-down is over', [{ heldUntilMs: 1_000 }, {}], undefined, 0],
  ])('%s', (_title, changes, installed, chosen) => {
    const candidates = changes.map((change, index) => candidate(index, change));
    expect(choose(candidates, installed, 1_000)).toBe(chosen);
  });
});

describe('the condition of a path', () => {
  const bundle = lag('a', 100, { members: 4, minimumLinks: 2 });
  const after = (path: AccessPath, ...events: readonly PathEvent[]) =>
    findConditions(path, events).at(-1)!;
  const at = (atMs: number, what: PathEventKind, of?: string) => event('a', atMs, what, of);

  it.each<[string, AccessPath, readonly PathEvent[], Partial<PathCondition>]>([
    ['dies silently', bundle, [at(1, { kind: 'down' })], { deadSilently: true, deadOpenly: false }],
    [
      'dies openly',
      bundle,
      [at(1, { kind: 'down', lossOfLight: true })],
      { deadSilently: false, deadOpenly: true },
    ],
    ['comes up', bundle, [at(1, { kind: 'down' }), at(2, { kind: 'up' })], { deadSilently: false }],
    [
      'stays down for another work',
      bundle,
      [at(1, { kind: 'down' }, 'x'), at(2, { kind: 'down' }, 'y'), at(3, { kind: 'up' }, 'x')],
      { deadSilently: true },
    ],
    [
      'loses members',
      bundle,
      [at(1, { kind: 'down', members: 2 })],
      { membersDown: 2, deadOpenly: false },
    ],
    [
      'closes below its minimum',
      bundle,
      [at(1, { kind: 'down', members: 3 })],
      { membersDown: 3, deadOpenly: true },
    ],
    ['has no members', connection('a', 1), [at(1, { kind: 'down' })], { membersDown: 0 }],
    [
      'has no more members to lose',
      bundle,
      [at(1, { kind: 'down', members: 3 }, 'x'), at(2, { kind: 'down', members: 3 }, 'y')],
      { membersDown: 4 },
    ],
    [
      'of tunnels is dead without any',
      vpn('a', 1, { tunnels: 2 }),
      [at(1, { kind: 'down', members: 2 })],
      { deadSilently: true },
    ],
    [
      'of tunnels lives on the last',
      vpn('a', 1, { tunnels: 2 }),
      [at(1, { kind: 'down', members: 1 })],
      { deadSilently: false },
    ],
    [
      'loses what several works lose',
      bundle,
      [
        at(1, { kind: 'degraded', lossShare: 0.5, capacityShare: 0.5 }, 'x'),
        at(2, { kind: 'degraded', lossShare: 0.5, capacityShare: 0.5 }, 'y'),
      ],
      { lossShare: 0.75, capacityShare: 0.25 },
    ],
    [
      'is well again',
      bundle,
      [
        at(1, { kind: 'degraded', lossShare: 0.5, capacityShare: 1 }),
        at(2, { kind: 'degraded', lossShare: 0, capacityShare: 1 }),
      ],
      { lossShare: 0, capacityShare: 1 },
    ],
    ['is withdrawn', bundle, [at(1, { kind: 'withdrawn' })], { withdrawn: true }],
    [
      'is withdrawn by a drain',
      bundle,
      [at(1, { kind: 'drain', style: 'withdraw' })],
      { withdrawn: true },
    ],
    [
      'is given back as it was',
      bundle,
      [at(1, { kind: 'withdrawn' }), at(2, { kind: 'restored' })],
      { withdrawn: false },
    ],
    [
      'is filtered',
      bundle,
      [at(1, { kind: 'filtered', filter: 'drops-traffic' })],
      { filter: 'drops-traffic' },
    ],
    [
      'is filtered while something else is done to it',
      bundle,
      [at(1, { kind: 'down' }, 'x'), at(2, { kind: 'filtered', filter: 'drops-traffic' }, 'y')],
      { filter: 'drops-traffic' },
    ],
    [
      'is no longer filtered or drained',
      bundle,
      [
        at(1, { kind: 'filtered', filter: 'drops-traffic' }),
        at(2, { kind: 'drain', style: 'prepend' }),
        at(3, { kind: 'restored' }),
      ],
      { filter: undefined, drains: new Set() },
    ],
    [
      'has the worst filter',
      bundle,
      [
        at(1, { kind: 'filtered', filter: 'drops-traffic' }, 'x'),
        at(2, { kind: 'filtered', filter: 'advertises-nothing' }, 'y'),
      ],
      { filter: 'advertises-nothing' },
    ],
    [
      'is tested until the end of the last test',
      bundle,
      [at(1, { kind: 'failover-test', forMs: 9 }), at(2, { kind: 'failover-test', forMs: 2 })],
      { testing: false },
    ],
  ])('%s', (_title, path, events, expected) => {
    expect(after(path, ...events).value).toMatchObject(expected);
  });

  it('counts tests that overlap, and flaps until their end', () => {
    const tests = findConditions(bundle, [
      at(1, { kind: 'failover-test', forMs: 9 }),
      at(2, { kind: 'failover-test', forMs: 2 }),
    ]);
    expect(tests.map(({ fromMs, value }) => [fromMs, value.testing])).toEqual([
      [-Infinity, false],
      [1, true],
      [2, true],
      [4, true],
      [10, false],
    ]);
    const flaps = findConditions(bundle, [at(0, { kind: 'flap', downMs: 3, upMs: 2, forMs: 7 })]);
    expect(flaps.map(({ fromMs, value }) => [fromMs, value.deadSilently])).toEqual([
      [-Infinity, false],
      [0, true],
      [3, false],
      [5, true],
      [7, false],
    ]);
  });

  it('ignores other paths', () => {
    expect(after(bundle, event('b', 1, { kind: 'down' }))).toEqual({
      fromMs: -Infinity,
      value: GOOD,
    });
  });
});
