// Tests viewers who are steered between edges: agents beside virtual players, and the load of a lost edge.

import { describe, expect, test } from 'vitest';
import type { Fault, Scenario } from '../../harness/model/scenario.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { requestsIn, toSecond } from '../../harness/simulate/agents/loads.ts';
import { AGENT_PLAYERS } from '../../harness/rehearsal/agentPlayers.ts';
import { refusalsOfAgents } from '../../harness/simulate/agents/playable.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { besideVirtualPlayers } from '../support/besideVirtualPlayers.ts';
import { playedByAgents } from '../support/simulatedByAgents.ts';

const ALL = { links: [], channels: ['one', 'two'] } as const;
const KILL: Fault = { kind: 'stage', does: 'kill', stages: ['edge-a'], ...ALL };

interface Case {
  readonly fault: Fault;
  readonly forMs: number;
  readonly ttlMs?: number | undefined;
  readonly checkEveryMs?: number;
}

async function steered(one: Case, viewers = 2): Promise<Scenario> {
  const { fault, forMs, checkEveryMs = 1_000 } = one;
  const ttlMs = 'ttlMs' in one ? one.ttlMs : 5_000;
  const base = await loadScenario('scenarios/agreement/filler-1.yaml', { design: 'multi-edge' });
  const stages = base.design.stages.map((stage) =>
    stage.role === 'steering' ? { ...stage, ttlMs, checkEveryMs } : stage,
  );
  return {
    ...base,
    design: { ...base.design, stages },
    viewers: {
      count: viewers,
      player: 'hls.js',
      policy: { onFatal: 'reload', delayMs: 4_000, jitterMs: 0 },
      config: {},
    },
    recover: { withinMs: 40_000 },
    expectations: [],
    faults: [
      {
        ...base.faults[0]!,
        start: { kind: 'at', at: { fromMs: 3_300, toMs: 3_300 } },
        length: { fromMs: forMs, toMs: forMs },
        fault,
      },
    ],
  };
}

const cut = (effect: 'hold' | 'refuse', links: readonly string[]): Fault => ({
  kind: 'cut',
  effect,
  links,
  channels: ['one', 'two'],
});

describe('agents and virtual players who are steered', () => {
  test.each<[string, Case]>([
    ['an edge that dies', { fault: KILL, forMs: 15_000 }],
    ['an edge that hangs', { fault: cut('hold', ['fetch-a']), forMs: 40_000 }],
    [
      'an edge that hangs, told late',
      { fault: cut('hold', ['fetch-a']), forMs: 40_000, ttlMs: 20_000 },
    ],
    [
      'an edge that hangs, never told',
      { fault: cut('hold', ['fetch-a']), forMs: 15_000, ttlMs: undefined },
    ],
    ['an edge that dies, never told', { fault: KILL, forMs: 15_000, ttlMs: undefined }],
    [
      'all edges without an origin',
      { fault: cut('refuse', ['fetch-a', 'fetch-b']), forMs: 40_000 },
    ],
  ])('lose as much to %s', async (_name, one) => {
    for (const { real, virtual } of await besideVirtualPlayers(await steered(one), 1)) {
      const lost = [real, virtual].map((seen) =>
        Object.values(seen.lost).reduce((sum, ms) => sum + ms, 0),
      );
      expect(virtual.outcome).toBe(real.outcome);
      expect(Math.abs(lost[0]! - lost[1]!)).toBeLessThan(1_000);
    }
  });
});

test('virtual players go to the edge of their share', async () => {
  const base = await steered({ fault: KILL, forMs: 12_000 }, 10);
  const stages = base.design.stages.map((stage) =>
    stage.role === 'steering' ? { ...stage, shares: { 'edge-a': 0.2, 'edge-b': 0.8 } } : stage,
  );
  const seen = await besideVirtualPlayers({ ...base, design: { ...base.design, stages } }, 1);
  const hurt = (own: 'real' | 'virtual') => seen.filter((one) => one[own].outcome !== 'unhurt');
  // Who plays from the other edge does not meet the fault.
  expect(hurt('real').length).toBeLessThanOrEqual(3);
  expect(hurt('virtual').length).toBeLessThanOrEqual(3);
});

