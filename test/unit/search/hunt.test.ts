// Tests the way through a space with figures that are known: the same front as when all are played.

import { describe, expect, test } from 'vitest';
import type { DesignSeen, Figures } from '../../../harness/model/search.ts';
import { casesIn, lasting } from '../../../harness/search/cases.ts';
import { findFront, seenDesign } from '../../../harness/search/front.ts';
import { areMonotone, hunt, listLadders } from '../../../harness/search/hunt.ts';
import { shortestKiller } from '../../../harness/search/killer.ts';
import { toDigits, type Space } from '../../../harness/search/space.ts';
import { loadScenario } from '../../../harness/scenario/load.ts';
import { plan } from '../../../harness/scenario/plan.ts';

const values = (costs: readonly number[]) => costs.map((cost, i) => ({ word: `${i}`, cost }));

const space: Space = {
  audience: undefined,
  limits: [],
  knobs: [
    { name: 'a', values: values(Array.from({ length: 40 }, (_, i) => i)) },
    { name: 'b', values: values([0, 2, 5, 9, 14, 20]) },
  ],
  size: 240,
};

const DESIGNS = Array.from({ length: space.size }, (_, i) => i);
const LIMIT_MS = 5_000;

/** More of `a` loses less, in steps; more of `b` costs the origin more. */
function figuresOf(design: number, monotone: boolean): Figures {
  const [a, b] = toDigits(space, design) as [number, number];
  const bump = monotone ? 0 : (a % 3) * 900;
  const p99Ms = Math.max(0, 9_000 - 1_000 * Math.floor(a / 5) - 500 * b + bump);
  const slackMs = LIMIT_MS - p99Ms;
  const verdict = p99Ms < LIMIT_MS ? ('pass' as const) : ('fail' as const);
  const limits = [{ limit: 'p99', verdict, observed: `${p99Ms}`, slackMs }];
  return { p99Ms, originPerS: 100 * b, latencyMs: 10_000, cases: [{ name: 'cut', limits }] };
}

async function hunted(monotone: boolean) {
  let plays = 0;
  const found = await hunt({
    space,
    designs: DESIGNS,
    agents: [400, 4_000],
    play: async (designs) => {
      plays += designs.length;
      return designs.map((design) => figuresOf(design, monotone));
    },
  });
  const front = findFront(found.seen.filter(({ holds }) => holds));
  const all = DESIGNS.map((design) => seenDesign(space, design, figuresOf(design, monotone)));
  return { ...found, plays, front, whole: findFront(all.filter(({ holds }) => holds)) };
}

describe('a hunt', () => {
  test('bisects a knob that is monotone, and finds the whole front', async () => {
    const { bisected, front, whole, played, rungs } = await hunted(true);
    expect(bisected).toMatchObject({ knob: 'a', contexts: 3 });
    expect(played).toBeLessThan(space.size - 50);
    expect(front).toEqual(whole);
    expect(front.length).toBeGreaterThan(3);
    expect(rungs.map(({ agents }) => agents)).toEqual([400, 4_000]);
    expect(rungs[1]!.designs).toBeLessThan(rungs[0]!.designs);
  });

  test('plays every value of a knob that is not', async () => {
    const { bisected, front, whole, played } = await hunted(false);
    expect(bisected).toBeUndefined();
    expect(played).toBe(space.size);
    expect(front).toEqual(whole);
  });

  test.each([true, false])(
    'in four parts plays what the whole needs, and hardly anything twice (monotone: %s)',
    async (monotone) => {
      const known = new Map<string, number>();
      const record = async (designs: readonly number[], agents: number) => {
        for (const design of designs) {
          const key = `${agents} ${design}`;
          known.set(key, (known.get(key) ?? 0) + 1);
        }
        return designs.map((design) => figuresOf(design, monotone));
      };
      const common = { space, designs: DESIGNS, agents: [400, 4_000] };
      const ladders = listLadders(space, DESIGNS);
      for (const part of [0, 1, 2, 3]) {
        const own = new Set(ladders.filter((_, at) => at % 4 === part).flat());
        await hunt({ ...common, play: record, own });
      }
      let [fresh, plays] = [0, 0];
      await hunt({
        ...common,
        play: async (designs, agents) => {
          plays += designs.length;
          fresh += designs.filter((design) => !known.has(`${agents} ${design}`)).length;
          return designs.map((design) => figuresOf(design, monotone));
        },
      });
      const checked = 3 * space.knobs[0]!.values.length;
      const played = [...known.values()].reduce((sum, times) => sum + times, 0);
      expect(fresh).toBeLessThan(plays / 5);
      expect(played).toBeLessThan(plays * 1.5 + 3 * checked);
    },
  );

  test('no design of a front is beaten in everything, and whoever is not on it is', async () => {
    const { whole, seen } = await hunted(false);
    const beats = (a: DesignSeen, b: DesignSeen) =>
      a.cost <= b.cost && a.p99Ms <= b.p99Ms && a.originPerS <= b.originPerS;
    for (const one of whole)
      expect(whole.filter((other) => beats(other, one)).map(({ design }) => design)).toEqual([
        one.design,
      ]);
    for (const one of seen.filter(({ holds }) => holds))
      expect(whole.some((other) => beats(other, one))).toBe(true);
  });

  test('one step the wrong way is enough not to be monotone', () => {
    const ladder = [0, 5, 10].map((a) => seenDesign(space, a * 6, figuresOf(a * 6, true)));
    expect(areMonotone([ladder])).toBe(true);
    expect(areMonotone([ladder, [ladder[2]!, ladder[0]!]])).toBe(false);
  });
});

describe('the shortest killer', () => {
  const broken = (kills: (ms: number) => boolean) => async (ms: number) =>
    kills(ms) ? 'p99' : undefined;

  test('is found to a hundredth, with the longest that holds', async () => {
    const { killsMs, holdsMs, longerThatHold } = await shortestKiller(
      { case: 'cut' },
      600_000,
      broken((ms) => ms >= 37_123),
    );
    expect(killsMs).toBeGreaterThanOrEqual(37_123);
    expect(holdsMs).toBeLessThan(37_123);
    expect(killsMs! - holdsMs).toBeLessThanOrEqual(372);
    expect(longerThatHold).toEqual([]);
  });

  test('is none where no length breaks anything', async () => {
    expect(
      await shortestKiller(
        { case: 'cut' },
        60_000,
        broken(() => false),
      ),
    ).toMatchObject({
      killsMs: undefined,
      holdsMs: 60_000,
    });
  });

  test('says so where a longer one breaks nothing', async () => {
    const found = await shortestKiller(
      { case: 'cut' },
      60_000,
      broken((ms) => ms > 3_000 && ms < 20_000),
    );
    expect(found.killsMs).toBeLessThan(3_100);
    expect(found.longerThatHold).toEqual([32_000, 60_000]);
  });
});

test('every fault and window is a case of its own, with what waits for it', async () => {
  const scenario = await loadScenario('scenarios/drills/restart-during-loss.yaml');
  const cases = casesIn(scenario);
  expect(cases.map(({ name }) => name)).toEqual(['cut']);
  expect(cases[0]!.scenario.faults).toHaveLength(scenario.faults.length);
  const longer = lasting(cases[0]!, 77_000);
  expect(longer.faults[0]!.length).toEqual({ fromMs: 77_000, toMs: 77_000 });
  const night = await loadScenario('scenarios/incidents/orange-2025-09-12.yaml');
  expect(plan(lasting(casesIn(night)[0]!, 77_000), { compress: 1, seed: 1 }).disruptMs).toBe(
    77_000,
  );
});
