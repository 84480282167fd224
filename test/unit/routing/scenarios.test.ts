// Scenarios of access links, each with the outcome that it was written with.

import { describe, expect, it } from 'vitest';
import { route } from '../../../harness/routing/route.ts';
import {
  BFD,
  connection,
  cutMs,
  event,
  FAST,
  lag,
  lossyMs,
  minutes,
  NATIONAL,
  RESTART,
  seconds,
  SLOW,
  story,
  vpn,
} from './builders.ts';

const CUT_AT = minutes(15);
const BACK_AT = minutes(53);
const FOR = { toMs: minutes(240) };
const cut = (path: string, of = 'maintenance') => [
  event(path, CUT_AT, { kind: 'down' }, of),
  event(path, BACK_AT, { kind: 'up' }, of),
];

describe('1, one connection', () => {
  it('is away for the length of the work and the time a session needs to come back', () => {
    const states = route([connection('a', 100)], NATIONAL, cut('a'), FOR);
    expect(story(states)).toEqual([
      `up a 0-${CUT_AT}`,
      `holding a ${CUT_AT}-${CUT_AT + seconds(90)}`,
      `partitioned - ${CUT_AT + seconds(90)}-${BACK_AT + seconds(5)}`,
      `dropping - ${BACK_AT + seconds(5)}-${BACK_AT + seconds(6)}`,
      `up a ${BACK_AT + seconds(6)}-${FOR.toMs}`,
    ]);
    expect(cutMs(states) / 60_000).toBeGreaterThan(38);
    expect(cutMs(states) / 60_000).toBeLessThan(42);
  });
});

describe('2 and 3, a second connection in another location', () => {
  it('with BFD loses the 900 ms of detection and the programming of one route', () => {
    const paths = [connection('a', 200, { session: FAST }), connection('b', 100)];
    const states = route(paths, NATIONAL, cut('a'), FOR);
    expect(cutMs(states)).toBe(900 + 1_000);
    expect(states.find(({ state }) => state === 'holding')).toMatchObject({
      fromMs: CUT_AT,
      toMs: CUT_AT + 900,
    });
  });

  it('without BFD loses 60 to 90 s, by where the keepalives stood', () => {
    const paths = [connection('a', 200), connection('b', 100)];
    const worst = route(paths, NATIONAL, cut('a'), FOR);
    const best = route(paths, NATIONAL, cut('a'), { ...FOR, phase: () => 0 });
    expect(cutMs(worst)).toBe(seconds(91));
    expect(cutMs(best)).toBe(seconds(61));
  });

  it('goes back to the first connection without losing anything', () => {
    const paths = [connection('a', 200, { session: FAST }), connection('b', 100)];
    const states = route(paths, NATIONAL, cut('a'), FOR);
    expect(states.at(-1)).toMatchObject({ state: 'up', path: 'a', fromMs: BACK_AT + seconds(6) });
  });
});

describe('4, BFD together with graceful restart', () => {
  it('keeps the dead route for the 120 s of the restart: worse than BFD alone', () => {
    const session = { ...FAST, gracefulRestart: RESTART };
    const paths = [connection('a', 200, { session }), connection('b', 100)];
    expect(cutMs(route(paths, NATIONAL, cut('a'), FOR))).toBe(seconds(120) + 900 + 1_000);
  });
});

describe('5, two connections in each of two locations', () => {
  const paths = ['a1', 'a2', 'b1', 'b2'].map((name, index) =>
    connection(name, 400 - index * 100, { session: FAST }),
  );
  const after = (...dead: readonly string[]) =>
    route(
      paths,
      NATIONAL,
      dead.flatMap((name) => cut(name)),
      FOR,
    );

  it.each([[['a1']], [['a1', 'a2']], [['a1', 'b1']], [['b1', 'b2']]])(
    'survives %s with under two seconds of loss and the full capacity',
    (dead) => {
      const states = after(...dead);
      expect(cutMs(states)).toBeLessThan(seconds(2));
      expect(lossyMs(states)).toBe(cutMs(states));
      const during = states.filter(({ state, toMs }) => state === 'up' && toMs > CUT_AT);
      expect(during.length).toBeGreaterThan(0);
      for (const { capacityMbps, path } of during) {
        expect(capacityMbps).toEqual({ in: 10_000, back: 10_000 });
        expect(path).toBeDefined();
      }
    },
  );
});

