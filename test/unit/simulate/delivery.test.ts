// Tests classes of edges, shields and origins for agents: what a queue lets through, what a lock lets
// through, and that no class ever serves more than it can.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCapacities } from '../../../harness/cli/readCapacities.ts';
import type { Design, EdgeStage, Scenario } from '../../../harness/model/scenario.ts';
import { readCapacityChoice, type Capacity } from '../../../harness/model/simulated.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { isBack, LOSSES } from '../../../harness/simulate/agents/crowd.ts';
import { ask } from '../../../harness/simulate/agents/delivery.ts';
import { addRate, admit, makeGate, reserve } from '../../../harness/simulate/agents/gate.ts';
import { createLoad, requestsIn } from '../../../harness/simulate/agents/loads.ts';
import { makeTier, type Place, type Server } from '../../../harness/simulate/agents/place.ts';
import { always } from '../../../harness/simulate/agents/steps.ts';
import { HEALTHY_FLOW } from '../../../harness/simulate/agents/forces.ts';
import { TICK_MS } from '../../../harness/simulate/agents/wheel.ts';
import { playedByAgents } from '../../support/simulatedByAgents.ts';

const CAPACITY: Capacity = readCapacityChoice(100);
const admission = { share: 0, doneMs: 0, isRefused: true };

describe('a queue', () => {
  test('never gives a tick more work than it has time for', () => {
    const request = fc.record({
      atMs: fc.integer({ min: 0, max: 9_000 }),
      requests: fc.double({ min: 0.1, max: 400, noNaN: true }),
      isSession: fc.boolean(),
    });
    const limits = fc.record({
      perS: fc.integer({ min: 1, max: 500 }),
      queueMs: fc.integer({ min: 0, max: 3_000 }),
      refusalCost: fc.double({ min: 0, max: 1, noNaN: true }),
      admits: fc.constantFrom('all' as const, 'playing' as const),
    });
    fc.assert(
      fc.property(limits, fc.array(request, { maxLength: 60 }), (limit, requests) => {
        const load = createLoad('edge', 0, 10_000);
        const gate = makeGate({ ...CAPACITY, ...limit }, load, 1);
        reserve(gate, [2, 4], limit.perS / 2);
        let served = limit.perS;
        for (const { atMs, requests: count, isSession } of requests) {
          admit(gate, count, atMs, isSession, admission);
          served += count * admission.share;
          expect(admission.doneMs).toBeGreaterThanOrEqual(atMs);
        }
        for (const [tick, used] of gate.used.entries()) {
          const reserved = (gate.reserved[Math.floor((tick * TICK_MS) / 1000)]! * TICK_MS) / 1000;
          expect(used + reserved).toBeLessThanOrEqual(gate.perTick * (1 + 1e-9));
        }
        const counted = requestsIn(load).reduce((sum, each) => sum + each, 0);
        expect(counted).toBeLessThanOrEqual(served * (1 + 1e-6));
      }),
      { seed: 18, numRuns: 200 },
    );
  });

  test('serves in turn, turns away what would wait too long, and then answers nobody', () => {
    const gate = makeGate({ ...CAPACITY, queueMs: 1_000 }, createLoad('edge', 0, 60_000), 1);
    admit(gate, 50, 0, false, admission);
    expect(admission).toEqual({ share: 1, doneMs: 500, isRefused: true });
    admit(gate, 100, 0, false, admission);
    // 550 ms are left of a second and the tick that there is.
    expect(admission.share).toBeCloseTo(0.55);
    expect(admission.doneMs).toBeCloseTo(1_050);
    // The 45 turned away cost as much as nine, 1000 more as much as 200.
    admit(gate, 1_000, 0, false, admission);
    expect(admission).toMatchObject({ share: 0, isRefused: true });
    admit(gate, 1, 0, false, admission);
    expect(admission).toMatchObject({ share: 0, isRefused: false });
  });

  test('leaves half of itself to those who play, where it is told to', () => {
    const gate = makeGate(
      { ...CAPACITY, queueMs: 1_000, admits: 'playing' },
      createLoad('edge', 0, 60_000),
      1,
    );
    admit(gate, 60, 0, false, admission);
    admit(gate, 1, 0, true, admission);
    expect(admission.share).toBe(0);
    admit(gate, 1, 0, false, admission);
    expect(admission.share).toBe(1);
  });

  test('has no room to keep where others wait', () => {
    const gate = makeGate(CAPACITY, createLoad('edge', 0, 60_000), 1);
    expect(reserve(gate, [5, 9], 96)).toBe(false);
    expect(reserve(gate, [5, 9], 60)).toBe(true);
    expect(reserve(gate, [8, 12], 60)).toBe(false);
    addRate(gate, [5, 9], -60);
    expect(reserve(gate, [8, 12], 60)).toBe(true);
  });
});

