// Tests what holds of agents whatever is played: drawn designs, faults, audiences and limits.

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Fault, PlayerPolicy, Scenario, ViewerGroup } from '../../harness/model/scenario.ts';
import { CAPACITY_DEFAULTS } from '../../harness/model/simulated.ts';
import { CURVES } from '../../harness/people/curves.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { isBack } from '../../harness/simulate/agents/crowd.ts';
import { playedByAgents, type ByAgents } from '../support/simulatedByAgents.ts';

const DESIGNS = [
  'single-access',
  'stale-404',
  'stale-503',
  'multi-edge',
  'shielded-edges',
  'single-access-tv',
  'repaired-tv',
] as const;
const RUNS = { numRuns: 15, seed: 18 };
const bases = new Map<string, Scenario>();

beforeAll(async () => {
  for (const design of DESIGNS)
    bases.set(design, await loadScenario('scenarios/agreement/filler-1.yaml', { design }));
});

interface Drawn {
  readonly design: (typeof DESIGNS)[number];
  readonly seed: number;
  readonly onFatal: 'none' | 'reload' | 'startLoad';
  readonly hurts: number;
  readonly effect: 'hold' | 'drop' | 'refuse' | 'reset';
  readonly fromMs: number;
  readonly forMs: number;
  readonly people: Partial<ViewerGroup>;
}

const anything: fc.Arbitrary<Drawn> = fc.record({
  design: fc.constantFrom(...DESIGNS),
  seed: fc.nat(1_000),
  onFatal: fc.constantFrom('none', 'reload', 'startLoad'),
  hurts: fc.nat(10),
  effect: fc.constantFrom('hold', 'drop', 'refuse', 'reset'),
  fromMs: fc.integer({ min: 500, max: 5_000 }),
  forMs: fc.integer({ min: 1_000, max: 70_000 }),
  people: fc.constantFrom<Partial<ViewerGroup>>(
    {},
    { behaviour: 'reloads' },
    { behaviour: 'zaps' },
    { behaviour: 'leaves' },
    { joins: { fromMs: 0, toMs: 1_000 } },
    { leaves: { fromMs: 0, toMs: 1_000 } },
    { curve: CURVES['french-evening'], zipf: 1.2 },
  ),
});

/** A cut of any one link, the death of any stage but the source, or an error of any that serves. */
function drawFault({ design }: Scenario, { hurts, effect }: Drawn): Fault {
  const channels = ['one', 'two'];
  const stages = design.stages.filter(({ role }) => role !== 'playout');
  const stage = stages[hurts % stages.length]!;
  const link = design.links[hurts % design.links.length]!;
  if (hurts % 3 === 0) return { kind: 'cut', effect, links: [link.name], channels };
  const on = { stages: [stage.name], links: [], channels };
  if (hurts % 3 === 1 || stage.role === 'transcoder') return { kind: 'stage', does: 'kill', ...on };
  const match = { of: 'playlist', rung: undefined, every: undefined, ratio: 1 } as const;
  return { kind: 'http', match, answer: { kind: 'status', status: 503 }, ...on };
}

function makeScenario(drawn: Drawn, hasFault = true): Scenario {
  const base = bases.get(drawn.design)!;
  const { onFatal, fromMs, forMs, people } = drawn;
  const policy: PlayerPolicy =
    onFatal === 'none' ? { onFatal } : { onFatal, delayMs: 3_000, jitterMs: 2_000 };
  const [fault] = base.faults;
  const player = drawn.design.endsWith('-tv') ? 'settopbox' : 'hls.js';
  return {
    ...base,
    clock: '2025-09-12T22:15:00+02:00',
    viewers: { count: 400, player, policy, config: {}, ...people },
    recover: { withinMs: 150_000 },
    expectations: [],
    faults: [
      {
        ...fault!,
        start: { kind: 'at', at: { fromMs, toMs: fromMs } },
        length: { fromMs: forMs, toMs: forMs },
        fault: hasFault
          ? drawFault(base, drawn)
          : {
              kind: 'cut',
              effect: 'hold',
              links: ['connect-up'],
              direction: 'backward',
              channels: [],
            },
      },
    ],
  };
}

const agentsOf = ({ kernel: { crowd } }: ByAgents) =>
  Array.from({ length: crowd.size }, (_, agent) => agent);

const meanOf = ({ kernel: { crowd }, lostMs }: ByAgents): number => {
  const heads = lostMs.reduce((sum, _, agent) => sum + crowd.count[agent]!, 0);
  return lostMs.reduce((sum, ms, agent) => sum + ms * crowd.count[agent]!, 0) / heads;
};