describe('6, a lag on one device', () => {
  const demand = { in: 24_000, back: 8_000 };
  const twoMembersLost = [event('lag', CUT_AT, { kind: 'down', members: 2 })];

  it('with minimum links 0 stays up and drops what two members cannot carry', () => {
    const states = route([lag('lag', 200), connection('b', 100)], demand, twoMembersLost, FOR);
    expect(states.at(-1)).toMatchObject({ state: 'degraded', path: 'lag' });
    expect(states.at(-1)?.capacityMbps.in).toBe(20_000);
    expect(states.at(-1)?.lossShare.in).toBeCloseTo(4 / 24, 6);
    expect(states.at(-1)?.lossShare.back).toBe(0);
  });

  it('with minimum links 3 fails over as a whole, within the programming of a route', () => {
    const paths = [
      lag('lag', 200, { minimumLinks: 3 }),
      connection('b', 100, { capacityMbps: 40_000 }),
    ];
    const states = route(paths, demand, twoMembersLost, FOR);
    expect(cutMs(states)).toBe(1_000);
    expect(states.at(-1)).toMatchObject({ state: 'up', path: 'b' });
  });

  it('is lost as a whole with its device', () => {
    const states = route([lag('lag', 200)], demand, cut('lag'), FOR);
    expect(cutMs(states)).toBe(BACK_AT - CUT_AT + seconds(6));
  });
});

describe('8 and 9, a vpn as the backup', () => {
  const away = (backup: ReturnType<typeof vpn>) => {
    const paths = [connection('a', 200, { session: FAST }), backup];
    const states = route(paths, NATIONAL, cut('a'), FOR);
    return states.find(({ path, state }) => path === 'vpn' && state !== 'holding');
  };

  it.each([
    ['per-direction', { in: 0.342, back: 0.375 }],
    ['sum', { in: 0.679, back: 0.679 }],
  ] as const)('one tunnel limited %s loses %o of the demand', (limit, loss) => {
    const state = away(vpn('vpn', 100, { limit }));
    expect(state?.state).toBe('degraded');
    expect(state?.lossShare.in).toBeCloseTo(loss.in, 3);
    expect(state?.lossShare.back).toBeCloseTo(loss.back, 3);
  });

  it.each(['per-direction', 'sum'] as const)(
    'four tunnels limited %s carry everything',
    (limit) => {
      expect(away(vpn('vpn', 100, { tunnels: 4, limit }))?.state).toBe('up');
    },
  );

  it('four tunnels limited as a sum are overloaded once one of them is lost', () => {
    const paths = [
      connection('a', 200, { session: FAST }),
      vpn('vpn', 100, { tunnels: 4, limit: 'sum' }),
    ];
    const states = route(
      paths,
      NATIONAL,
      [...cut('a'), event('vpn', minutes(20), { kind: 'down', members: 1 })],
      FOR,
    );
    const settled = states.find(({ fromMs }) => fromMs >= minutes(20) + seconds(90));
    expect(settled).toMatchObject({ state: 'degraded', path: 'vpn' });
    expect(settled?.lossShare.in).toBeCloseTo(1 - 3_750 / 3_900, 3);
    const unnoticed = states.find(({ fromMs }) => fromMs === minutes(20));
    expect(unnoticed?.lossShare.in).toBeGreaterThanOrEqual(0.25);
  });
});

