// Tests words of a moment, knowledge that comes late, and timers, each by itself.

import { describe, expect, it } from 'vitest';
import type { RoutingSession } from '../../../harness/model/access.ts';
import { findConditions, type PathCondition } from '../../../harness/routing/condition.ts';
import { describe as describeMoment } from '../../../harness/routing/describe.ts';
import { detectionBoundsMs } from '../../../harness/routing/detection.ts';
import { failoverStates } from '../../../harness/routing/failover.ts';
import { changeTimes, delayed, mapTimeline, valueAt } from '../../../harness/routing/timeline.ts';
import { connection, FAST, NATIONAL, RESTART, SLOW } from './builders.ts';

const [A, B] = [connection('a', 200), connection('b', 100)];
const GOOD = findConditions(A, [])[0]!.value;

describe('a moment', () => {
  const NOTHING = { capacityMbps: { in: 0, back: 0 }, lossShare: { in: 1, back: 1 } };
  const blocked = (condition: Partial<PathCondition>, next = false, known = false) => {
    const carried = { ...NOTHING, passes: false };
    const inForce = {
      path: A,
      condition: { ...GOOD, ...condition },
      known,
      carried,
      demand: NATIONAL,
    };
    const { state, why } = describeMoment({ inForce, next: next ? B : undefined });
    return [state, why];
  };
  const then = '; route to b is being programmed';

  it.each<[string, string, Partial<PathCondition>, boolean?, boolean?]>([
    ['holding', 'a is down, its interface shows it', { deadOpenly: true }],
    ['holding', `a is down, its interface shows it${then}`, { deadOpenly: true }, true],
    ['holding', 'a is down; its session has not noticed', { deadSilently: true }],
    ['dropping', `a is down${then}`, { deadSilently: true }, true, true],
    ['holding', 'sessions of a are down for a failover test', { testing: true }],
    ['dropping', 'a advertises routes but passes nothing', { filter: 'drops-traffic' }],
    ['holding', 'the tunnel in use of a is down, its session has not noticed', {}],
    [
      'dropping',
      `the tunnel in use of a is down, its session has not noticed${then}`,
      {},
      true,
      true,
    ],
  ])('is %s: %s', (state, why, condition, next, known) => {
    expect(blocked(condition, next, known)).toEqual([state, why]);
  });

  it('without a route waits for one, or has none', () => {
    const none = { ...NOTHING, path: undefined, latencyMs: 0 };
    expect(describeMoment({ inForce: undefined, next: B })).toEqual({
      ...none,
      state: 'dropping',
      why: 'route to b is being programmed',
    });
    expect(describeMoment({ inForce: undefined, next: undefined })).toEqual({
      ...none,
      state: 'partitioned',
      why: 'no path is left',
    });
  });

  const passing = (
    lossShare: { in: number; back: number },
    capacityMbps: { in: number; back: number },
    condition: Partial<PathCondition> = {},
  ) =>
    describeMoment({
      inForce: {
        path: A,
        condition: { ...GOOD, ...condition },
        known: false,
        carried: { passes: true, lossShare, capacityMbps },
        demand: { in: 100, back: 50 },
      },
      next: undefined,
    });

  it.each([
    ['up', 'over a', { in: 0, back: 0 }, { in: 100, back: 50 }, {}],
    ['degraded', 'a carries 80 of 100 Mbit/s in', { in: 0.2, back: 0 }, { in: 80.9, back: 50 }, {}],
    ['degraded', 'a carries 40 of 50 Mbit/s back', { in: 0, back: 0.2 }, { in: 100, back: 40 }, {}],
    [
      'degraded',
      'a loses 12.5 % of packets; a carries 80 of 100 Mbit/s in; a carries 40 of 50 Mbit/s back',
      { in: 0.3, back: 0.3 },
      { in: 80, back: 40 },
      { lossShare: 0.125 },
    ],
    [
      'degraded',
      'a tunnel of a is dead and still used',
      { in: 0.5, back: 0.5 },
      { in: 100, back: 50 },
      {},
    ],
  ])('is %s: %s', (state, why, lossShare, capacityMbps, condition) => {
    const path = { path: 'a', latencyMs: A.latencyMs };
    expect(passing(lossShare, capacityMbps, condition)).toEqual({
      ...path,
      state,
      why,
      lossShare,
      capacityMbps,
    });
  });
});