const EDGE: EdgeStage = {
  role: 'edge',
  name: 'edge',
  zone: 'here',
  operator: 'somebody',
  country: 'FR',
  playlistTtlMs: 1_000,
  segmentTtlMs: 60_000,
  errorTtlMs: 0,
  staleIfError: false,
  collapse: true,
  originTimeoutMs: 1_500,
};

/** An edge that asks an origin which gives this to everybody. */
function placeThatGets(answer: 'ok' | 'hang' | '503 after 300 ms'): Place {
  const server = (name: string, edge: EdgeStage | undefined): Server => ({
    name,
    life: always('works'),
    wrong: always([]),
    load: createLoad(name, 0, 60_000),
    gate: undefined,
    edge,
    flow: HEALTHY_FLOW,
  });
  const delayed = answer === 'ok' ? {} : { sinceMs: 0, channels: ['one'] };
  const match = { of: 'any', rung: undefined, every: undefined, ratio: 1 } as const;
  const wrong =
    answer === 'hang'
      ? [{ ...delayed, match, answer: { kind: 'hang' } }]
      : answer === 'ok'
        ? []
        : [{ ...delayed, match, answer: { kind: 'slow', delayMs: 300 } }];
  const origin = { ...server('origin', undefined), wrong: always(wrong as never) };
  const up = makeTier(origin, undefined);
  return {
    steering: undefined,
    tiers: [makeTier(server('edge', EDGE), up), up],
    origin: { whenStale: '503', staleAfterMs: 0 } as Place['origin'],
    channel: 'one',
    publication: {
      atMs: Float64Array.of(0),
      last: Int32Array.of(5),
      first: Int32Array.of(0),
      isGap: new Uint8Array(9),
    } as unknown as Place['publication'],
    epochMs: 0,
    segmentBytes: 1_000,
    askedMs: new Float64Array(8).fill(Infinity),
    versionAt: 0,
  };
}

const asked = (
  place: Place,
  atMs: number,
  viewers = 1,
  what: 'segment' | 'playlist' = 'playlist',
) => ask(place, what, 3, atMs, viewers, { status: 0, value: 0, atMs: 0, isTurnedAway: false });
const atOrigin = ({ tiers }: Place) => [...requestsIn(tiers[1]!.server.load)];

/** The same was measured of nginx 1.22.1 with proxy_cache_lock_timeout 1500ms: 20 requests, one each 20 ms. */
describe('the lock of a cache', () => {
  test('lets one ask; the others look again every half second', () => {
    const place = placeThatGets('503 after 300 ms');
    (place as { origin: unknown }).origin = { whenStale: 'serve', staleAfterMs: 0 };
    const first = asked(place, 0, 1, 'segment');
    expect(first).toMatchObject({ status: 200 });
    expect(first.atMs).toBeCloseTo(312, 0);
    const other = asked(place, 100, 5_000, 'segment');
    expect(other.status).toBe(200);
    expect(other.atMs).toBeCloseTo(612, 0);
    expect(atOrigin(place)[0]).toBe(1);
  });

  test('leaks everybody who waits once its time is over: the origin that hangs gets them all', () => {
    const place = placeThatGets('hang');
    expect(asked(place, 0)).toMatchObject({ status: 504, atMs: 1_504 });
    expect(asked(place, 100, 5_000)).toMatchObject({ status: 504, atMs: 3_104 });
    expect(atOrigin(place).slice(0, 3)).toEqual([1, 5_000, 0]);
  });

  test('lets one after the other ask where the error is not kept, and leaks the rest', () => {
    const place = placeThatGets('503 after 300 ms');
    expect(asked(place, 0)).toMatchObject({ status: 503 });
    expect(asked(place, 100)).toMatchObject({ status: 503 });
    // It looked at 604 ms, and asked then.
    expect(asked(place, 120).atMs).toBeGreaterThan(1_300);
    expect(asked(place, 140, 700).atMs).toBeCloseTo(1_944, 0);
    expect(atOrigin(place)[1]).toBeGreaterThanOrEqual(700);
  });
});

const SHIELDED = 'scenarios/agreement/filler-1.yaml';

async function shielded(
  change: (design: Design) => Design = (design) => design,
): Promise<Scenario> {
  const scenario = await loadScenario(SHIELDED, { design: 'shielded-edges' });
  const policy = { onFatal: 'reload', delayMs: 4_000, jitterMs: 4_000 } as const;
  return {
    ...scenario,
    viewers: { count: 2_000, player: 'hls.js', policy, config: {} },
    recover: { withinMs: 60_000 },
    design: change(scenario.design),
  };
}