describe('10, a grey failure', () => {
  const SIX_HOURS = minutes(372);
  const grey = [
    event('a', 0, { kind: 'degraded', lossShare: 0.1, capacityShare: 1 }),
    event('a', SIX_HOURS, { kind: 'restored' }),
  ];
  const paths = [connection('a', 200, { session: FAST }), connection('b', 100, { session: FAST })];
  const options = { fromMs: -minutes(1), toMs: SIX_HOURS + minutes(60) };

  it('lasts until it is mended when only BGP and BFD watch', () => {
    const states = route(paths, NATIONAL, grey, options);
    expect(lossyMs(states)).toBe(SIX_HOURS);
    expect(states.every(({ path }) => path === 'a')).toBe(true);
  });

  it('is left within a minute when an active probe lowers the preference', () => {
    const probe = { intervalMs: 10_000, failures: 3, recoveries: 6, lossShareMin: 0.02 };
    const states = route(paths, NATIONAL, grey, { ...options, probe, holdDownMs: minutes(10) });
    expect(lossyMs(states)).toBeLessThanOrEqual(seconds(60));
    expect(lossyMs(states)).toBeGreaterThanOrEqual(seconds(20));
    expect(states.at(-1)).toMatchObject({ state: 'up', path: 'a' });
    expect(states.at(-1)?.fromMs).toBe(SIX_HOURS + minutes(11) + seconds(1));
  });
});

describe('11, a backup nobody has ever used', () => {
  it('that advertises nothing leaves the link partitioned for the whole outage', () => {
    const paths = [
      connection('a', 200, { session: FAST }),
      connection('b', 100, { filter: 'advertises-nothing' }),
    ];
    const states = route(paths, NATIONAL, cut('a'), FOR);
    expect(states.map(({ state }) => state)).toContain('partitioned');
    expect(cutMs(states)).toBe(BACK_AT - CUT_AT + seconds(6));
  });

  it('that drops packets swallows them for the whole outage with its session up', () => {
    const paths = [
      connection('a', 200, { session: FAST }),
      connection('b', 100, { session: FAST, filter: 'drops-traffic' }),
    ];
    const states = route(paths, NATIONAL, cut('a'), FOR);
    expect(states.find(({ path }) => path === 'b')).toMatchObject({ state: 'dropping' });
    expect(cutMs(states)).toBe(BACK_AT - CUT_AT + seconds(6));
  });

  it('is found by a failover test in daylight', () => {
    const paths = [
      connection('a', 200, { session: FAST }),
      connection('b', 100, { filter: 'advertises-nothing' }),
    ];
    const test = [event('a', minutes(1), { kind: 'failover-test', forMs: minutes(5) })];
    const states = route(paths, NATIONAL, test, FOR);
    expect(states.find(({ state }) => state === 'partitioned')?.fromMs).toBe(minutes(1));
    expect(cutMs(states)).toBe(minutes(5) + seconds(6));
  });
});

describe('12, emergency maintenance', () => {
  const twoPaths = (session: typeof SLOW) => [
    connection('a', 200, { session }),
    connection('b', 100, { session }),
  ];

  it.each(['graceful-shutdown', 'withdraw'] as const)('drained by %s loses nothing', (style) => {
    const drained = [event('a', CUT_AT - minutes(5), { kind: 'drain', style }, 'maintenance')];
    const states = route(twoPaths(SLOW), NATIONAL, [...drained, ...cut('a')], FOR);
    expect(lossyMs(states)).toBe(0);
  });

  it('not drained loses what its timers say', () => {
    expect(cutMs(route(twoPaths(SLOW), NATIONAL, cut('a'), FOR))).toBe(seconds(91));
    expect(cutMs(route(twoPaths(FAST), NATIONAL, cut('a'), FOR))).toBe(1_900);
  });

  it('drained by prepending moves nothing while the other preference is lower', () => {
    const drained = [
      event('a', CUT_AT - minutes(5), { kind: 'drain', style: 'prepend' }, 'maintenance'),
    ];
    const states = route(twoPaths(SLOW), NATIONAL, [...drained, ...cut('a')], FOR);
    expect(cutMs(states)).toBe(seconds(91));
    const equal = [connection('a', 100), connection('b', 100)];
    expect(lossyMs(route(equal, NATIONAL, [...drained, ...cut('a')], FOR))).toBe(0);
  });

  it('drained by withdrawing the only path is the outage itself', () => {
    const drained = [event('a', CUT_AT, { kind: 'drain', style: 'withdraw' })];
    const states = route([connection('a', 100)], NATIONAL, drained, FOR);
    expect(states.at(-1)).toMatchObject({ state: 'partitioned', fromMs: CUT_AT });
  });
});

