// Tests rules that hold for any paths and any events.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DRAIN_STYLES,
  type AccessPath,
  type LinkState,
  type PathEvent,
} from '../../../harness/model/access.ts';
import { detectionBoundsMs } from '../../../harness/routing/detection.ts';
import { route } from '../../../harness/routing/route.ts';
import {
  BFD,
  connection,
  cutMs,
  event,
  lag,
  lossyMs,
  minutes,
  NATIONAL,
  RESTART,
  SLOW,
  vpn,
} from './builders.ts';

const HORIZON = minutes(60);
const NAMES = ['a', 'b', 'c'] as const;

const session = fc
  .record({
    keepaliveMs: fc.integer({ min: 1_000, max: 30_000 }),
    factor: fc.integer({ min: 3, max: 6 }),
    bfd: fc.constantFrom(undefined, BFD, { ...BFD, intervalMs: 1_000 }),
    gracefulRestart: fc.constantFrom(undefined, RESTART, { ...RESTART, afterHoldExpiry: false }),
    establishMs: fc.integer({ min: 0, max: 30_000 }),
    routeProgrammingMs: fc.integer({ min: 0, max: 2_000 }),
  })
  .map(({ keepaliveMs, factor, ...rest }) => ({
    ...rest,
    bgp: { keepaliveMs, holdMs: keepaliveMs * factor, farHoldMs: undefined },
  }));

const pathNamed = (name: string): fc.Arbitrary<AccessPath> =>
  fc
    .record({
      session,
      preference: fc.integer({ min: 1, max: 3 }),
      make: fc.constantFrom('connection', 'lag', 'vpn'),
      tunnels: fc.integer({ min: 1, max: 4 }),
      ecmp: fc.boolean(),
      limit: fc.constantFrom('per-direction' as const, 'sum' as const),
      filter: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        'drops-traffic',
        'advertises-nothing',
      ),
    })
    .map(({ make, session, preference, filter, ...tunnel }) => {
      const common = { session, filter };
      if (make === 'lag') return lag(name, preference, common);
      if (make === 'vpn') return vpn(name, preference, { ...common, ...tunnel });
      return connection(name, preference, common);
    });