describe('knowledge that comes late', () => {
  const from = (...steps: readonly (readonly [number, boolean])[]) =>
    steps.map(([fromMs, value]) => ({ fromMs, value }));
  const late = { riseMs: () => 10, fallMs: 5 };

  it.each([
    ['what lasts', from([-Infinity, false], [100, true], [120, false]), [110, 125]],
    ['not what is as short as its delay', from([-Infinity, false], [100, true], [110, false]), []],
    ['what is a moment longer', from([-Infinity, false], [100, true], [111, false]), [110, 116]],
    ['one break of what is broken off', from([-Infinity, true], [50, false], [54, true]), []],
    ['what always was, at once', from([-Infinity, true], [50, false]), [55]],
  ])('is %s', (_, truth, times) => {
    expect(changeTimes(delayed(truth, late))).toEqual(times);
    expect(valueAt(delayed(truth, late), -1e9)).toBe(truth[0]?.value);
  });

  it('has one step an instant, and none that changes nothing', () => {
    const of = (...steps: readonly (readonly [number, number])[]) =>
      mapTimeline(
        steps.map(([fromMs, value]) => ({ fromMs, value })),
        (value) => value,
      ).map(({ fromMs, value }) => [fromMs, value]);
    expect(of([-Infinity, 1], [5, 2], [5, 1], [9, 1])).toEqual([[-Infinity, 1]]);
    expect(of([-Infinity, 1], [5, 2], [5, 3], [9, 3])).toEqual([
      [-Infinity, 1],
      [5, 3],
    ]);
  });
});

describe('a silent failure is noticed', () => {
  const bgp = (keepaliveMs: number, holdMs: number, farHoldMs?: number): RoutingSession => ({
    ...SLOW,
    bgp: { keepaliveMs, holdMs, farHoldMs },
  });
  const restart = (session: RoutingSession, afterHoldExpiry: boolean): RoutingSession => ({
    ...session,
    gracefulRestart: { restartMs: 120_000, afterHoldExpiry },
  });
  const bfd = (intervalMs: number, farIntervalMs?: number): RoutingSession => ({
    ...SLOW,
    bfd: { intervalMs, farIntervalMs, multiplier: 3 },
  });

  it.each<[string, RoutingSession, number, number]>([
    ['by the hold', bgp(30_000, 90_000), 60_000, 90_000],
    ['by frequent keepalives', bgp(10_000, 90_000), 80_000, 90_000],
    [
      'by the lower hold, of which keepalives are a third',
      bgp(30_000, 90_000, 30_000),
      20_000,
      30_000,
    ],
    ['by BFD', bfd(300), 600, 900],
    ['by the slower side of BFD', bfd(300, 1000), 2000, 3000],
    ['by the hold where BFD is slower', bfd(60_000), 60_000, 90_000],
    ['by BFD where both are as slow', bfd(30_000), 60_000, 90_000],
    ['after a restart that follows the hold', restart(bgp(30_000, 90_000), true), 180_000, 210_000],
    ['without a restart that does not', restart(bgp(30_000, 90_000), false), 60_000, 90_000],
    ['after a restart that BFD begins', restart(bfd(300), false), 120_600, 120_900],
  ])('%s', (_, session, minMs, maxMs) => {
    expect(detectionBoundsMs(session)).toEqual({ minMs, maxMs });
  });

  it('has a restart of its own length', () => {
    const { maxMs } = detectionBoundsMs({ ...FAST, gracefulRestart: RESTART });
    expect(maxMs).toBe(900 + RESTART.restartMs);
  });
});

it('an access falls back to one path after another, until none carries everything', () => {
  const access = {
    name: 'connect',
    links: [],
    demandMbps: { in: 100, back: 100 },
    probe: undefined,
    failBack: { holdDownMs: 0 },
  };
  const narrow = connection('c', 50, { capacityMbps: 10 });
  expect(failoverStates({ ...access, paths: [B, A] })).toEqual([
    { lost: [], over: 'a' },
    { lost: ['a'], over: 'b' },
  ]);
  expect(failoverStates({ ...access, paths: [A, narrow] })).toEqual([{ lost: [], over: 'a' }]);
});
