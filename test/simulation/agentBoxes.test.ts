// Tests audiences of set-top boxes on multicast, played by agents.

import { describe, expect, test } from 'vitest';
import {
  listGroups,
  type Fault,
  type Scenario,
  type ViewerGroup,
} from '../../harness/model/scenario.ts';
import { AGENT_PLAYERS } from '../../harness/rehearsal/agentPlayers.ts';
import { loadScenario } from '../../harness/scenario/load.ts';
import { plan } from '../../harness/scenario/plan.ts';
import { LOSS, LOSSES, PLAYING } from '../../harness/simulate/agents/crowd.ts';
import { requestsIn } from '../../harness/simulate/agents/loads.ts';
import { refusalsOfAgents } from '../../harness/simulate/agents/playable.ts';
import { playedByAgents, type ByAgents } from '../support/simulatedByAgents.ts';

const BOXES: ViewerGroup = {
  name: 'boxes',
  count: 100,
  player: 'settopbox',
  policy: { onFatal: 'none' },
  config: {},
};
const AT_MS = 2_000;

interface Playing {
  readonly fault: Fault;
  readonly forMs: number;
  readonly group?: Partial<ViewerGroup>;
}

/** Boxes of one group at the senders of a design, one thing of which is hurt. */
async function boxesOf(design: string, { fault, forMs, group = {} }: Playing): Promise<Scenario> {
  const scenario = await loadScenario('scenarios/agreement/filler-1.yaml', { design });
  const [first] = scenario.faults;
  return {
    ...scenario,
    viewers: [{ ...BOXES, ...group }],
    recover: { withinMs: 60_000 },
    expectations: [],
    faults: [
      {
        ...first!,
        start: { kind: 'at', at: { fromMs: AT_MS, toMs: AT_MS } },
        length: { fromMs: forMs, toMs: forMs },
        fault,
      },
    ],
  };
}

const CHANNELS = ['one', 'two'];
const cutOf = (...links: string[]): Fault => ({
  kind: 'cut',
  effect: 'drop',
  links,
  channels: CHANNELS,
});
const killOf = (stage: string): Fault => ({
  kind: 'stage',
  does: 'kill',
  stages: [stage],
  links: [],
  channels: CHANNELS,
});

const lossOf = ({ kernel: { crowd } }: ByAgents, loss: keyof typeof LOSS): readonly number[] =>
  Array.from({ length: crowd.size }, (_, agent) => crowd.lostMs[agent * LOSSES + LOSS[loss]]!);
const least = (values: readonly number[]) => Math.min(...values);
const most = (values: readonly number[]) => Math.max(...values);

test('a group that stops is dark until the next picture to begin with, behind an error page from 8 s on', async () => {
  const played = playedByAgents(
    await boxesOf('repaired-tv', { fault: cutOf('access-tv'), forMs: 12_000 }),
  );
  for (const lost of played.lostMs) {
    expect(lost).toBeGreaterThanOrEqual(12_000);
    expect(lost).toBeLessThanOrEqual(13_000);
  }
  for (const stalled of lossOf(played, 'stalled')) expect(stalled).toBeCloseTo(8_000, 0);
  expect(least(lossOf(played, 'dead'))).toBeGreaterThanOrEqual(4_000);
});

test('a contribution that stops is a group of black pictures, and no box goes to its error page', async () => {
  const fault = cutOf('connect-up');
  const played = playedByAgents(await boxesOf('single-access-tv', { fault, forMs: 20_000 }));
  expect(most(lossOf(played, 'dead'))).toBe(0);
  expect(most(lossOf(played, 'stalled'))).toBe(0);
  expect(least(lossOf(played, 'filler'))).toBeGreaterThan(19_000);
});

test('a box whose sender is dead tunes again and again, and shows the first picture that comes', async () => {
  const reload = { onFatal: 'reload', delayMs: 2_000, jitterMs: 1_000 } as const;
  const hurt = { fault: killOf('street-sender'), forMs: 60_000 };
  const left = playedByAgents(await boxesOf('repaired-tv', hurt));
  const again = playedByAgents(
    await boxesOf('repaired-tv', { ...hurt, group: { policy: reload } }),
  );
  const reloads = again.kernel.crowd.reloads.subarray(0, again.kernel.crowd.size);
  // Eight seconds without a picture, and two to three until its application acts.
  for (const count of reloads) expect([5, 6]).toContain(count);
  expect(most(left.lostMs)).toBeLessThan(62_000);
  expect(Math.abs(most(again.lostMs) - most(left.lostMs))).toBeLessThan(200);
});

const HARMLESS = { fault: killOf('portal'), forMs: 20_000 };

/** The mean time of a zap of boxes that go on every five seconds, four times. */
async function zapMs(config: ViewerGroup['config'], burstsPerS?: number): Promise<number> {
  const group = { config: { zapEveryMs: 5_000, zaps: 4, ...config } };
  const scenario = await boxesOf('repaired-tv', { ...HARMLESS, group });
  const choices = burstsPerS === undefined ? {} : { capacities: { 'tv-sender': burstsPerS } };
  const played = playedByAgents(scenario, choices);
  expect(new Set(played.kernel.crowd.zaps.subarray(0, 100))).toEqual(new Set([4]));
  return lossOf(played, 'starting').reduce((sum, ms) => sum + ms, 0) / (4 * 100);
}

