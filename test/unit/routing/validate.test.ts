import { describe, expect, it } from 'vitest';
import {
  ACCESS_LIMITS,
  type AccessPath,
  type ConnectionPath,
  type PathEvent,
} from '../../../harness/model/access.ts';
import { route } from '../../../harness/routing/route.ts';
import { routingProblems } from '../../../harness/routing/validate.ts';
import { BFD, connection, event, lag, NATIONAL, SLOW, vpn } from './builders.ts';
import { refusal } from '../../support/refusal.ts';

const problemsOf = (paths: readonly AccessPath[], events: readonly PathEvent[] = []) =>
  routingProblems({ paths, demand: NATIONAL, events });

describe('what cannot be routed', () => {
  const bgp = (keepaliveMs: number, holdMs: number) => ({
    session: { ...SLOW, bgp: { keepaliveMs, holdMs, farHoldMs: undefined } },
  });

  it.each([
    [
      'a hold below three keepalives',
      [connection('a', 1, bgp(30_000, 60_000))],
      'paths.a.bgp.hold',
    ],
    ['a hold of 0', [connection('a', 1, bgp(30_000, 0))], 'paths.a.bgp.hold'],
    ['a keepalive of 100 ms', [connection('a', 1, bgp(100, 3_000))], 'paths.a.bgp.keepalive'],
    ['a capacity of 0', [connection('a', 1, { capacityMbps: 0 })], 'paths.a.capacity'],
    [
      'a capacity that is no number',
      [connection('a', 1, { capacityMbps: NaN })],
      'paths.a.capacity',
    ],
    ['a lag without members', [lag('a', 1, { members: 0 })], 'paths.a.members'],
    ['more minimum links than links', [lag('a', 1, { minimumLinks: 5 })], 'paths.a.minimum-links'],
    ['a vpn without tunnels', [vpn('a', 1, { tunnels: 0 })], 'paths.a.tunnels'],
    [
      'a BFD interval of 50 ms',
      [connection('a', 1, { session: { ...SLOW, bfd: { ...BFD, intervalMs: 50 } } })],
      'paths.a.bfd.interval',
    ],
    ['two paths of one name', [connection('a', 1), connection('a', 2)], 'paths.a'],
    ['no path at all', [], 'paths'],
  ] as const)('%s', (_, paths, where) => {
    const [first] = problemsOf(paths);
    expect(first?.where).toBe(where);
    expect(first?.hint).not.toBe('');
  });

  it.each([
    ['an unknown path', event('z', 0, { kind: 'down' })],
    ['a member of a path that has none', event('a', 0, { kind: 'down', members: 1 })],
    ['a loss above 100 %', event('a', 0, { kind: 'degraded', lossShare: 1.2, capacityShare: 1 })],
    ['no capacity left', event('a', 0, { kind: 'degraded', lossShare: 0, capacityShare: 0 })],
    ['a test of a week', event('a', 0, { kind: 'failover-test', forMs: 7 * 86_400_000 })],
    ['an endless flap', event('a', 0, { kind: 'flap', downMs: 1, upMs: 1, forMs: 1e9 })],
  ])('an event with %s', (_, wrong) => {
    expect(problemsOf([connection('a', 1)], [wrong])).toHaveLength(1);
  });

  it('says everything at once, and names the place and a way out', () => {
    const paths = [
      connection('a', 1, { capacityMbps: 0 }),
      connection('b', 1, bgp(30_000, 60_000)),
    ];
    const error = refusal(() => route(paths, NATIONAL, [], { toMs: 1 }));
    expect(error).toMatchObject({ code: 'SCENARIO_INVALID', target: 'access.paths.a.capacity' });
    expect(error.message).toContain('below three keepalives');
    expect(error.hint).toContain('carry');
  });

  it('finds nothing wrong with the defaults', () => {
    expect(problemsOf([connection('a', 1), lag('b', 2), vpn('c', 3)])).toEqual([]);
  });
});