describe('whatever is played', () => {
  test('every moment is accounted for up to the end, nobody is counted twice, and the same seed is the same again', () => {
    fc.assert(
      fc.property(anything, (drawn) => {
        const play = () =>
          playedByAgents(makeScenario(drawn), { agents: 60 }, { seed: drawn.seed });
        const played = play();
        const { kernel, lostMs, toMs, fromMs } = played;
        const { crowd, screens } = kernel;
        for (const agent of agentsOf(played)) {
          expect(crowd.sinceMs[agent]).toBe(toMs);
          expect(lostMs[agent]).toBeGreaterThanOrEqual(0);
          expect(lostMs[agent]).toBeLessThanOrEqual(toMs - fromMs);
          if (crowd.begun[agent] === 0) expect(lostMs[agent]).toBe(0);
          expect(crowd.darkToMs[agent]).toBeLessThanOrEqual(toMs);
        }
        const heads = crowd.count.reduce((sum, own) => sum + own, 0);
        expect(heads).toBeCloseTo(400, 6);
        for (let minute = 0; minute < screens.curves[0]!.length; minute++) {
          const dark = screens.curves.reduce((sum, curve) => sum + curve[minute]!, 0);
          expect(dark).toBeLessThanOrEqual(heads + 1e-6);
        }
        expect(play().lostMs).toEqual(lostMs);
      }),
      RUNS,
    );
  });

  test('whoever is there at the end sees the programme, but for players that gave up and were left alone', () => {
    fc.assert(
      fc.property(anything, (drawn) => {
        const played = playedByAgents(makeScenario(drawn), { agents: 60 }, { seed: drawn.seed });
        const { crowd } = played.kernel;
        // Boxes have nothing to load without tuning anew.
        const acts = drawn.onFatal === 'startLoad' && crowd.isBox[0] ? 'none' : drawn.onFatal;
        const stuck = agentsOf(played).filter(
          (agent) => crowd.gone[agent] === 0 && !isBack(crowd, agent, played.toMs),
        );
        for (const agent of stuck) {
          expect([acts, crowd.fatal[agent]]).toEqual(['none', 1]);
        }
      }),
      RUNS,
    );
  });

  test('no class serves more in a tick than it can', () => {
    fc.assert(
      fc.property(
        anything,
        fc.integer({ min: 50, max: 2_000 }),
        fc.integer({ min: 0, max: 3_000 }),
        (drawn, perS, queueMs) => {
          const entry = drawn.design === 'multi-edge' ? 'edge-b' : undefined;
          const scenario = makeScenario(drawn);
          const edge = entry ?? scenario.design.stages.find(({ role }) => role === 'edge')!.name;
          const capacity = { ...CAPACITY_DEFAULTS, perS, queueMs };
          const { kernel } = playedByAgents(
            scenario,
            { agents: 60, capacities: { [edge]: capacity } },
            { seed: drawn.seed },
          );
          const [gate] = kernel.gates;
          expect(gate).toBeDefined();
          for (const [tick, used] of gate!.used.entries())
            expect(used + gate!.reserved[Math.floor(tick / 20)]! / 20).toBeLessThanOrEqual(
              gate!.perTick * (1 + 1e-9),
            );
        },
      ),
      RUNS,
    );
  });

  test('where a capacity is enough for everybody, any more of it is, too', () => {
    fc.assert(
      fc.property(
        anything,
        fc.integer({ min: 300, max: 900 }),
        fc.integer({ min: 1, max: 600 }),
        (drawn, perS, more) => {
          const scenario = makeScenario({ ...drawn, people: {} }, false);
          const edges = scenario.design.stages.filter(({ role }) => role === 'edge');
          const play = (each: number) => {
            const capacities = Object.fromEntries(edges.map(({ name }) => [name, each]));
            const played = playedByAgents(
              scenario,
              { agents: 60, capacities },
              { seed: drawn.seed },
            );
            const refused = played.world.servers.reduce((sum, { load }) => sum + load.refused, 0);
            return { refused, mean: meanOf(played) };
          };
          const less = play(perS);
          fc.pre(less.refused === 0);
          const enough = play(perS + more);
          expect(enough.refused).toBe(0);
          expect(enough.mean).toBeLessThanOrEqual(less.mean + 50);
        },
      ),
      RUNS,
    );
  });

  test('a sample is as near to everybody as its size lets it be', () => {
    fc.assert(
      fc.property(anything, (drawn) => {
        const scenario = makeScenario({ ...drawn, people: {} });
        const play = (choices: object) =>
          playedByAgents(scenario, { audience: 4_000, ...choices }, { seed: drawn.seed });
        const [sample, exact] = [play({ agents: 400 }), play({ exact: true })];
        const mean = meanOf(sample);
        const spread = Math.sqrt(
          sample.lostMs.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / sample.lostMs.length,
        );
        // Four standard errors; and caches that see requests 50 ms apart are renewed at other moments.
        const latticeMs = scenario.design.media.segmentMs / 2;
        const errorMs = (4 * spread) / Math.sqrt(sample.lostMs.length) + latticeMs;
        expect(Math.abs(mean - meanOf(exact))).toBeLessThan(errorMs);
      }),
      RUNS,
    );
  });
});