const atMs = fc.integer({ min: 0, max: HORIZON });
const what: fc.Arbitrary<Parameters<typeof event>[2]> = fc.oneof(
  fc.constant({ kind: 'down' } as const),
  fc.constant({ kind: 'down', lossOfLight: true } as const),
  fc.constant({ kind: 'up' } as const),
  fc.constant({ kind: 'restored' } as const),
  fc.constant({ kind: 'withdrawn' } as const),
  fc.record({
    kind: fc.constant('degraded' as const),
    lossShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
    capacityShare: fc.double({ min: 0.1, max: 1, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('drain' as const),
    style: fc.constantFrom(...DRAIN_STYLES),
  }),
  fc.record({
    kind: fc.constant('flap' as const),
    downMs: fc.integer({ min: 1, max: 60_000 }),
    upMs: fc.integer({ min: 1_000, max: 60_000 }),
    forMs: fc.integer({ min: 1_000, max: minutes(10) }),
  }),
  fc.record({
    kind: fc.constant('failover-test' as const),
    forMs: fc.integer({ min: 60_000, max: minutes(20) }),
  }),
);
const anyEvent: fc.Arbitrary<PathEvent> = fc
  .tuple(fc.constantFrom(...NAMES), atMs, what, fc.constantFrom('one', 'two'))
  .map(([path, at, kind, of]) => event(path, at, kind, of));

const world = fc.record({
  paths: fc.tuple(...NAMES.map(pathNamed)),
  events: fc.array(anyEvent, { maxLength: 20 }),
  demand: fc.record({
    in: fc.integer({ min: 0, max: 50_000 }),
    back: fc.integer({ min: 0, max: 50_000 }),
  }),
  probe: fc.constantFrom(undefined, {
    intervalMs: 10_000,
    failures: 3,
    recoveries: 6,
    lossShareMin: 0.02,
  }),
  holdDownMs: fc.constantFrom(0, 60_000, Infinity),
  phase: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => () => share),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const statesOf = ({ paths, demand, events, ...options }: World) =>
  route(paths, demand, events, { ...options, toMs: HORIZON });

describe('for any paths and any events', () => {
  it('the states follow one another without gap or overlap from the first moment to the last', () => {
    fc.assert(
      fc.property(world, (given) => {
        const states = statesOf(given);
        expect(states[0]?.fromMs).toBe(0);
        expect(states.at(-1)?.toMs).toBe(HORIZON);
        states.forEach((state, index) => {
          expect(state.toMs).toBeGreaterThan(state.fromMs);
          if (index > 0) expect(state.fromMs).toBe(states[index - 1]?.toMs);
        });
      }),
    );
  });

  it('never carries more than the path in use can', () => {
    fc.assert(
      fc.property(world, (given) => {
        for (const { path, capacityMbps, lossShare } of statesOf(given)) {
          const used = given.paths.find(({ name }) => name === path);
          const most = used ? physicalMbps(used) : 0;
          const through = (direction: 'in' | 'back') =>
            given.demand[direction] * (1 - lossShare[direction]);
          for (const direction of ['in', 'back'] as const) {
            expect(capacityMbps[direction]).toBeLessThanOrEqual(most);
            expect(through(direction)).toBeLessThanOrEqual(capacityMbps[direction] + 0.001);
          }
          if (used?.kind === 'vpn' && used.limit === 'sum')
            expect(through('in') + through('back')).toBeLessThanOrEqual(most + 0.001);
        }
      }),
    );
  });

  it('a state is what its loss says', () => {
    fc.assert(
      fc.property(world, (given) => {
        for (const { state, lossShare, capacityMbps } of statesOf(given)) {
          const worst = Math.max(lossShare.in, lossShare.back);
          if (state === 'up') expect(worst).toBe(0);
          else if (state === 'degraded') expect(worst).toBeGreaterThan(0);
          else
            expect({ lossShare, capacityMbps }).toEqual({
              lossShare: { in: 1, back: 1 },
              capacityMbps: { in: 0, back: 0 },
            });
        }
      }),
    );
  });

  it('the same input gives the same output, in whatever order the events are given', () => {
    fc.assert(
      fc.property(world, (given) => {
        const apart = given.events.filter(
          (one, index) => given.events.findIndex(({ atMs }) => atMs === one.atMs) === index,
        );
        const forwards = statesOf({ ...given, events: apart });
        expect(statesOf({ ...given, events: [...apart].reverse() })).toEqual(forwards);
      }),
    );
  });
});

const cutAt = 60_000;
/** The hold-down of b ends while the route over the spare path is being programmed. */
const ENDS_WHILE_PROGRAMMED = {
  session: {
    bfd: BFD,
    gracefulRestart: RESTART,
    establishMs: 20_065,
    routeProgrammingMs: 1,
    bgp: { keepaliveMs: 1_000, holdMs: 3_000, farHoldMs: undefined },
  },
  phase: 0,
};
const noOpen = fc.record({ session, phase: fc.double({ min: 0, max: 1, noNaN: true }) });
const leftAt = (states: readonly LinkState[], path: string) =>
  states.find((state) => state.fromMs >= cutAt && state.path !== path)?.fromMs ?? Infinity;

describe('for any timers', () => {
  it('a silent failure is never left earlier than the timers allow, nor later than they promise', () => {
    fc.assert(
      fc.property(noOpen, ({ session, phase }) => {
        const paths = [connection('a', 2, { session }), connection('b', 1, { session })];
        const states = route(paths, NATIONAL, [event('a', cutAt, { kind: 'down' })], {
          toMs: HORIZON,
          phase: () => phase,
        });
        const { minMs, maxMs } = detectionBoundsMs(session);
        const tookMs = leftAt(states, 'a') - cutAt - session.routeProgrammingMs;
        expect(tookMs).toBeGreaterThanOrEqual(minMs - 0.001);
        expect(tookMs).toBeLessThanOrEqual(maxMs + 0.001);
        const least = session.bfd
          ? session.bfd.intervalMs * (session.bfd.multiplier - 1)
          : session.bgp.holdMs - session.bgp.keepaliveMs;
        expect(tookMs).toBeGreaterThanOrEqual(
          Math.min(least, session.bgp.holdMs * (2 / 3)) - 0.001,
        );
      }),
    );
  });

  it('graceful restart never makes a failover earlier, and with BFD delays it by its whole length', () => {
    fc.assert(
      fc.property(noOpen, ({ session, phase }) => {
        const took = (gracefulRestart: typeof session.gracefulRestart) => {
          const timers = { ...session, gracefulRestart };
          const paths = [connection('a', 2, { session: timers }), connection('b', 1)];
          return cutMs(
            route(paths, NATIONAL, [event('a', cutAt, { kind: 'down' })], {
              toMs: HORIZON,
              phase: () => phase,
            }),
          );
        };
        expect(took(RESTART)).toBeGreaterThanOrEqual(took(undefined));
        if (session.bfd) expect(took(RESTART) - took(undefined)).toBeCloseTo(RESTART.restartMs, 3);
      }),
    );
  });

  it('a drain with enough lead loses nothing, whatever the timers', () => {
    fc.assert(
      fc.property(
        noOpen,
        fc.constantFrom('graceful-shutdown' as const, 'withdraw' as const),
        fc.integer({ min: 2_000, max: 600_000 }),
        ({ session, phase }, style, leadMs) => {
          const paths = [connection('a', 2, { session }), connection('b', 1, { session })];
          const events = [
            event('a', cutAt, { kind: 'drain', style }, 'window'),
            event('a', cutAt + leadMs, { kind: 'down' }, 'window'),
            event('a', cutAt + leadMs + minutes(10), { kind: 'up' }, 'window'),
            event('a', cutAt + leadMs + minutes(20), { kind: 'restored' }, 'window'),
          ];
          const states = route(paths, NATIONAL, events, { toMs: HORIZON, phase: () => phase });
          expect(lossyMs(states)).toBe(0);
        },
      ),
    );
  });

  it('one more path that stays up never makes full cuts longer', () => {
    const cuts = fc.array(fc.tuple(fc.constantFrom('a', 'b'), atMs, atMs), { maxLength: 8 });
    fc.assert(
      fc.property(
        noOpen,
        cuts,
        fc.constantFrom(0, 60_000),
        ({ session, phase }, cuts, holdDownMs) => {
          const events = cuts.flatMap(([path, one, two], index) => [
            event(path, Math.min(one, two), { kind: 'down' }, `cut-${index}`),
            event(path, Math.max(one, two), { kind: 'up' }, `cut-${index}`),
          ]);
          const paths = ['a', 'b', 'spare'].map((name, index) =>
            connection(name, 3 - index, { session }),
          );
          const options = { toMs: HORIZON, holdDownMs, phase: () => phase };
          const without = cutMs(route(paths.slice(0, 2), NATIONAL, events, options));
          expect(cutMs(route(paths, NATIONAL, events, options))).toBeLessThanOrEqual(
            without + 0.001,
          );
        },
      ),
      {
        numRuns: 500,
        examples: [
          [
            ENDS_WHILE_PROGRAMMED,
            [
              ['a', 1_121_794, 1_001_192],
              ['b', 1_041_728, 0],
            ],
            60_000,
          ],
        ],
      },
    );
  });

  it('two paths never do worse than one of them alone when only the first is cut', () => {
    const cuts = fc.array(fc.tuple(atMs, atMs), { maxLength: 5 });
    fc.assert(
      fc.property(cuts, (cuts) => {
        const events = cuts.flatMap(([one, two], index) => [
          event('a', Math.min(one, two), { kind: 'down' }, `cut-${index}`),
          event('a', Math.max(one, two), { kind: 'up' }, `cut-${index}`),
        ]);
        const paths = [connection('a', 2), connection('b', 1)];
        const options = { toMs: HORIZON };
        expect(cutMs(route(paths, NATIONAL, events, options))).toBeLessThanOrEqual(
          cutMs(route(paths.slice(0, 1), NATIONAL, events, options)),
        );
      }),
    );
  });
});

/** Written out here, so that the model is not measured by itself. */
function physicalMbps(path: AccessPath): number {
  if (path.kind === 'lag') return path.members * path.memberMbps;
  if (path.kind === 'vpn') return path.tunnelMbps * (path.ecmp ? path.tunnels : 1);
  return path.capacityMbps;
}

describe('a session as it is', () => {
  it('has detection times of 900 ms with BFD and 60 to 90 s with default BGP', () => {
    expect(detectionBoundsMs({ ...SLOW, bfd: BFD })).toEqual({ minMs: 600, maxMs: 900 });
    expect(detectionBoundsMs(SLOW)).toEqual({ minMs: 60_000, maxMs: 90_000 });
  });
});