describe('a shield', () => {
  test('asks its origin once for all the edges behind it', async () => {
    const { world } = playedByAgents(await shielded(), { agents: 200 });
    const mean = (name: string) => {
      const perS = requestsIn(world.servers.find((one) => one.name === name)!.load).slice(5, 25);
      return perS.reduce((sum, each) => sum + each, 0) / perS.length;
    };
    expect(world.servers.map(({ name }) => name).toSorted()).toEqual([
      'edge-a',
      'edge-b',
      'origin',
      'shield',
    ]);
    expect(mean('edge-a')).toBeGreaterThan(400);
    expect(mean('shield')).toBeLessThan(8);
    expect(mean('origin')).toBeLessThan(mean('shield'));
  });
});

const share = (shares: readonly number[]) =>
  shares.reduce((sum, one) => sum + one, 0) / shares.length;

describe('what never changes behind a limit', () => {
  test('drawn faults and capacities: no second is above the limit, times add up, and nobody is stuck but behind a queue', async () => {
    const base = await shielded();
    const [fault] = base.faults;
    const cut = { kind: 'cut', links: ['connect-down'], channels: ['one', 'two'] } as const;
    const drawn = fc.record({
      perS: fc.integer({ min: 1_300, max: 4_000 }),
      originPerS: fc.integer({ min: 20, max: 2_000 }),
      queueMs: fc.integer({ min: 0, max: 4_000 }),
      effect: fc.constantFrom('hold' as const, 'drop' as const, 'refuse' as const),
      lengthMs: fc.integer({ min: 1_000, max: 25_000 }),
      errorTtlMs: fc.constantFrom(0, 3_000),
      seed: fc.integer({ min: 1, max: 999 }),
    });
    fc.assert(
      fc.property(drawn, ({ perS, originPerS, queueMs, effect, lengthMs, errorTtlMs, seed }) => {
        const stages = base.design.stages.map((stage) =>
          stage.role === 'edge' ? { ...stage, errorTtlMs } : stage,
        );
        const scenario = {
          ...base,
          design: { ...base.design, stages },
          faults: [
            { ...fault!, length: { fromMs: lengthMs, toMs: lengthMs }, fault: { ...cut, effect } },
          ],
        };
        const limit = (rate: number) => ({ ...CAPACITY, perS: rate, queueMs });
        const capacities = {
          'edge-a': limit(perS),
          'edge-b': limit(perS),
          shield: limit(originPerS),
          origin: limit(originPerS),
        };
        const { world, kernel, fromMs, toMs } = playedByAgents(
          scenario,
          { capacities, agents: 60 },
          { seed },
        );
        for (const { load, gate } of world.servers)
          for (const requests of gate ? requestsIn(load) : [])
            expect(requests).toBeLessThanOrEqual(gate!.perS * (1 + 1e-6));
        const { crowd } = kernel;
        for (let agent = 0; agent < crowd.size; agent++) {
          const lost = crowd.lostMs.subarray(agent * LOSSES, (agent + 1) * LOSSES);
          const sum = lost.reduce((all, ms) => all + ms, 0);
          expect(sum).toBeLessThanOrEqual(toMs - fromMs);
          expect(crowd.sinceMs[agent]).toBe(toMs);
          const { tiers } = kernel.places[crowd.place[agent]!]!;
          const isBusy = tiers.some(({ server }) => server.gate!.busyAtMs > toMs - 5_000);
          expect(isBack(crowd, agent, toMs) || isBusy).toBe(true);
        }
      }),
      { seed: 18, numRuns: 8 },
    );
  });

  test('more capacity never makes a healthy design worse', async () => {
    const scenario = { ...(await shielded()), faults: [] };
    const means = [700, 1_000, 1_300, 2_600, 10_000].map((perS) => {
      const capacities = { 'edge-a': perS, 'edge-b': perS };
      return share(playedByAgents(scenario, { agents: 60, capacities }).lostMs);
    });
    expect(means).toEqual(means.toSorted((a, b) => b - a));
    expect(means.at(-1)).toBe(0);
  });
});

describe('--capacity', () => {
  test('is a rate, and more where it is said', () => {
    expect(
      readCapacities(['edge=2e6', 'origin=500,queue=2s,admits=playing,retry-after=10s']),
    ).toEqual({
      edge: 2e6,
      origin: {
        perS: 500,
        queueMs: 2_000,
        refusalCost: 0.2,
        retryAfterMs: 10_000,
        admits: 'playing',
      },
    });
  });

  test.each([
    ['edge=0', /above 0/],
    ['edge=-5', /above 0/],
    ['edge=5,queue=long', /queue=long is none of/],
    ['edge=5,refusal=2', /refusal=2 is none of/],
    ['edge=5,toString=1', /toString=1 is none of/],
  ])('%s is refused', (word, message) => {
    expect(() => readCapacities([word])).toThrow(message);
  });

  test('is said once of each class', () => {
    expect(readCapacities(['edge-a=5', 'edge-b=6'])).toEqual({ 'edge-a': 5, 'edge-b': 6 });
    expect(() => readCapacities(['edge=5', 'edge=6'])).toThrow('--capacity edge=… is there twice');
  });
});