describe('the load of an edge that is lost', () => {
  const perS = (scenario: Scenario, capacities = {}) => {
    const { world, lostMs, kernel } = playedByAgents(scenario, {
      audience: 100_000,
      agents: 500,
      capacities,
    });
    const at = (name: string, fromMs: number, toMs: number) => {
      const { load } = world.servers.find((server) => server.name === name)!;
      const requests = requestsIn(load).subarray(toSecond(load, fromMs), toSecond(load, toMs));
      return requests.reduce((sum, own) => sum + own, 0) / requests.length;
    };
    const meanMs = lostMs.reduce((sum, ms) => sum + ms, 0) / kernel.crowd.size;
    return { at, meanMs, refused: world.servers.map(({ load }) => load.refused) };
  };

  test('goes to the other within the time that steering takes, and stays there while it is preferred', async () => {
    const { at, meanMs } = perS(await steered({ fault: KILL, forMs: 60_000 }, 100));
    expect(at('edge-a', -5_000, 3_000)).toBeGreaterThan(80_000);
    // Steering itself asks for a playlist of each channel.
    expect(at('edge-b', -5_000, 3_000)).toBeLessThan(10);
    expect(at('edge-b', 20_000, 60_000)).toBeGreaterThan(80_000);
    expect(at('edge-a', 20_000, 60_000)).toBeLessThan(10);
    expect(at('steering', 20_000, 60_000) / (100_000 / 5)).toBeCloseTo(1, 1);
    expect(meanMs).toBeLessThan(1_500);
    // Who was told goes back to the first; whoever met an error there leaves it alone for five minutes.
    expect(at('edge-a', 85_000, 100_000)).toBeGreaterThan(5_000);
    expect(at('edge-b', 85_000, 100_000)).toBeGreaterThan(5_000);
  });

  test('is what is left to the others where viewers are dealt over edges by shares', async () => {
    const base = await steered({ fault: KILL, forMs: 60_000 }, 100);
    const stages = base.design.stages.map((stage) =>
      stage.role === 'steering' ? { ...stage, shares: { 'edge-a': 0.7, 'edge-b': 0.3 } } : stage,
    );
    const { at } = perS({ ...base, design: { ...base.design, stages } });
    const [a, b] = [at('edge-a', -5_000, 3_000), at('edge-b', -5_000, 3_000)];
    expect(a / (a + b)).toBeCloseTo(0.7, 1);
    expect(at('edge-b', 20_000, 60_000) / (a + b)).toBeCloseTo(1, 1);
    expect(at('edge-a', 20_000, 60_000)).toBeLessThan(10);
  });

  test('is too much for one that can serve half of it: some lose the programme there', async () => {
    const scenario = await steered({ fault: KILL, forMs: 60_000 }, 100);
    const enough = perS(scenario, { 'edge-b': 400_000 });
    const half = perS(scenario, { 'edge-b': 50_000 });
    expect(Math.max(...enough.refused)).toBe(0);
    expect(Math.max(...half.refused)).toBeGreaterThan(0);
    expect(half.meanMs).toBeGreaterThan(enough.meanMs + 5_000);
  });

  test('is moved by steering sooner than by players who find out alone, of an edge that hangs', async () => {
    const match = { of: 'playlist', rung: undefined, every: undefined, ratio: 1 } as const;
    const fault: Fault = {
      kind: 'http',
      match,
      answer: { kind: 'hang' },
      stages: ['edge-a'],
      ...ALL,
    };
    const told = perS(await steered({ fault, forMs: 40_000 }, 100));
    const alone = perS(await steered({ fault, forMs: 40_000, ttlMs: undefined }, 100));
    expect(told.meanMs + 5_000).toBeLessThan(alone.meanMs);
  });

  test('stays where the edge hides from steering that nothing comes any more: its cache answers', async () => {
    const fault = cut('hold', ['fetch-a']);
    const { meanMs, at } = perS(await steered({ fault, forMs: 40_000 }, 100));
    expect(meanMs).toBeGreaterThan(30_000);
    expect(at('edge-b', 10_000, 40_000)).toBeLessThan(1_000);
  });
});

test('players whose steering is not modelled are refused', async () => {
  const scenario = await steered({ fault: KILL, forMs: 10_000 });
  const shaka = { count: 2, player: 'shaka', policy: { onFatal: 'none' }, config: {} } as const;
  const made = plan({ ...scenario, viewers: shaka }, { compress: 1, seed: 1 });
  expect(refusalsOfAgents(made, AGENT_PLAYERS)).toEqual([
    {
      path: ['viewers', 'player'],
      message: expect.stringMatching(/shaka that is steered is not modelled/) as string,
    },
  ]);
});