describe('the last value that can be routed, and the first that cannot', () => {
  const probe = { intervalMs: 1, failures: 1, recoveries: 1, lossShareMin: 1 };
  const flap = { kind: 'flap', downMs: 1, upMs: 1, forMs: 1 } as const;
  const [path, four] = [connection('a', 1), lag('b', 2, { members: 4, minimumLinks: 4 })];
  const countProblems = (more: Partial<Parameters<typeof routingProblems>[0]>) =>
    routingProblems({ paths: [path, four], demand: NATIONAL, events: [], ...more }).length;
  const ofEvents = (...events: readonly PathEvent[]) => countProblems({ events });

  it('of minimum links and a hold-down', () => {
    expect(countProblems({ holdDownMs: 0 })).toBe(0);
    expect(countProblems({ holdDownMs: -1 })).toBe(1);
    expect(countProblems({ paths: [{ ...four, latencyMs: 0 }] })).toBe(0);
    expect(countProblems({ paths: [{ ...four, latencyMs: -1 }] })).toBe(1);
  });

  it.each([
    { intervalMs: 0 },
    { failures: 0 },
    { recoveries: 0 },
    { lossShareMin: 0 },
    { lossShareMin: 1.01 },
  ])('of a probe: %j', (wrong) => {
    expect(countProblems({ probe })).toBe(0);
    expect(countProblems({ probe: { ...probe, ...wrong } })).toBe(1);
  });

  it.each([{ downMs: 0 }, { upMs: 0 }, { forMs: 0 }])('of a flap: %j', (wrong) => {
    expect(ofEvents(event('a', 0, flap))).toBe(0);
    expect(ofEvents(event('a', 0, { ...flap, ...wrong }))).toBe(1);
  });

  it.each([0, 5, 1.5, NaN])('of members that go: %j', (members) => {
    expect(ofEvents(...[1, 4].map((some) => event('b', 0, { kind: 'down', members: some })))).toBe(
      0,
    );
    expect(ofEvents(event('b', 0, { kind: 'down', members }))).toBe(1);
  });

  const session = (changes: object) => ({ ...SLOW, ...changes });
  const timers = (keepaliveMs: number, holdMs: number, farHoldMs?: number) => ({
    session: session({ bgp: { keepaliveMs, holdMs, farHoldMs } }),
  });
  it.each<[string, Partial<ConnectionPath>, Partial<ConnectionPath>]>([
    ['bgp.keepalive', timers(ACCESS_LIMITS.keepaliveMsMin, 90_000), timers(0, 90_000)],
    ['bgp.hold', timers(30_000, 90_000), timers(30_000, 89_999)],
    ['bgp.far-hold', timers(30_000, 90_000, 90_000), timers(30_000, 90_000, 1)],
    [
      'bfd.multiplier',
      { session: session({ bfd: { ...BFD, multiplier: ACCESS_LIMITS.bfdMultiplierMin } }) },
      { session: session({ bfd: { ...BFD, multiplier: ACCESS_LIMITS.bfdMultiplierMin - 1 } }) },
    ],
    [
      'bfd.interval',
      { session: session({ bfd: { ...BFD, intervalMs: ACCESS_LIMITS.bfdIntervalMsMin } }) },
      { session: session({ bfd: { ...BFD, intervalMs: ACCESS_LIMITS.bfdIntervalMsMin - 1 } }) },
    ],
    [
      'graceful-restart',
      { session: session({ gracefulRestart: { restartMs: 1, afterHoldExpiry: true } }) },
      { session: session({ gracefulRestart: { restartMs: 0, afterHoldExpiry: true } }) },
    ],
    [
      'establish',
      { session: session({ establishMs: 0 }) },
      { session: session({ establishMs: -1 }) },
    ],
    [
      'route-programming',
      { session: session({ routeProgrammingMs: 0 }) },
      { session: session({ routeProgrammingMs: -1 }) },
    ],
    ['latency', { latencyMs: 0 }, { latencyMs: -1 }],
    ['capacity', { capacityMbps: 0.1 }, { capacityMbps: Infinity }],
  ])('of %s', (where, last, first) => {
    const wheres = (changes: Partial<ConnectionPath>) =>
      problemsOf([connection('a', 1, changes)]).map((problem) => problem.where);
    expect([wheres(last), wheres(first)]).toEqual([[], [`paths.a.${where}`]]);
  });

  it.each([-1, NaN, Infinity])('of a demand: %j', (wrong) => {
    const wheres = (demand: { in: number; back: number }) =>
      routingProblems({ paths: [path], demand, events: [] }).map(({ where }) => where);
    expect(wheres({ in: 0, back: 0 })).toEqual([]);
    expect(wheres({ in: wrong, back: 0 })).toEqual(['demand.in']);
    expect(wheres({ in: 0, back: wrong })).toEqual(['demand.back']);
  });

  it('of sizes, a hold-down and a probe, each by its name', () => {
    const wheres = (more: Partial<Parameters<typeof routingProblems>[0]>) =>
      routingProblems({ paths: [path], demand: NATIONAL, events: [], ...more }).map(
        ({ where }) => where,
      );
    expect(wheres({ paths: [lag('b', 2, { memberMbps: 0 })] })).toEqual(['paths.b.member-mbps']);
    expect(wheres({ paths: [vpn('b', 2, { tunnelMbps: 0 })] })).toEqual(['paths.b.tunnel-mbps']);
    expect(wheres({ holdDownMs: -1 })).toEqual(['fail-back']);
    expect(
      wheres({ probe: { intervalMs: 0, failures: 0, recoveries: 0, lossShareMin: 0 } }),
    ).toEqual(['probe.interval', 'probe.failures', 'probe.recoveries', 'probe.loss']);
    expect(
      wheres({ events: [event('a', 1, { kind: 'up' }), event('z', 1, { kind: 'up' })] }),
    ).toEqual(['events.1.path']);
  });

  it.each([
    [0, 1, 0],
    [0.999, 0.001, 0],
    [1, 1, 1],
    [-0.1, 1, 1],
    [0, 0, 1],
    [0, 1.1, 1],
    [0, -0.1, 1],
  ])('of a degraded path: %j lost, %j of the capacity left', (lossShare, capacityShare, count) => {
    expect(ofEvents(event('a', 0, { kind: 'degraded', lossShare, capacityShare }))).toBe(count);
  });

  it('of a failover test, and of the time of an event', () => {
    const test = (forMs: number) => ofEvents(event('a', 0, { kind: 'failover-test', forMs }));
    const longest = ACCESS_LIMITS.failoverTestMsMax;
    expect([0, 1, longest, longest + 1].map(test)).toEqual([1, 0, 0, 1]);
    expect([NaN, Infinity].map((atMs) => ofEvents(event('a', atMs, { kind: 'up' })))).toEqual([
      1, 1,
    ]);
    expect(ofEvents(event('a', 0, { kind: 'filtered', filter: 'drops-traffic' }))).toBe(0);
  });

  it('is told with the names that there are, and a way out', () => {
    const [unknown] = problemsOf([path, four], [event('z', 0, { kind: 'up' })]);
    expect(unknown?.hint).toBe('Paths of this access: a, b.');
    const [none] = routingProblems({
      paths: [],
      demand: NATIONAL,
      events: [event('z', 0, flap)],
    }).slice(-1);
    expect(none?.hint).toBe('Paths of this access: none.');
    for (const wrong of [
      event('a', 0, { ...flap, forMs: 0 }),
      event('a', 0, { kind: 'degraded', lossShare: 2, capacityShare: 1 }),
      event('a', 0, { kind: 'failover-test', forMs: 0 }),
      event('a', 0, { kind: 'down', members: 1 }),
      event('a', NaN, { kind: 'up' }),
    ]) {
      const [found] = problemsOf([path], [wrong]);
      expect([found?.where, typeof found?.text, typeof found?.hint]).toEqual([
        'events.0',
        'string',
        'string',
      ]);
    }
  });

  it('of events that need no numbers', () => {
    const plain = (['up', 'drain', 'withdrawn', 'restored'] as const).map((kind) =>
      event('a', 0, { kind } as Parameters<typeof event>[2]),
    );
    expect(ofEvents(...plain)).toBe(0);
  });
});
