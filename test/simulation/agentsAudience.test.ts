// Tests audiences of agents by the hour, on channels of different size, and crowds that come at once.

import { expect, test } from 'vitest';
import { listGroups, type Scenario, type ViewerGroup } from '../../harness/model/scenario.ts';
import { CAPACITY_DEFAULTS } from '../../harness/model/simulated.ts';
import { CURVES } from '../../harness/people/curves.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { requestsIn, toSecond, type Load } from '../../harness/simulate/agents/loads.ts';
import { playedByAgents } from '../support/simulatedByAgents.ts';

const FORTY_MS = 40 * 60_000;
const AT_2215 = { clock: '2025-09-12T22:15:00+02:00', zone: 'Europe/Paris' };

/** A time in which nothing is hurt that viewers of channel one ask. */
async function calm(groups: readonly Partial<ViewerGroup>[], forMs = FORTY_MS): Promise<Scenario> {
  const scenario = await loadScenario('scenarios/agreement/filler-1.yaml', {
    design: 'single-access',
  });
  const [fault] = scenario.faults;
  const [first] = listGroups(scenario);
  return {
    ...scenario,
    ...AT_2215,
    viewers: groups.map((group, i) => ({ ...first!, name: `g${i}`, count: 100, ...group })),
    faults: [
      {
        ...fault!,
        start: { kind: 'at', at: { fromMs: 0, toMs: 0 } },
        length: { fromMs: forMs, toMs: forMs },
        fault: {
          kind: 'http',
          match: { of: 'playlist', rung: undefined, every: undefined, ratio: 1 },
          answer: { kind: 'status', status: 503 },
          stages: ['edge'],
          links: [],
          channels: ['two'],
        },
      },
    ],
  };
}

const between = (load: Load, fromMs: number, toMs: number): number =>
  requestsIn(load)
    .subarray(toSecond(load, fromMs), toSecond(load, toMs))
    .reduce((sum, perS, _, all) => sum + perS / all.length, 0);

test('an evening asks for as much less as fewer watch, and those who left lost nothing', async () => {
  const scenario = await calm([{ curve: CURVES['french-evening'], channel: 'one' }]);
  const { kernel, world, lostMs } = playedByAgents(scenario, { audience: 1_000_000, agents: 500 });
  const { crowd } = kernel;
  const there = crowd.count.reduce((sum, own, i) => sum + (crowd.gone[i] === 0 ? own : 0), 0);
  expect(there / 1_000_000).toBeCloseTo(0.66 / 0.82, 2);
  const { load } = world.entries[0]!;
  const falls = between(load, FORTY_MS - 60_000, FORTY_MS - 10_000) / between(load, 0, 60_000);
  expect(falls).toBeCloseTo(0.66 / 0.82, 1);
  expect(Math.max(...lostMs)).toBe(0);
});

test('channels have their viewers by the law that the group says', async () => {
  const scenario = await calm([{ zipf: 1 }]);
  const { cells } = playedByAgents(scenario, { audience: 3_000_000, agents: 300 });
  expect(cells.map(({ channel, viewers }) => [channel.name, viewers])).toEqual([
    ['one', 2_000_000],
    ['two', 1_000_000],
  ]);
});

test('a crowd at kick-off asks for the more the sooner it comes, and an edge that is too small turns it away', async () => {
  const peak = (withinMs: number) => async (perS?: number) => {
    const scenario = await calm(
      [
        { weight: 1_000, channel: 'one' },
        {
          weight: 4_000,
          channel: 'one',
          joins: { fromMs: 60_000, toMs: 60_000 + withinMs },
        },
      ],
      240_000,
    );
    const { world } = playedByAgents(scenario, {
      agents: 500,
      capacities: perS === undefined ? {} : { edge: { ...CAPACITY_DEFAULTS, perS, queueMs: 200 } },
    });
    const { load } = world.entries[0]!;
    return {
      peak: Math.max(...requestsIn(load).subarray(toSecond(load, 0))),
      refused: load.refused,
    };
  };
  const [goal, evening] = [await peak(4_000)(), await peak(180_000)()];
  expect(goal.refused + evening.refused).toBe(0);
  expect(goal.peak).toBeGreaterThan(evening.peak);
  const enough = evening.peak * 1.1;
  expect((await peak(4_000)(enough)).refused).toBeGreaterThan(0);
  expect((await peak(180_000)(enough)).refused).toBe(0);
});