describe('timers', () => {
  it('the lower hold of both sides is in force', () => {
    const session = { ...SLOW, bgp: { keepaliveMs: 30_000, holdMs: 90_000, farHoldMs: 30_000 } };
    const paths = [connection('a', 200, { session }), connection('b', 100)];
    expect(cutMs(route(paths, NATIONAL, cut('a'), FOR))).toBe(seconds(31));
  });

  it('the slower BFD side is in force', () => {
    const session = { ...SLOW, bfd: { ...BFD, farIntervalMs: 1_000 } };
    const paths = [connection('a', 200, { session }), connection('b', 100)];
    expect(cutMs(route(paths, NATIONAL, cut('a'), FOR))).toBe(seconds(4));
  });

  it('a break shorter than detection is a hole and nothing else', () => {
    const paths = [connection('a', 200), connection('b', 100)];
    const blink = [
      event('a', CUT_AT, { kind: 'down' }),
      event('a', CUT_AT + seconds(20), { kind: 'up' }),
    ];
    expect(story(route(paths, NATIONAL, blink, FOR))).toEqual([
      `up a 0-${CUT_AT}`,
      `holding a ${CUT_AT}-${CUT_AT + seconds(20)}`,
      `up a ${CUT_AT + seconds(20)}-${FOR.toMs}`,
    ]);
  });

  it('loss of light needs no timer', () => {
    const paths = [connection('a', 200), connection('b', 100)];
    const dark = [event('a', CUT_AT, { kind: 'down', lossOfLight: true })];
    expect(cutMs(route(paths, NATIONAL, dark, FOR))).toBe(1_000);
  });

  it('a flapping path costs one hole a flap without hold-down, and one with', () => {
    const paths = [connection('a', 200, { session: FAST }), connection('b', 100)];
    const flap = [
      event('a', CUT_AT, {
        kind: 'flap',
        downMs: seconds(5),
        upMs: seconds(15),
        forMs: minutes(10),
      }),
    ];
    const eager = route(paths, NATIONAL, flap, FOR);
    const patient = route(paths, NATIONAL, flap, { ...FOR, holdDownMs: minutes(5) });
    expect(cutMs(eager)).toBe(30 * 1_900);
    expect(cutMs(patient)).toBe(1_900);
    expect(patient.at(-1)).toMatchObject({ state: 'up', path: 'a' });
  });

  it('two works on one path do not end each other', () => {
    const events = [
      event('a', 0, { kind: 'down' }, 'carrier'),
      event('a', seconds(10), { kind: 'down' }, 'cloud'),
      event('a', seconds(200), { kind: 'up' }, 'carrier'),
      event('a', seconds(400), { kind: 'up' }, 'cloud'),
    ];
    const states = route([connection('a', 100)], NATIONAL, events, FOR);
    expect(cutMs(states)).toBe(seconds(406));
  });

  it('restoring one work leaves what another did to the path', () => {
    const events = [
      event('a', 0, { kind: 'withdrawn' }, 'carrier'),
      event('a', 0, { kind: 'drain', style: 'withdraw' }, 'cloud'),
      event('a', seconds(10), { kind: 'restored' }, 'carrier'),
      event('a', seconds(400), { kind: 'restored' }, 'cloud'),
    ];
    const states = route([connection('a', 100)], NATIONAL, events, FOR);
    expect(cutMs(states)).toBe(seconds(401));
  });

  it('the only path that came back is kept while it is held down, even when a better one returns', () => {
    const paths = [connection('a', 200), connection('b', 100)];
    const events = [
      event('a', 0, { kind: 'down', lossOfLight: true }),
      event('b', 0, { kind: 'down', lossOfLight: true }),
      event('b', minutes(1), { kind: 'up' }),
      event('a', minutes(2), { kind: 'up' }),
    ];
    const states = route(paths, NATIONAL, events, { ...FOR, holdDownMs: minutes(10) });
    const onto = (path: string) =>
      states.find((state) => state.path === path && state.state === 'up');
    expect(onto('b')?.fromMs).toBe(minutes(1) + seconds(6));
    expect(onto('a')?.fromMs).toBe(minutes(12) + seconds(6));
    expect(cutMs(states)).toBe(minutes(1) + seconds(6));
  });
});