test('a burst makes a zap as short as it is measured of boxes, where the sender has time for it', async () => {
  expect(await zapMs({}, 10_000)).toBeCloseTo(263, -1);
  const without = await zapMs({ burst: false });
  // To the next picture to begin with, half a second in the mean.
  expect(without).toBeGreaterThan(700);
  expect(without).toBeLessThan(960);
  const few = await zapMs({}, 10);
  expect(few).toBeGreaterThan(400);
  expect(few).toBeLessThan(without);
});

describe('boxes that are switched on while the portal is dead', () => {
  const group: Partial<ViewerGroup> = {
    policy: { onFatal: 'reload', delayMs: 3_000, jitterMs: 2_000 },
    joins: { fromMs: 6_000, toMs: 9_000 },
  };

  test('come in behind an error page when it is back', async () => {
    const played = playedByAgents(await boxesOf('repaired-tv', { ...HARMLESS, group }));
    const { crowd } = played.kernel;
    expect(least(played.lostMs)).toBeGreaterThan(22_000 - 9_000);
    expect(most(played.lostMs)).toBeLessThan(22_000 - 6_000 + 12_000);
    expect(new Set(crowd.fatal.subarray(0, crowd.size))).toEqual(new Set([0]));
    const portal = played.world.boxes!.loads.find(({ load }) => load.name === 'portal')!;
    const asked = requestsIn(portal.load).reduce((sum, perS) => sum + perS, 0);
    expect(asked).toBeGreaterThanOrEqual(300);
  });

  test('keep the portal too busy to let anybody in where they are too many for it', async () => {
    const scenario = await boxesOf('repaired-tv', { ...HARMLESS, group });
    const inAtTheEnd = (capacities: Record<string, number>) => {
      const { kernel } = playedByAgents(scenario, { audience: 20_000, agents: 400, capacities });
      const { crowd } = kernel;
      return crowd.mode.subarray(0, crowd.size).filter((mode) => mode === PLAYING).length;
    };
    expect(inAtTheEnd({ portal: 20_000 })).toBe(400);
    expect(inAtTheEnd({})).toBeLessThan(100);
  });
});

test('everybody loses what a sample does', async () => {
  const scenario = await boxesOf('single-access-tv', { fault: cutOf('connect-tv'), forMs: 15_000 });
  const play = (exact: boolean) =>
    playedByAgents(scenario, { audience: 1_000_000, exact, agents: exact ? undefined : 200 });
  const [sample, exact] = [play(false), play(true)];
  expect(exact.kernel.crowd.count.reduce((sum, own) => sum + own, 0)).toBe(1_000_000);
  expect(new Set(exact.lostMs)).toEqual(new Set(sample.lostMs));
});

test('single datagrams are refused by their place', async () => {
  const loss: Fault = {
    kind: 'loss',
    share: 0.01,
    roundTripMs: 0,
    links: ['connect-tv'],
    channels: CHANNELS,
  };
  const scenario = await boxesOf('single-access-tv', { fault: loss, forMs: 10_000 });
  const made = plan(scenario, { compress: 1, seed: 1 });
  expect(refusalsOfAgents(made, AGENT_PLAYERS)).toEqual([
    {
      path: ['faults', 0],
      message: expect.stringMatching(
        /^loss of the datagrams of connect-tv.*use `ecran-noir run`/,
      ) as string,
    },
  ]);
});

test('boxes that are black for long send some of their viewers to the edges', async () => {
  const switches = { to: 'apps', share: 0.15, withinMs: 30_000 };
  const hurt = { fault: cutOf('connect-tv'), forMs: 60_000, group: { count: 1_000 } };
  const apps: ViewerGroup = { ...BOXES, name: 'apps', count: 1, player: 'hls.js' };
  const play = async (group: Partial<ViewerGroup>) => {
    const scenario = await boxesOf('single-access-tv', {
      ...hurt,
      group: { ...hurt.group, ...group },
    });
    const [boxes] = listGroups(scenario);
    return playedByAgents({ ...scenario, viewers: [boxes!, apps] }, { agents: 1_001 });
  };
  const [stay, go] = [await play({}), await play({ switches })];
  const { crowd } = go.kernel;
  const gone = Array.from({ length: 1_000 }, (_, agent) => agent).filter(
    (agent) => crowd.group[agent] === 1,
  );
  expect(gone.length).toBeGreaterThan(120);
  expect(gone.length).toBeLessThan(180);
  // Within half a minute, and a start of their player.
  expect(most(gone.map((agent) => go.lostMs[agent]!))).toBeLessThan(36_000);
  expect(least(stay.lostMs.slice(0, 1_000))).toBeGreaterThan(60_000);
  const [before, after] = [stay, go].map(({ world }) =>
    requestsIn(world.entries[0]!.load).at(-10)!,
  );
  // A playlist and a segment every two seconds.
  expect(after! - before!).toBeGreaterThan(0.8 * gone.length);
});
